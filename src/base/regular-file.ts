import { closeSync, constants, fstatSync, openSync, readSync, statSync, type Stats } from 'node:fs';

/** The largest configuration or certificate file that is read, in bytes: ten times what a system's bundle of authorities has. */
export const SETTINGS_LIMIT = 4 * 1024 * 1024;

/** A file that is there and is not read; the message goes on after its name: "is a named pipe, ...". */
export class UnfitFileError extends Error {}

/** A file's bytes, and its mode bits as `stat` has them. */
export interface RegularFile {
  readonly bytes: Buffer;
  readonly mode: number;
}

/**
 * Reads a file whole, which has to be a regular one of at most `limit` bytes: whoever opens a pipe or a device may wait for
 * ever, in a call that not even Ctrl-C ends, or read without end. Throws UnfitFileError, or Node's own errors.
 */
export function readRegularFile(path: string, limit: number): RegularFile {
  // To open some devices is to do something to them.
  requireRegular(statSync(path));
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(descriptor);
    requireRegular(stats);
    if (stats.size > limit) throw tooLarge(limit);
    return { bytes: readUpTo(descriptor, stats.size, limit), mode: stats.mode };
  } finally {
    closeSync(descriptor);
  }
}

/** The size is a guess: files of /proc have none, and others grow. */
function readUpTo(descriptor: number, size: number, limit: number): Buffer {
  const pieces: Buffer[] = [];
  let total = 0;
  for (;;) {
    const piece = Buffer.allocUnsafe(Math.max(size + 1 - total, 64 * 1024));
    const length = readSync(descriptor, piece);
    if (length === 0) return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
    total += length;
    if (total > limit) throw tooLarge(limit);
    pieces.push(piece.subarray(0, length));
  }
}

function requireRegular(stats: Stats): void {
  if (stats.isFile()) return;
  const what = stats.isDirectory() ? 'directory' : stats.isFIFO() ? 'named pipe' : stats.isSocket() ? 'socket' : 'device';
  throw new UnfitFileError(what === 'directory' ? 'is a directory' : `is a ${what}; only regular files are read here`);
}

function tooLarge(limit: number): UnfitFileError {
  return new UnfitFileError(`is larger than ${limit / 1024 / 1024} MiB`);
}

const CAUSES: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read by this user',
};

/** Why a file was not read, in words that go on after its name. `error` is what readRegularFile threw. */
export function whyUnread(error: unknown): string {
  if (error instanceof UnfitFileError) return error.message;
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  return CAUSES[code] ?? `cannot be read (${code})`;
}
