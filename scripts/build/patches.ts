import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { OnLoadResult, Plugin } from 'esbuild';
import { etcd3Folder } from './wire-table.js';

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

/** oclif checks folder and Node's version at import, which loads semver, and opens stdout at once to swallow EPIPE, which our own writing does. */
function patchOclif(source: string, file: string): string {
  if (file.endsWith('/lib/index.js')) return replaceIn(lazyRequires(source), file, /^checkCWD\(\);\ncheckNodeVersion\(\);$/m, '');
  if (file.endsWith('/lib/command.js')) return replaceIn(lazyRequires(source), file, /^process\.stdout\.on\('error', \(err\) => \{[^]*?^\}\);$/m, '');
  return lazyRequires(source);
}

/** `net.isIPv6` compiles a huge expression, 8 ms per process; what has no colon need not be asked (reference/speed 3.1). */
function patchGrpc(source: string, file: string): string {
  if (!source.includes('(0, net_1.isIPv6)(')) return lazyRequires(source);
  const head = 'const isIPv6$ = (host) => host.includes(":") && require("net").isIPv6(host);\n';
  return head + lazyRequires(replaceIn(source, file, /\(0, net_1\.isIPv6\)\(/g, 'isIPv6$('));
}

function loadPatched(patch: (source: string, file: string) => string): (args: { path: string }) => OnLoadResult {
  return ({ path }) => ({ contents: patch(readFileSync(path, 'utf8'), path), loader: 'js' });
}

/** What is changed in libraries on their way into the bundle; docs/decisions/0006-bundle-and-code-caches.md has the gain. */
export function patches(): Plugin {
  const runtime = join(import.meta.dirname, 'runtime');
  const wire = join(import.meta.dirname, '../../src/datastore/etcd/wire');
  const etcd3 = etcd3Folder();
  const grpcIndex = createRequire(join(etcd3, 'lib', 'index.js')).resolve('@grpc/grpc-js');
  return {
    name: 'patches',
    setup(build) {
      build.onLoad({ filter: /\/@oclif\/core\/lib\/.*\.js$/ }, loadPatched(patchOclif));
      build.onLoad({ filter: /\/@grpc\/grpc-js\/build\/src\/.*\.js$/ }, loadPatched(patchGrpc));
      build.onLoad({ filter: /\/(?:cockatiel\/dist|etcd3\/lib)\/.*\.js$/ }, loadPatched(lazyRequires));
      build.onResolve({ filter: /^@grpc\/grpc-js$/ }, () => ({ path: join(runtime, 'grpc.cjs') }));
      build.onResolve({ filter: /^grpc-js-part:/ }, ({ path }) => ({ path: join(dirname(grpcIndex), `${path.slice('grpc-js-part:'.length)}.js`) }));
      build.onResolve({ filter: /^@grpc\/proto-loader$/ }, () => ({ path: join(wire, 'services.ts') }));
      build.onResolve({ filter: /^\.\/wire\/etcd3\.js$/ }, () => ({ path: join(etcd3, 'lib', 'index.js') }));
      build.onResolve({ filter: /^wsl-utils$/ }, () => ({ path: join(runtime, 'wsl-utils.ts') }));
      // What oclif needs to run commands from TypeScript sources, to look for plugins on the disk, to write help and to draw spinners: the build
      // has done all that, and V8 would pay for the functions.
      build.onResolve({ filter: /^(?:typescript|tinyglobby|minimatch|lilconfig|ejs|cli-spinners)$/ }, () => ({ path: 'nothing', namespace: 'generated' }));
      build.onLoad({ filter: /^nothing$/, namespace: 'generated' }, () => ({ contents: '', loader: 'js' }));
    },
  };
}
