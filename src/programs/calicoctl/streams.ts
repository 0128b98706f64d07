import { writeSync } from 'node:fs';

const RETRY_MS = 2;

/**
 * Writes text to a file descriptor before it returns. A stream of Node's would cost several milliseconds to set up.
 * Somebody who stopped reading (`| head`) is not an error.
 */
export function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') return;
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    }
  }
}
