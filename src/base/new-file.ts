import { randomUUID } from 'node:crypto';
import { lstat, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UnfitFileError } from './regular-file.js';

const OTHERS_MAY_READ = 0o666;

/**
 * Writes a file that nobody ever sees half: it is made beside its place and renamed. What stands there is replaced with its
 * mode kept, and has to be a regular file: no link is followed, as somebody else may have put it there. `mode` is for a file that
 * others must not read: it gets these bits whatever stood there. Throws UnfitFileError, whose message goes on after the file's
 * name, or Node's own errors with the name that was given; nothing is left then.
 */
export async function writeNewFile(path: string, pieces: Iterable<string> | AsyncIterable<string>, { mode }: { readonly mode?: number } = {}): Promise<void> {
  const before = await lstat(path).catch(() => undefined);
  if (before !== undefined && !before.isFile()) throw new UnfitFileError(before.isSymbolicLink() ? 'is a symbolic link, which is not followed' : before.isDirectory() ? 'is a directory' : 'is not a regular file');
  const beside = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
  try {
    const file = await open(beside, 'wx', mode ?? OTHERS_MAY_READ);
    try {
      if (mode === undefined && before !== undefined) await file.chmod(before.mode & 0o777);
      for await (const piece of pieces) await file.appendFile(piece);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    if (error instanceof Error) error.message = error.message.replace(beside, path);
    throw error;
  }
}
