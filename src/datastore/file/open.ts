import type { ByteStream } from '../../base/byte-stream.js';
import { BackupFile } from './backup-file.js';
import type { EntryFile } from './entry-file.js';
import { JsonMap } from './json-map.js';
import { openSource } from './source.js';

/**
 * Opens a backup, or a bare JSON object of keys and values; `-` is standard input. A backup is read once to see that it is
 * whole. Throws UnusableFile, with the reason.
 */
export async function openEntryFile(path: string, stdin: ByteStream): Promise<EntryFile> {
  const source = await openSource(path, stdin);
  try {
    return (await BackupFile.open(source)) ?? (await JsonMap.open(source));
  } catch (error) {
    source.close();
    throw error;
  }
}
