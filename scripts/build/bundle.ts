import { join } from 'node:path';
import { build, type BuildOptions, type Plugin } from 'esbuild';
import type { CommandFile } from './commands.js';
import { patches } from './patches.js';

export interface BundleInput {
  readonly root: string;
  /** Where the result goes. */
  readonly folder: string;
  readonly commands: readonly CommandFile[];
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
};

/** Builds `launch.js`, the small file that is always read, and `calicoctl.js`, everything else in one file with its source map. */
export async function bundle(input: BundleInput): Promise<void> {
  const { root, folder } = input;
  await Promise.all([
    build({
      ...COMMON,
      minify: true,
      entryPoints: [join(root, 'src/bin/launch.ts')],
      outfile: join(folder, 'launch.js'),
      sourcemap: 'linked',
      sourcesContent: false,
      plugins: [generated('names', namesModule(input))],
    }),
    build({
      ...COMMON,
      minifyWhitespace: true,
      minifySyntax: true,
      stdin: { contents: entryModule(input), resolveDir: root, sourcefile: 'bundle-entry.ts', loader: 'ts' },
      outfile: join(folder, 'calicoctl.js'),
      sourcemap: 'linked',
      sourcesContent: false,
      // The launcher calls the file as a function, so that it can be given a code cache.
      banner: { js: '(function (exports, require, module, __filename, __dirname) {' },
      footer: { js: '})' },
      supported: { 'dynamic-import': false },
      define: { 'import.meta.url': '__filename' },
      plugins: [patches()],
    }),
  ]);
}

function namesModule({ names, facts }: BundleInput): string {
  return `export const names = ${JSON.stringify(names)}; export const version = ${JSON.stringify(facts.version)};`;
}

/** Every command behind a function: its modules are initialised only when it is called. */
function entryModule({ root, commands, facts }: BundleInput): string {
  const loaders = commands.map(({ name, file }) => `${JSON.stringify(name)}: () => import(${JSON.stringify(file)}),`);
  return `
    import { runCommand } from ${JSON.stringify(join(root, 'src/bin/main.ts'))};
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
