import { isMap } from '../../base/data.js';
import { CalicoError } from '../../base/errors.js';
import { readRegularFile, SETTINGS_LIMIT, whyUnread } from '../../base/regular-file.js';

/** What was installed, so that it is known what is ours: the digests that each file may have, and where that is which stood in its place before. */
export type InstallRecord = Readonly<Record<string, RecordedFile>>;

export interface RecordedFile {
  /** More than one while files are being replaced. */
  readonly digests: readonly string[];
  readonly setAside?: string | undefined;
}

const FORMAT = 1;

/** The record as its file holds it. */
export function recordText(record: InstallRecord): string {
  return `${JSON.stringify({ format: FORMAT, files: record }, undefined, 2)}\n`;
}

/** Reads a record; an empty one where there is none. Throws CalicoError (`unreadable`): what is ours cannot be told then. */
export function readRecord(path: string): InstallRecord {
  let text: string;
  try {
    text = readRegularFile(path, SETTINGS_LIMIT).bytes.toString('utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ENOTDIR') return {};
    throw unreadable(path, whyUnread(error));
  }
  const read = parsed(text);
  if (read === undefined) throw unreadable(path, 'is no record of what was installed');
  return read;
}

function parsed(text: string): InstallRecord | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isMap(json) || json['format'] !== FORMAT || !isMap(json['files'])) return undefined;
  const files = Object.entries(json['files']);
  return files.every(([path, file]) => path.startsWith('/') && isRecorded(file)) ? (json['files'] as InstallRecord) : undefined;
}

function isRecorded(value: unknown): value is RecordedFile {
  return isMap(value) && Array.isArray(value['digests']) && value['digests'].every((each) => typeof each === 'string') && ['undefined', 'string'].includes(typeof value['setAside']);
}

function unreadable(path: string, why: string): CalicoError {
  return new CalicoError('unreadable', `${path} ${why}`, { hint: 'it says which files are ours; move it away to have them treated as those of somebody else' });
}
