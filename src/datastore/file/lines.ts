import type { Entry } from '../store.js';

/** The form of backups that this tool writes, and the newest it reads. */
export const FORMAT = 1;

/** The first line: what the file is, and what it is of. */
export interface BackupHeader {
  readonly calicoctlBackup: number;
  /** When it was made: RFC 3339, UTC. */
  readonly made: string;
  /** What made it: `calicoctl v0.1.0`. */
  readonly madeBy: string;
  /** The revision of the store at which everything was read. */
  readonly revision: string;
  /** The beginning of every key. */
  readonly prefix: string;
  /** What ClusterInformation said; absent where there was none. */
  readonly cluster?: ClusterOfBackup;
}

export interface ClusterOfBackup {
  readonly guid: string;
  readonly calicoVersion: string;
  /** Whether the datastore was locked. */
  readonly locked: boolean;
}

/** The last line. The digest is of every byte before the line. */
export interface BackupEnd {
  readonly keys: number;
  readonly sha256: string;
}

/** A line for a key. What is not UTF-8 is in base64, byte for byte. */
interface EntryLine {
  readonly key?: string;
  readonly keyBase64?: string;
  readonly value?: string;
  readonly valueBase64?: string;
  readonly revision?: string;
  readonly leased?: true;
}

export function headerText(header: BackupHeader): string {
  return `${JSON.stringify(header)}\n`;
}

/** The line of a key, its name first. */
export function entryText({ key, value, modRevision, bytes, leased }: Entry): string {
  const rest = `,"revision":"${modRevision}"${leased === true ? ',"leased":true' : ''}}\n`;
  if (bytes === undefined) return `{"key":${JSON.stringify(key)},"value":${JSON.stringify(value)}${rest}`;
  return `{"keyBase64":"${bytes.key.toString('base64')}","valueBase64":"${bytes.value.toString('base64')}"${rest}`;
}

export function endText(end: BackupEnd): string {
  return `${JSON.stringify({ end })}\n`;
}

/** Reads the line of a key; undefined where it is none. */
export function parseEntry(text: string): Entry | undefined {
  const line = parseObject(text) as EntryLine | undefined;
  if (line === undefined || typeof line.revision !== 'string') return undefined;
  const { key, value, revision: modRevision } = line;
  const leased = line.leased === true ? ({ leased: true } as const) : undefined;
  if (typeof key === 'string' && typeof value === 'string') return { key, value, modRevision, ...leased };
  if (typeof line.keyBase64 !== 'string' || typeof line.valueBase64 !== 'string') return undefined;
  const bytes = { key: Buffer.from(line.keyBase64, 'base64'), value: Buffer.from(line.valueBase64, 'base64') };
  return { key: bytes.key.toString(), value: bytes.value.toString(), modRevision, invalid: true, bytes, ...leased };
}

/** Reads the first line of a backup; undefined where it is none. Nothing but `calicoctlBackup` is sure for a newer form. */
export function parseHeader(text: string): BackupHeader | undefined {
  const header = parseObject(text) as Partial<BackupHeader> | undefined;
  const isBackup = header !== undefined && typeof header.calicoctlBackup === 'number';
  return isBackup ? (header as BackupHeader) : undefined;
}

/** Reads the last line of a backup; undefined where it is none. */
export function parseEnd(text: string): BackupEnd | undefined {
  const end = (parseObject(text) as { readonly end?: Partial<BackupEnd> } | undefined)?.end;
  return typeof end?.keys === 'number' && typeof end.sha256 === 'string' ? { keys: end.keys, sha256: end.sha256 } : undefined;
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
