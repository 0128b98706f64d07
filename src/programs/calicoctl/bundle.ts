import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { unseal } from './code-cache.js';
import { keepAtExit, keptCache } from './kept-caches.js';

/** What the bundle offers to the launcher. */
export interface Bundle {
  /** Runs a command, and ends the process when it is done. */
  run(command: string, args: readonly string[]): Promise<void>;
}

type Wrapped = (exports: object, require: NodeJS.Require, module: { exports: object }, filename: string, dirname: string) => void;

/** The file of a bundle. */
export function bundleFile(folder: string, bundle: string): string {
  return join(folder, `calicoctl-${bundle}.js`);
}

/** The name of the file that holds V8's code cache of a command. */
export function cacheName(command: string): string {
  return `${command.replaceAll(' ', '-')}.bin`;
}

/** The file that holds V8's code cache of a command, made by the build. */
export function cacheFile(folder: string, command: string): string {
  return join(folder, 'cache', cacheName(command));
}

/**
 * Loads a bundle with the code cache of a command, of the build or of an earlier use. Without a cache, or with one that was not made of
 * this bundle by this Node, V8 compiles again: slower, with the same result (reference/speed 2.2).
 */
export function loadBundle(folder: string, bundle: string, command: string): Bundle {
  const filename = bundleFile(folder, bundle);
  const source = readFileSync(filename);
  const built = unseal(readIfThere(cacheFile(folder, command)), source);
  const kept = built === undefined ? keptCache(cacheName(command), source) : undefined;
  // The bundle is ASCII, which latin1 reads without looking at every byte.
  const script = new Script(source.toString('latin1'), { filename, cachedData: built ?? kept?.cache });
  if (built === undefined) keepAtExit(script, cacheName(command), source, kept);
  const module = { exports: {} };
  (script.runInThisContext() as Wrapped)(module.exports, createRequire(filename), module, filename, folder);
  return module.exports as Bundle;
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
