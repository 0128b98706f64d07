import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Heap in use, in bytes, below which nothing needs to be freed, and what may come to it between two times. */
const SMALL = 128 * 1024 * 1024;
const GROWTH = 48 * 1024 * 1024;

let collect: (() => void) | undefined;
let usedBefore = 0;

/**
 * Frees what is no longer used, once much has come to it. Left to itself V8 lets a heap grow to several times what is in use
 * before it looks, on a machine with much memory; who reads very much at once calls this now and then.
 */
export function tidyUp(): void {
  const used = getHeapStatistics().used_heap_size;
  if (used < Math.max(SMALL, usedBefore + GROWTH)) return;
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
  usedBefore = getHeapStatistics().used_heap_size;
}
