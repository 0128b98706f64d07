import { CalicoError } from '../base/errors.js';

/** Who may read a backup: it holds every policy and address, and what somebody may have put into annotations. */
const OWNER_ONLY = 0o600;

/** Writes a backup into a new file, in place of one that is there. Throws CalicoError where the file cannot be written, and what making the text throws. */
export async function writeBackup(path: string, pieces: AsyncIterable<string>): Promise<void> {
  const [{ writeNewFile }, { UnfitFileError }] = await Promise.all([import('../base/new-file.js'), import('../base/regular-file.js')]);
  try {
    await writeNewFile(path, pieces, { mode: OWNER_ONLY });
  } catch (error) {
    if (error instanceof CalicoError) throw error;
    throw new CalicoError('failed', `the backup cannot be written: ${error instanceof UnfitFileError ? `${path} ` : ''}${(error as Error).message}`);
  }
}
