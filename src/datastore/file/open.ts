import type { ByteStream } from '../../base/byte-stream.js';
import { BackupFile } from './backup-file.js';
import { UnusableFile } from './damage.js';
import type { EntryFile } from './entry-file.js';
import { JsonMap } from './json-map.js';
import { openSource, type Source } from './source.js';

/**
 * Opens a backup, or a bare JSON object of keys and values; `-` is standard input. A backup is read once to see that it is
 * whole. Throws UnusableFile, with the reason.
 */
export function openEntryFile(path: string, stdin: ByteStream): Promise<EntryFile> {
  return opened(path, stdin, async (source) => (await BackupFile.open(source)) ?? JsonMap.open(source));
}

/** The same for a backup alone. */
export function openBackup(path: string, stdin: ByteStream): Promise<BackupFile> {
  return opened(path, stdin, async (source) => {
    const file = await BackupFile.open(source);
    if (file === undefined) throw new UnusableFile(source.name, 'is no backup', 'backups are made by `calicoctl datastore backup`');
    return file;
  });
}

async function opened<File>(path: string, stdin: ByteStream, open: (source: Source) => Promise<File>): Promise<File> {
  const source = await openSource(path, stdin);
  try {
    return await open(source);
  } catch (error) {
    source.close();
    throw error;
  }
}
