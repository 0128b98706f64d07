import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, copyFile, lstat, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makeFolder } from '../../base/make-folder.js';
import type { FileChange } from './changes.js';
import type { WantedFile } from './files.js';

/** Files that are written beside their places, and not seen yet. */
export interface Staged {
  /** Puts each in its place, sets aside what is not ours, and removes what is wanted no more, in the order of the changes. */
  commit(changes: readonly FileChange[]): Promise<void>;
  /** Takes away what has no place yet. */
  discard(): Promise<void>;
}

/** Folders that only hold what others must not read. */
const PRIVATE = 0o700;
const PUBLIC = 0o755;

/**
 * Writes files beside their places, so that all that can fail has failed before anything is changed; where it fails, nothing is left. Rejects with
 * Node's own errors.
 */
export async function stage(files: readonly WantedFile[]): Promise<Staged> {
  const beside = new Map<string, string>();
  const discard = async (): Promise<void> => {
    for (const path of beside.values()) await rm(path, { force: true });
    beside.clear();
  };
  try {
    for (const file of files) {
      const isPrivate = (file.mode & 0o077) === 0;
      makeFolder(dirname(file.path), isPrivate ? PRIVATE : PUBLIC);
      const path = join(dirname(file.path), `.${basename(file.path)}.${randomUUID()}`);
      beside.set(file.path, path);
      await write(path, file);
    }
  } catch (error) {
    await discard();
    throw error;
  }
  return { discard, commit: (changes) => commit(changes, beside) };
}

async function write(path: string, { content, mode }: WantedFile): Promise<void> {
  // Whatever others may read of it, they may not while it is written.
  if (Buffer.isBuffer(content)) {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
  } else {
    await copyFile(content.copyOf, path, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  }
  await chmod(path, mode);
}

async function commit(changes: readonly FileChange[], beside: Map<string, string>): Promise<void> {
  for (const { path, fate, setAside } of changes) {
    if (setAside !== undefined) await rename(path, setAside);
    if (fate === 'remove') await rm(path);
    const written = beside.get(path);
    if (written === undefined) continue;
    await rename(written, path);
    beside.delete(path);
  }
}

const UUID = /\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Takes away what a process that was killed left beside these files, where it was written before `until`, in milliseconds since 1970: another
 * one may be at work.
 */
export async function sweep(paths: readonly string[], until: number): Promise<void> {
  for (const folder of new Set(paths.map((path) => dirname(path)))) {
    const beside = (await readdir(folder).catch((): string[] => [])).filter((name) => UUID.test(name) && paths.includes(join(folder, name.slice(1).replace(UUID, ''))));
    for (const name of beside) {
      const stats = await lstat(join(folder, name)).catch(() => undefined);
      if (stats !== undefined && stats.mtimeMs < until) await rm(join(folder, name), { force: true });
    }
  }
}
