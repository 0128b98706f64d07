import { join } from 'node:path';
import { CalicoError } from '../base/errors.js';
import { makeFolder } from '../base/make-folder.js';
import { writeNewFile } from '../base/new-file.js';

/** Writes files into a directory, which is made if it is missing; those that are there are replaced. Throws CalicoError that names the file. */
export async function writeNewFiles(directory: string, files: AsyncIterable<{ readonly name: string; readonly text: string }>): Promise<void> {
  await explained(directory, () => makeFolder(directory));
  for await (const { name, text } of files) await explained(join(directory, name), (path) => writeNewFile(path, [text]));
}

async function explained(path: string, write: (path: string) => unknown): Promise<void> {
  try {
    await write(path);
  } catch (error) {
    throw new CalicoError('failed', `cannot write ${path}: ${(error as Error).message}`);
  }
}
