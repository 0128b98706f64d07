import { constants, createReadStream, fstatSync } from 'node:fs';

/** Where bytes come from piece by piece: standard input, a pipe, a device. */
export type ByteStream = AsyncIterable<Uint8Array | string>;

/** How a file of any sort is opened for reading, so that neither a pipe nor a device holds up `open`. */
export const READ_ANYTHING = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/**
 * The bytes of a pipe, a terminal or a device that was opened with READ_ANYTHING. No thread waits for them: it would keep the
 * process from ending at Ctrl-C.
 */
export async function streamAt(descriptor: number): Promise<ByteStream> {
  return fstatSync(descriptor).isFIFO() ? pipeAt(descriptor) : deviceAt(descriptor);
}

async function pipeAt(descriptor: number): Promise<ByteStream> {
  const { Socket } = await import('node:net');
  return new Socket({ fd: descriptor, readable: true, writable: false });
}

async function deviceAt(descriptor: number): Promise<ByteStream> {
  const { isatty, ReadStream } = await import('node:tty');
  return isatty(descriptor) ? new ReadStream(descriptor) : createReadStream('', { fd: descriptor });
}
