import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { READ_ANYTHING, streamAt, type ByteStream } from '../base/byte-stream.js';
import { CalicoError } from '../base/errors.js';
import { LIMITS } from './limits.js';

/**
 * Reads a file that may be a pipe, a terminal or a device. `count` is told of each piece's bytes before it is kept, and may throw.
 * Rejects with Node's own errors, or as `count` does.
 */
export async function readAnything(path: string, count: (bytes: number) => void): Promise<Buffer> {
  const descriptor = openSync(path, READ_ANYTHING);
  const stats = fstatSync(descriptor);
  if (!stats.isFile()) return readWhole(await streamAt(descriptor), count);
  // At once: streams take longer to load than a small file to read.
  try {
    count(stats.size);
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** As readAnything, of up to 128 MiB. Rejects with Node's own errors, or CalicoError for more. */
export async function readInput(path: string): Promise<Buffer> {
  let total = 0;
  return readAnything(path, (bytes) => {
    total += bytes;
    if (total > LIMITS.totalBytes) throw new CalicoError('invalid-document', `${path}: larger than ${LIMITS.totalBytes / 1024 / 1024} MiB`);
  });
}

/** Takes a stream whole; `count` as for readAnything. */
export async function readWhole(stream: ByteStream, count: (bytes: number) => void): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    count(chunk.length);
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks);
}
