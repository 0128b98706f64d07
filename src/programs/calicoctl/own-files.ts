import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of the launcher: the files of the build are beside it. */
export const OWN_FOLDER = __dirname;

/** Reads a file of the build. Throws where it is not there. */
export function readOwn(name: string): Buffer {
  return readFileSync(join(OWN_FOLDER, name));
}
