import { closeSync, constants, createReadStream, fstatSync, openSync, readFileSync } from 'node:fs';
import { CalicoError } from '../base/errors.js';
import { LIMITS } from './limits.js';

/** Where the bytes of standard input come from: `process.stdin`, in practice. */
export type ByteStream = AsyncIterable<Uint8Array | string>;

const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/**
 * Reads a file that may be a pipe, a terminal or a device. `count` is told of each piece's bytes before it is kept, and may throw.
 * No thread waits for them, neither in `open` nor in `read`: it would keep the process from ending at Ctrl-C. Rejects with
 * Node's own errors, or as `count` does.
 */
export async function readAnything(path: string, count: (bytes: number) => void): Promise<Buffer> {
  const descriptor = openSync(path, FLAGS);
  const stats = fstatSync(descriptor);
  if (!stats.isFile()) return collect(stats.isFIFO() ? await pipeAt(descriptor) : await deviceAt(descriptor), count);
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
export async function collect(stream: ByteStream, count: (bytes: number) => void): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    count(chunk.length);
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks);
}

async function pipeAt(descriptor: number): Promise<ByteStream> {
  const { Socket } = await import('node:net');
  return new Socket({ fd: descriptor, readable: true, writable: false });
}

async function deviceAt(descriptor: number): Promise<ByteStream> {
  const { isatty, ReadStream } = await import('node:tty');
  return isatty(descriptor) ? new ReadStream(descriptor) : createReadStream('', { fd: descriptor });
}
