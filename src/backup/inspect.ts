import { UnusableFile } from '../datastore/file/damage.js';
import { BackupFile } from '../datastore/file/backup-file.js';
import { parseEntry, type BackupEnd, type BackupHeader } from '../datastore/file/lines.js';
import type { Source } from '../datastore/file/source.js';
import { KindCounts } from './key-name.js';

/** What a file says of itself, and what is in it. */
export interface Inspection {
  readonly header: BackupHeader;
  /** What the last line says; absent where it is missing. */
  readonly end?: BackupEnd;
  readonly bytes: number;
  readonly keys: number;
  readonly leased: number;
  readonly notUtf8: number;
  readonly kinds: ReadonlyMap<string, number>;
  /** Why the file is of no use; absent where it is whole. */
  readonly problem?: UnusableFile;
}

/** Reads a backup, damaged or not. Throws UnusableFile where it is none, or in a newer form. */
export async function inspectBackup(source: Source): Promise<Inspection> {
  const found = await BackupFile.examine(source);
  if (found === undefined) throw new UnusableFile(source.name, 'is no backup', 'backups are made by `calicoctl datastore backup`');
  const counts = new KindCounts();
  const seen = { keys: 0, leased: 0, notUtf8: 0 };
  for await (const { bytes } of source.lines(found.body.from, found.body.to)) {
    for (const line of bytes.toString().split('\n')) {
      const entry = parseEntry(line);
      if (entry === undefined) continue;
      seen.keys++;
      if (entry.leased === true) seen.leased++;
      if (entry.invalid === true) seen.notUtf8++;
      counts.add(entry.key);
    }
  }
  const { header, end, problem } = found;
  return { header, ...(end && { end }), bytes: source.size, ...seen, kinds: counts.counts, ...(problem && { problem }) };
}
