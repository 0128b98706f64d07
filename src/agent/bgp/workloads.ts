import { watch, type FSWatcher } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../base/make-folder.js';
import { localWorkload } from '../../bgp/bird/workload.js';
import type { LocalWorkload } from '../../bgp/network.js';

/** Changes that the kernel did not tell of, as where the folder was made anew, are found at least this often. */
const LOOK_AGAIN_MS = 30_000;

/** The workloads whose status files name a BGPPeer, in the order of the files' names. A file that is just being written is left out: it is told of again. */
export async function readWorkloads(folder: string): Promise<readonly LocalWorkload[]> {
  const names = await readdir(folder).catch(() => []);
  const workloads = await Promise.all(names.sort().map((name) => readWorkload(join(folder, name))));
  return workloads.filter((workload) => workload !== undefined);
}

async function readWorkload(path: string): Promise<LocalWorkload | undefined> {
  try {
    return localWorkload(await readFile(path, 'utf8'));
  } catch {
    // It went meanwhile, or is no JSON yet.
    return undefined;
  }
}

/** Calls back after every change in the folder, which is made where it is missing, until the signal is aborted. */
export function watchWorkloads(folder: string, signal: AbortSignal, onChange: () => void): void {
  let watcher: FSWatcher | undefined;
  const begin = (): void => {
    watcher?.close();
    if (signal.aborted) return;
    try {
      makeFolder(folder);
      watcher = watch(folder, onChange).on('error', () => undefined);
    } catch {
      // It cannot be watched; it is looked at again all the same.
    }
    onChange();
  };
  const timer = setInterval(begin, LOOK_AGAIN_MS);
  signal.addEventListener('abort', () => {
    clearInterval(timer);
    watcher?.close();
  });
  setImmediate(begin);
}
