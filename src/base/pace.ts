import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Resources worked on before others have their turn, and before it is time to look whether unused memory should be freed. */
const AT_ONCE = 500;
const MANY = 2_000;

/** Memory in use, in bytes, below which nothing needs to be freed, and what may come to it between two times. */
const SMALL = 112 * 1024 * 1024;
const GROWTH = 32 * 1024 * 1024;

let collect: (() => void) | undefined;
let usedBefore = 0;

/** Keeps long work on very many resources interruptible, and its memory small. */
export class Pace {
  #sincePause = 0;
  #sinceTidy = 0;

  /** Where there is a signal, a pause after it was given throws its reason. */
  constructor(private readonly signal?: AbortSignal) {}

  /** Works on each of many, with pauses in between. */
  async each<T>(items: Iterable<T>, work: (item: T) => void): Promise<void> {
    for (const item of items) {
      work(item);
      const pause = this.done();
      if (pause !== undefined) await pause;
    }
  }

  /** Takes note of work on so many resources. Where it is time for a pause there is something to wait for. */
  done(resources = 1): Promise<void> | undefined {
    this.#sincePause += resources;
    return this.#sincePause < AT_ONCE ? undefined : this.pause();
  }

  /** Lets whatever waits have its turn: an interruption, in the middle of long work. */
  pause(): Promise<void> {
    this.#sinceTidy += this.#sincePause;
    this.#sincePause = 0;
    if (this.#sinceTidy >= MANY) {
      this.#sinceTidy = 0;
      tidyUp();
    }
    return new Promise((resolve) => setImmediate(resolve)).then(() => this.signal?.throwIfAborted());
  }
}

/**
 * Frees what is no longer used, once much has come to it. Left to itself V8 lets a heap grow to several times what is in use
 * before it looks, on a machine with much memory.
 */
function tidyUp(): void {
  const used = memoryInUse();
  if (used < Math.max(SMALL, usedBefore + GROWTH)) return;
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
  usedBefore = memoryInUse();
}

/** The heap, and what it holds outside of itself, such as the bytes of answers. */
function memoryInUse(): number {
  const { used_heap_size: heap, external_memory: outside } = getHeapStatistics();
  return heap + outside;
}
