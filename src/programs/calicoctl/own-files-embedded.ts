import { dirname } from 'node:path';
import { getRawAsset } from 'node:sea';

/** In place of own-files.ts where the files of the build are inside the executable (scripts/package/executable.ts). */
export const OWN_FOLDER = dirname(process.execPath);

/** Reads a file of the build. Throws where it is not there. */
export function readOwn(name: string): Buffer {
  return Buffer.from(getRawAsset(name) as ArrayBuffer);
}
