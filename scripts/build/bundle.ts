import { join } from 'node:path';
import { build, type BuildOptions, type Metafile, type Plugin } from 'esbuild';
import { bundleName } from '../../src/programs/calicoctl/build-files.js';
import { COMPLETE } from '../../src/cli/completion/facts.js';
import { commitOf } from './commit.js';
import type { BuiltCommand } from './commands.js';
import { patches } from './patches.js';

export interface BundleInput {
  readonly root: string;
  /** Where the result goes. */
  readonly folder: string;
  readonly commands: readonly BuiltCommand[];
  readonly names: Readonly<Record<string, string>>;
  readonly facts: { readonly name: string; readonly version: string; readonly oclif: object };
}

const COMMON: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'cjs',
  charset: 'ascii',
  legalComments: 'none',
  logLevel: 'warning',
  treeShaking: true,
  metafile: true,
};

/** Builds `launch.js`, the small file that is always read, and a file for each group of commands, for what completion looks up, for the agent, for the network plugins and for labs, with all they need; each with its source map. Returns what is in them. */
export async function bundle(input: BundleInput): Promise<readonly Metafile[]> {
  const { folder } = input;
  const bundles = [...new Set(input.commands.map((command) => command.bundle))];
  const built = await Promise.all([
    build({ ...launcher(input), outfile: join(folder, 'launch.js') }),
    build({ ...launcher(input, [embedded]), outfile: join(folder, 'embedded/launch.js') }),
    ...bundles.map((name) => build(wrapped(name, entryModule(name, input), input))),
    build(wrapped(COMPLETE, LOOK_UP_MODULE, input)),
    build(agent(input)),
    ...cni(input).map((each) => build(each)),
    build(lab(input)),
  ]);
  return built.flatMap(({ metafile }) => metafile ?? []);
}

function launcher(input: BundleInput, plugins: readonly Plugin[] = []): BuildOptions {
  return {
    ...COMMON,
    absWorkingDir: input.root,
    minify: true,
    entryPoints: [join(input.root, 'src/programs/calicoctl/launch.ts')],
    sourcemap: 'linked',
    sourcesContent: false,
    plugins: [generated('names', namesModule(input)), ...plugins],
  };
}

/** `agent.js`, what the container of a node runs: one file, which holds neither oclif nor a command. */
export function agent({ root, folder, facts }: ProgramInput): BuildOptions {
  return {
    ...COMMON,
    absWorkingDir: root,
    minifyWhitespace: true,
    minifySyntax: true,
    entryPoints: [join(root, 'src/programs/agent/main.ts')],
    outfile: join(folder, 'agent.js'),
    sourcemap: 'linked',
    sourcesContent: false,
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': '__filename' },
    plugins: [patches(), releaseModule('agent-facts', root, facts)],
  };
}

type ProgramInput = Pick<BundleInput, 'root' | 'folder' | 'facts'>;

/** The network plugins: `cni.js`, which a container runtime starts, and the bundle that it loads. */
export function cni(input: ProgramInput): readonly BuildOptions[] {
  const { root, folder, facts } = input;
  const plugins = wrapped('cni', CNI_MODULE, input);
  const launcher: BuildOptions = { ...COMMON, absWorkingDir: root, minify: true, entryPoints: [join(root, 'src/programs/cni/launch.ts')], outfile: join(folder, 'cni.js'), sourcemap: 'linked', sourcesContent: false };
  return [launcher, { ...plugins, plugins: [...(plugins.plugins ?? []), releaseModule('cni-facts', root, facts)] }];
}

const CNI_MODULE = "export { run } from './src/programs/cni/main.ts';";

/** A module that says which release and which commit this is. */
function releaseModule(name: string, root: string, { version }: BundleInput['facts']): Plugin {
  return generated(name, `export const version = ${JSON.stringify(version)}; export const commit = ${JSON.stringify(commitOf(root))};`);
}

/** `lab.js`, what runs inside of a lab: the keeper, and what sends packets. */
export function lab({ root, folder }: Pick<BundleInput, 'root' | 'folder'>): BuildOptions {
  return {
    ...COMMON,
    absWorkingDir: root,
    minifyWhitespace: true,
    minifySyntax: true,
    entryPoints: [join(root, 'src/programs/lab/main.ts')],
    outfile: join(folder, 'lab.js'),
    sourcemap: 'linked',
    sourcesContent: false,
  };
}

/** What the launcher reads is inside the executable (scripts/package/executable.ts). */
const embedded: Plugin = {
  name: 'calicoctl:embedded',
  setup: (builder) => builder.onResolve({ filter: /^\.\/own-files\.js$/ }, ({ resolveDir }) => ({ path: join(resolveDir, 'own-files-embedded.ts') })),
};

/** What completion looks up. */
const LOOK_UP_MODULE = "export { lookUp } from './src/cli/completion/live/look-up.ts';";

/** A bundle of what a module needs, to be called as a function. */
function wrapped(name: string, contents: string, { root, folder }: Pick<BundleInput, 'root' | 'folder'>): BuildOptions {
  return {
    ...COMMON,
    absWorkingDir: root,
    minifyWhitespace: true,
    minifySyntax: true,
    stdin: { contents, resolveDir: root, sourcefile: 'bundle-entry.ts', loader: 'ts' },
    outfile: join(folder, bundleName(name)),
    sourcemap: 'linked',
    sourcesContent: false,
    // The launcher calls the file as a function, so that it can be given a code cache.
    banner: { js: '(function (exports, require, module, __filename, __dirname) {' },
    footer: { js: '})' },
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': '__filename' },
    plugins: [patches()],
  };
}

function namesModule({ root, names, commands, facts }: BundleInput): string {
  const bundles = Object.fromEntries(commands.map((command) => [command.name, command.bundle]));
  return `export const names = ${JSON.stringify(names)}; export const bundles = ${JSON.stringify(bundles)}; export const version = ${JSON.stringify(facts.version)}; export const commit = ${JSON.stringify(commitOf(root))};`;
}

/** Every command behind a function: its modules are initialised only when it is called. */
function entryModule(bundle: string, { root, commands, facts }: BundleInput): string {
  const loaders = commands.filter((command) => command.bundle === bundle).map(({ name, file }) => `${JSON.stringify(name)}: () => import(${JSON.stringify(file)}),`);
  return `
    import { runCommand } from ${JSON.stringify(join(root, 'src/programs/calicoctl/main.ts'))};
    const loaders = {${loaders.join('\n')}};
    const facts = { ...${JSON.stringify(facts)}, root: __dirname };
    export const run = (command: string, args: string[]) => runCommand(facts, loaders, command, args);`;
}

function generated(name: string, contents: string): Plugin {
  return {
    name: `calicoctl:${name}`,
    setup(builder) {
      builder.onResolve({ filter: new RegExp(`^calicoctl:${name}$`) }, ({ path }) => ({ path, namespace: 'generated' }));
      builder.onLoad({ filter: /.*/, namespace: 'generated' }, () => ({ contents, loader: 'js' }));
    },
  };
}
