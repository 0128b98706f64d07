import type { MadeBackup } from '../../../backup/make.js';
import { safe } from '../../../text/safe.js';
import type { CommandReport } from '../report.js';

/** What a backup came to; `file` is undefined where its text is on stdout. */
export function madeReport({ header, keys }: MadeBackup, file: string | undefined): CommandReport {
  const line = `Backed up ${keys} keys at revision ${header.revision}${file === undefined ? '' : ` to ${safe(file)}`}`;
  const locked = header.cluster?.locked === true ? ['the datastore is locked, and so the backup says'] : [];
  return { stdout: file === undefined ? '' : `${line}\n`, stderr: locked, hints: file === undefined ? [line] : [], meaning: 'done' };
}
