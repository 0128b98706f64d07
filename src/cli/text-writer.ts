import { constants, fstatSync, openSync, write as writeInThread, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { CalicoError } from '../base/errors.js';

/** Text is collected until there are this many characters. */
const PIECE_LENGTH = 65_536;
/** How long to wait for a full pipe, at first and at most, in milliseconds. */
const WAITS = { first: 1, longest: 16 } as const;
/** How long a reader may not read before it is given up, where nobody waits for the output any more, in milliseconds. */
const ABANDONED_MS = 150;
/** The same in the middle of a line, which would stay torn. */
const TORN_MS = 2000;
/** A pipe takes that many bytes at once or none of them (PIPE_BUF of pipe(7)). */
const PIPE_AT_ONCE = 4096;

/** Whoever read the output went away (`| head`): no error, but nothing more need be done. */
export class ReaderGone extends Error {
  constructor() {
    super('the reader of the output is gone');
    this.name = 'ReaderGone';
  }
}

/**
 * Writes text to a file descriptor in pieces, and waits where the reader is slow: without blocking the process, so
 * that timers, signals and connections live on. Costs far less to set up than a stream of Node's (reference/speed 2.1).
 * `write` and `flush` throw ReaderGone when the reader is gone, and CalicoError when the output cannot be written.
 * Every promise they return must have settled before the next call.
 */
export class TextWriter {
  private collected = '';
  private sink: Sink | undefined;

  /**
   * @param descriptor 1 for stdout, 2 for stderr
   * @param isAbandoned whether a reader that does not read is not worth waiting for any more, since the command was interrupted
   */
  constructor(
    private readonly descriptor: number,
    private readonly isAbandoned: () => boolean = () => false,
  ) {}

  /** Takes text. A promise is returned only where the reader must be waited for. */
  write(text: string): void | Promise<void> {
    this.collected += text;
    return this.collected.length < PIECE_LENGTH ? undefined : this.flush();
  }

  /** Writes what has been collected. */
  async flush(): Promise<void> {
    const bytes = Buffer.from(this.collected);
    this.collected = '';
    await this.put(bytes, ABANDONED_MS);
  }

  /** Writes whole lines, at once. None is torn, also where the command is interrupted and the reader is slow: one that was begun is given time to be finished. */
  async writeLines(text: string): Promise<void> {
    await this.flush();
    for (const piece of wholeLines(text)) await this.put(piece, TORN_MS);
  }

  /** Writes bytes; what was begun is finished within a time, once nobody waits for it any more. */
  private async put(bytes: Buffer, finishMs: number): Promise<void> {
    if (bytes.length === 0) return;
    try {
      this.sink ??= sinkOf(this.descriptor);
      for (let at = 0; at < bytes.length; ) at += await writeWhenPossible(this.sink, bytes.subarray(at), this.isAbandoned, at === 0 ? ABANDONED_MS : finishMs);
    } catch (error) {
      throw failure(error as NodeJS.ErrnoException);
    }
  }
}

/** Text in pieces that are no longer than a pipe takes at once, and end with a line; a longer line is a piece of its own. */
function* wholeLines(text: string): Generator<Buffer> {
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; ) {
    const most = bytes.lastIndexOf('\n', start + PIPE_AT_ONCE - 1) + 1;
    const end = start + PIPE_AT_ONCE >= bytes.length ? bytes.length : most > start ? most : bytes.indexOf('\n', start) + 1 || bytes.length;
    yield bytes.subarray(start, end);
    start = end;
  }
}

/** Writes some of the bytes and says how many. */
type Sink = (bytes: Buffer) => number | Promise<number>;

/** How to write to what the descriptor is, so that a slow reader never stops the process. */
function sinkOf(descriptor: number): Sink {
  const kind = fstatSync(descriptor);
  const own = kind.isFIFO() ? ownPipeEnd(descriptor) : undefined;
  if (own !== undefined) return (bytes) => writeSync(own, bytes);
  if (!kind.isFIFO() && !kind.isSocket()) return (bytes) => writeSync(descriptor, bytes);
  return async (bytes) => (await promisify(writeInThread)(descriptor, bytes)).bytesWritten;
}

/**
 * The same pipe, opened once more so as not to block: setting the flag on the descriptor itself would set it for
 * every other process that shares it. Undefined where the system does not allow it.
 */
function ownPipeEnd(descriptor: number): number | undefined {
  try {
    return openSync(`/proc/self/fd/${descriptor}`, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}

async function writeWhenPossible(sink: Sink, bytes: Buffer, isAbandoned: () => boolean, longestMs: number): Promise<number> {
  let waited = 0;
  for (let wait: number = WAITS.first; ; wait = Math.min(wait * 2, WAITS.longest)) {
    try {
      return await sink(bytes);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
    waited = isAbandoned() ? waited + wait : 0;
    if (waited > longestMs) throw new ReaderGone();
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'no space left on the device',
  EBADF: 'it is closed, or open for reading only',
  EIO: 'the device reports an error',
  EFBIG: 'the file has become too large',
};

function failure(error: NodeJS.ErrnoException): Error {
  if (error.code === 'EPIPE') return new ReaderGone();
  return new CalicoError('failed', `cannot write the output: ${REASONS[error.code ?? ''] ?? error.message}`);
}
