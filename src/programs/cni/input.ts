import { readSync } from 'node:fs';

const CHUNK = 65_536;
/** More than any configuration; what is larger is not read to its end. */
const LONGEST = 16 * 1024 * 1024;
const PAUSE_MS = 2;

/**
 * All that stands on stdin, up to the end of it or a limit, as text. A stream of Node's would cost several milliseconds to set up. Where
 * there is no stdin, it is empty.
 */
export function readInput(): string {
  const chunks: Buffer[] = [];
  let length = 0;
  while (length < LONGEST) {
    const chunk = Buffer.allocUnsafe(CHUNK);
    const read = readChunk(chunk);
    if (read === 0) break;
    chunks.push(chunk.subarray(0, read));
    length += read;
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Waits where stdin does not wait by itself. */
function readChunk(chunk: Buffer): number {
  for (;;) {
    try {
      return readSync(0, chunk, 0, chunk.length, null);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EAGAIN') return 0;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}
