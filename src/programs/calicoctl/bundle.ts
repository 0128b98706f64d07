import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { bundleName, cacheName } from './build-files.js';
import { unseal } from './code-cache.js';
import { keepAtExit, keptCache } from './kept-caches.js';
import { OWN_FOLDER, readOwn } from './own-files.js';

/** What the bundle offers to the launcher. */
export interface Bundle {
  /** Runs a command, and ends the process when it is done. */
  run(command: string, args: readonly string[]): Promise<void>;
}

type Wrapped = (exports: object, require: NodeJS.Require, module: { exports: object }, filename: string, dirname: string) => void;

/**
 * Loads a bundle with the code cache of a command, of the build or of an earlier use. Without a cache, or with one that was not made of
 * this bundle by this Node, V8 compiles again: slower, with the same result (reference/speed 2.2). Where it `keeps`, the
 * next use finds what V8 compiled.
 */
export function loadBundle<Offered = Bundle>(bundle: string, command: string, { keeps = true }: { readonly keeps?: boolean } = {}): Offered {
  const filename = join(OWN_FOLDER, bundleName(bundle));
  const source = readOwn(bundleName(bundle));
  const file = cacheName(command);
  const built = unseal(readIfThere(`cache/${file}`), source);
  const kept = built === undefined && keeps ? keptCache(file, source) : undefined;
  // The bundle is ASCII, which latin1 reads without looking at every byte.
  const script = new Script(source.toString('latin1'), { filename, cachedData: built ?? kept?.cache });
  if (built === undefined && keeps) keepAtExit(script, file, source, kept);
  const module = { exports: {} };
  (script.runInThisContext() as Wrapped)(module.exports, createRequire(filename), module, filename, OWN_FOLDER);
  return module.exports as Offered;
}

function readIfThere(name: string): Buffer | undefined {
  try {
    return readOwn(name);
  } catch {
    return undefined;
  }
}
