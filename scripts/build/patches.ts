import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin, PluginBuild } from 'esbuild';
import { etcd3Folder } from './wire-table.js';

/** A change of a library on its way into the bundle. docs/build.md says of each what it saves, and how to do without it. */
interface Patch {
  readonly name: string;
  /** The files that `change` is for. */
  readonly files?: RegExp;
  readonly change?: (source: string, file: string) => string;
  /** A module that another takes the place of: the file of that, or undefined for an empty one. */
  readonly module?: RegExp;
  readonly standIn?: () => string | undefined;
}

/** Replaces a text, and fails where it is not there: the library has changed, and the patch must be looked at again. */
function replaceIn(source: string, file: string, search: string | RegExp, replacement: string): string {
  const changed = source.replace(search, replacement);
  if (changed === source) throw new Error(`${file}: nothing to patch, ${String(search)} is not there any more`);
  return changed;
}

/**
 * Makes the imports of a module that TypeScript compiled to CommonJS happen at their first use: `const x_1 = require('y')` becomes a function,
 * and every `x_1` a call of it (reference/speed 2.3). Imports under names without TypeScript's number are ordinary words and stay as they are.
 */
export function lazyRequires(source: string): string {
  const imports = /^(?:const|var|let) (\w+_\d+) = ((?:__importDefault\(|__importStar\(|tslib_1\.\w+\()?require\(("[^"]+")\)\)?);$/gm;
  const names: string[] = [];
  const declared = source.replace(imports, (_, name: string, value: string) => {
    names.push(name);
    return `let ${name}$; function ${name}$get() { return ${name}$ ?? (${name}$ = ${value}); }`;
  });
  const reexported = declared.replace(/^exports\.(\w+) = (__importStar\(require\("[^"]+"\)\));$/gm, 'Object.defineProperty(exports, "$1", { enumerable: true, get: () => $2 });');
  if (names.length === 0) return reexported;
  return reexported.replace(new RegExp(`(?<![\\w$.])(?:${names.join('|')})(?![\\w$])`, 'g'), '($&$get())');
}

/** `net.isIPv6` compiles a huge expression; what has no colon need not be asked (reference/speed 3.1). */
function askLessForIpv6(source: string, file: string): string {
  if (!source.includes('(0, net_1.isIPv6)(')) return source;
  const head = 'const isIPv6$ = (host) => host.includes(":") && require("net").isIPv6(host);\n';
  return head + replaceIn(source, file, /\(0, net_1\.isIPv6\)\(/g, 'isIPv6$(');
}

const RUNTIME = join(import.meta.dirname, 'runtime');
const WIRE = join(import.meta.dirname, '../../src/datastore/etcd/wire');
const ETCD3 = join(etcd3Folder(), 'lib', 'index.js');
const GRPC = dirname(createRequire(ETCD3).resolve('@grpc/grpc-js'));

/** In the order in which they change a file. */
export const PATCHES: readonly Patch[] = [
  {
    name: 'oclif-checks',
    files: /\/@oclif\/core\/lib\/index\.js$/,
    change: (source, file) => replaceIn(source, file, /^checkCWD\(\);\ncheckNodeVersion\(\);$/m, ''),
  },
  {
    name: 'oclif-stdout',
    files: /\/@oclif\/core\/lib\/command\.js$/,
    change: (source, file) => replaceIn(source, file, /^process\.stdout\.on\('error', \(err\) => \{[^]*?^\}\);$/m, ''),
  },
  { name: 'oclif-extras', module: /^(?:typescript|tinyglobby|minimatch|lilconfig|ejs|cli-spinners)$/, standIn: () => undefined },
  { name: 'oclif-wsl', module: /^wsl-utils$/, standIn: () => join(RUNTIME, 'wsl-utils.ts') },
  { name: 'oclif-imports', files: /\/@oclif\/core\/lib\/.*\.js$/, change: lazyRequires },
  { name: 'grpc-parts', module: /^@grpc\/grpc-js$/, standIn: () => join(RUNTIME, 'grpc.cjs') },
  { name: 'grpc-ipv6', files: /\/@grpc\/grpc-js\/build\/src\/.*\.js$/, change: askLessForIpv6 },
  { name: 'etcd3-codec', module: /^@grpc\/proto-loader$/, standIn: () => join(WIRE, 'services.ts') },
];

/** Puts some patches into a bundle; all of them, unless others are named. */
export function patches(chosen: readonly Patch[] = PATCHES): Plugin {
  return {
    name: 'patches',
    setup(build) {
      for (const { module, standIn } of chosen) {
        if (module === undefined) continue;
        const file = standIn?.();
        build.onResolve({ filter: module }, () => (file === undefined ? { path: 'nothing', namespace: 'generated' } : { path: file }));
      }
      build.onLoad({ filter: /^nothing$/, namespace: 'generated' }, () => ({ contents: '', loader: 'js' }));
      build.onLoad({ filter: /\/node_modules\/.*\.js$/ }, ({ path }) => changed(path, chosen));
      resolveOwn(build);
    },
  };
}

function changed(path: string, chosen: readonly Patch[]): { contents: string; loader: 'js' } | undefined {
  const wanted = chosen.flatMap(({ files, change }) => (change !== undefined && files?.test(path) === true ? [change] : []));
  return wanted.length === 0 ? undefined : { contents: wanted.reduce((source, change) => change(source, path), readFileSync(path, 'utf8')), loader: 'js' };
}

/** What our own sources name: etcd3, which finds our codec by its patch and not by itself, and parts of grpc-js. */
function resolveOwn(build: PluginBuild): void {
  build.onResolve({ filter: /^\.\/wire\/etcd3\.js$/ }, () => ({ path: ETCD3 }));
  build.onResolve({ filter: /^grpc-js-part:/ }, ({ path }) => ({ path: join(GRPC, `${path.slice('grpc-js-part:'.length)}.js`) }));
}
