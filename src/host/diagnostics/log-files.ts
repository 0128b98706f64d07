import { constants, type Stats } from 'node:fs';
import { lstat, open, readdir, realpath, type FileHandle } from 'node:fs/promises';
import type { Write } from '../archive/archive.js';
import { StepFailure } from './capture.js';

/** A regular file below a folder of logs, open for reading. */
export interface LogFile {
  /** The names of the folders below the top, and of the file. */
  readonly path: readonly string[];
  readonly size: number;
  /** Hands the content on as it was when it was found; closes the file. */
  copy(write: Write, signal: AbortSignal): Promise<void>;
}

/** Something that was left alone, and why. */
export interface Skipped {
  readonly path: readonly string[];
  readonly reason: string;
}

/** Deeper folders than this are left alone, and so is what comes after so many files. */
const DEEPEST = 16;
const MOST_FILES = 10_000;
const PIECE = 1 << 16;

/**
 * The regular files below a folder. What is below it is opened through the descriptor of its folder, so that no
 * symbolic link is followed even if one is put there meanwhile; devices and pipes are not opened.
 * The folder itself may be a link: whoever named it meant it. Throws StepFailure where it is no folder.
 */
export async function* logFiles(folder: string): AsyncGenerator<LogFile | Skipped> {
  const top = await openTop(folder);
  const walk: Walk = { left: MOST_FILES };
  try {
    yield* filesIn(top, [], walk);
  } finally {
    await top.close();
  }
}

interface Walk {
  left: number;
}

async function openTop(folder: string): Promise<FileHandle> {
  try {
    return await open(await realpath(folder), constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StepFailure(code === 'ENOENT' ? 'there is no such folder' : code === 'ENOTDIR' ? 'it is not a folder' : `it cannot be read (${code})`);
  }
}

async function* filesIn(folder: FileHandle, path: readonly string[], walk: Walk): AsyncGenerator<LogFile | Skipped> {
  const self = `/proc/self/fd/${folder.fd}`;
  for (const name of (await readdir(self)).sort()) {
    const here = [...path, name];
    const facts = await lstat(`${self}/${name}`).catch(() => undefined);
    const reason = facts === undefined ? 'it was gone before it could be read' : walk.left === 0 ? `there are more than ${MOST_FILES} files` : refusal(facts, here.length);
    if (reason !== undefined) yield { path: here, reason };
    else yield* opened(`${self}/${name}`, here, facts?.isDirectory() === true, walk);
  }
}

function refusal(facts: Stats, depth: number): string | undefined {
  if (facts.isSymbolicLink()) return 'a symbolic link';
  if (facts.isDirectory()) return depth >= DEEPEST ? `folders deeper than ${DEEPEST} are left alone` : undefined;
  return facts.isFile() ? undefined : 'neither a file nor a folder';
}

async function* opened(place: string, path: readonly string[], isFolder: boolean, walk: Walk): AsyncGenerator<LogFile | Skipped> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | (isFolder ? constants.O_DIRECTORY : 0);
  let handle: FileHandle;
  try {
    handle = await open(place, flags);
  } catch (error) {
    yield { path, reason: `it cannot be read (${(error as NodeJS.ErrnoException).code})` };
    return;
  }
  try {
    if (isFolder) yield* filesIn(handle, path, walk);
    else {
      walk.left -= 1;
      yield await logFile(handle, path);
    }
  } finally {
    await handle.close();
  }
}

async function logFile(handle: FileHandle, path: readonly string[]): Promise<LogFile | Skipped> {
  const facts = await handle.stat();
  if (!facts.isFile()) return { path, reason: 'neither a file nor a folder' };
  return { path, size: facts.size, copy: (write, signal) => copyFile(handle, facts.size, write, signal) };
}

/** A log that grows while it is read ends where it ended when it was found. */
async function copyFile(handle: FileHandle, size: number, write: Write, signal: AbortSignal): Promise<void> {
  const buffer = Buffer.alloc(PIECE);
  for (let at = 0; at < size; ) {
    signal.throwIfAborted();
    const { bytesRead } = await handle.read(buffer, 0, Math.min(PIECE, size - at), at);
    if (bytesRead === 0) return;
    at += bytesRead;
    if (!(await write(Buffer.from(buffer.subarray(0, bytesRead))))) return;
  }
}

/** Whether something found is a file. */
export function isLogFile(found: LogFile | Skipped): found is LogFile {
  return 'copy' in found;
}
