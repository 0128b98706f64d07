import { createHash } from 'node:crypto';
import type { Entry } from '../store.js';
import { endText, entryText, headerText, type BackupHeader } from './lines.js';

/** Characters of a piece, about. */
const PIECE = 256 * 1024;

/** The text of a backup in pieces, from pages of entries in the order of their keys' bytes. */
export async function* backupText(header: BackupHeader, pages: AsyncIterable<Iterable<Entry>> | Iterable<Iterable<Entry>>): AsyncGenerator<string> {
  const digest = createHash('sha256');
  let keys = 0;
  let piece = headerText(header);
  for await (const entries of pages) {
    for (const entry of entries) {
      keys++;
      piece += entryText(entry);
      if (piece.length < PIECE) continue;
      digest.update(piece);
      yield piece;
      piece = '';
    }
  }
  digest.update(piece);
  yield piece + endText({ keys, sha256: digest.digest('hex') });
}
