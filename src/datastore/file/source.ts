import { randomUUID } from 'node:crypto';
import { closeSync, fstatSync, openSync, read } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { READ_ANYTHING, streamAt, type ByteStream } from '../../base/byte-stream.js';
import { whyUnread } from '../../base/regular-file.js';
import { UnusableFile } from './damage.js';

const readAt = promisify(read);

const NEWLINE = 10;
/** What is read at a time, in bytes. */
const PIECE = 1024 * 1024;

/** A file that can be read in any order. */
export class Source {
  private closed = false;

  constructor(
    /** As it was named by the user. */
    readonly name: string,
    readonly size: number,
    private readonly descriptor: number,
  ) {}

  /** Some bytes; fewer only where the file ends. */
  async read(position: number, length: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(length, this.size - position)));
    let got = 0;
    while (got < buffer.length) {
      const { bytesRead } = await readAt(this.descriptor, buffer, got, buffer.length - got, position + got);
      if (bytesRead === 0) throw new UnusableFile(this.name, 'became shorter while it was read');
      got += bytesRead;
    }
    return buffer;
  }

  /** The whole lines of a part that begins and ends with one, in pieces of about a MiB, each with its place. */
  async *lines(from: number, to: number): AsyncGenerator<{ readonly bytes: Buffer; readonly at: number }> {
    let length = PIECE;
    for (let at = from; at < to; ) {
      const bytes = await this.read(at, Math.min(length, to - at));
      const end = bytes.lastIndexOf(NEWLINE) + 1;
      if (end === 0 && at + bytes.length >= to) throw new UnusableFile(this.name, 'is cut off in the middle of a line');
      length = end === 0 ? length * 2 : PIECE;
      if (end > 0) yield { bytes: bytes.subarray(0, end), at };
      at += end;
    }
  }

  /** Harmless when it is closed already. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    closeSync(this.descriptor);
  }
}

/**
 * Opens a file by its name; `-` is standard input. What can be read only once, such as a pipe, is kept in a temporary file
 * without a name as long as it is open. Throws UnusableFile.
 */
export async function openSource(path: string, stdin: ByteStream): Promise<Source> {
  if (path === '-') return spooled('standard input', stdin);
  let descriptor: number;
  try {
    descriptor = openSync(path, READ_ANYTHING);
  } catch (error) {
    throw new UnusableFile(path, whyUnread(error));
  }
  const stats = fstatSync(descriptor);
  if (stats.isFile()) return new Source(path, stats.size, descriptor);
  if (!stats.isDirectory()) return spooled(path, await streamAt(descriptor));
  closeSync(descriptor);
  throw new UnusableFile(path, 'is a directory');
}

async function spooled(name: string, stream: ByteStream): Promise<Source> {
  const path = join(tmpdir(), `calicoctl-${randomUUID()}`);
  const kept = <T>(work: Promise<T>): Promise<T> => work.catch((error: unknown) => {
    throw new UnusableFile(name, `cannot be kept in ${tmpdir()} while it is read: ${(error as Error).message}`, 'TMPDIR names another place for it; or give the file itself by its name');
  });
  const file = await kept(open(path, 'wx+', 0o600));
  try {
    await rm(path);
    let size = 0;
    for await (const piece of stream) {
      const bytes = Buffer.from(piece);
      await kept(file.appendFile(bytes));
      size += bytes.length;
    }
    // The handle would close the file once it is forgotten; the descriptor lives as long as the source does.
    return new Source(name, size, openSync(`/proc/self/fd/${file.fd}`, 'r'));
  } catch (error) {
    throw error instanceof UnusableFile ? error : new UnusableFile(name, `cannot be read: ${(error as Error).message}`);
  } finally {
    await file.close();
  }
}
