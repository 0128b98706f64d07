import { gunzipSync, gzipSync } from 'node:zlib';
import { isMap, type Data } from '../base/data.js';
import { isRevision } from '../datastore/store.js';

/** Where the journal is kept: beside what is Calico's, so that no program of Calico ever reads it. */
export const JOURNAL = '/calicoctl/journal/';

/** Who changes something, and with which command. */
export interface Author {
  readonly user: string;
  /** Who became that user with sudo or doas. */
  readonly behind?: string | undefined;
  readonly host: string;
  /** The words of the command line, without secrets. */
  readonly commandLine: readonly string[];
}

/** What a transaction did to a key. */
export interface RecordedChange {
  readonly key: string;
  readonly did: 'created' | 'replaced' | 'deleted';
  /** The modification revision of what was there before. */
  readonly since?: string | undefined;
  /** What was there before, as text or, where it is not UTF-8, in base64; neither where the record goes without values. */
  readonly before?: string | undefined;
  readonly beforeBytes?: string | undefined;
}

/** What one transaction did. */
export interface JournalRecord extends Author {
  /** When it was sent, by the clock of the host: RFC 3339 in UTC, with milliseconds. */
  readonly time: string;
  /** Of all transactions of one command the same. */
  readonly command: string;
  /** Tells the transactions of a command apart. */
  readonly number: number;
  /** The revision of the transaction, where the record was written after it; else it has that of the record. */
  readonly revision?: string | undefined;
  /** That the values before would have been too much, or are not kept. */
  readonly valuesOmitted?: boolean | undefined;
  readonly changes: readonly RecordedChange[];
}

/** Bytes of changes from which on they are compressed: few say more to whoever looks at them with etcdctl. */
const PLAIN = 1_000;
/** The most that compressed changes may become: more was not written by us. */
const MOST = 64 * 1024 * 1024;

/** A record as it is kept: JSON, in which many changes are compressed. */
export function encodeRecord({ changes, ...head }: JournalRecord): string {
  const text = JSON.stringify(changes);
  return JSON.stringify({ ...head, changes: text.length < PLAIN ? changes : gzipSync(text, { level: 1 }).toString('base64') });
}

/** The record of a text; undefined for what is none. */
export function decodeRecord(text: string): JournalRecord | undefined {
  try {
    const record: unknown = JSON.parse(text);
    if (!isMap(record)) return undefined;
    const changes: unknown = typeof record['changes'] === 'string' ? JSON.parse(gunzipSync(Buffer.from(record['changes'], 'base64'), { maxOutputLength: MOST }).toString()) : record['changes'];
    return isHead(record) && Array.isArray(changes) && changes.every(isChange) ? { ...record, changes } : undefined;
  } catch {
    return undefined;
  }
}

function isHead(record: Data): record is Data & Omit<JournalRecord, 'changes'> {
  const { time, command, number, user, host, commandLine, behind, revision } = record;
  return [time, command, user, host].every((each) => typeof each === 'string') && typeof number === 'number' && Array.isArray(commandLine) && commandLine.every((word) => typeof word === 'string') && isText(behind) && (revision === undefined || isRevision(revision));
}

function isChange(change: unknown): change is RecordedChange {
  if (!isMap(change)) return false;
  const { key, did, since, before, beforeBytes } = change;
  return typeof key === 'string' && (did === 'created' || did === 'replaced' || did === 'deleted') && (since === undefined || isRevision(since)) && isText(before) && isText(beforeBytes);
}

function isText(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}

/** What the name of a record says of it, so that much can be found without reading the records. */
export interface RecordName {
  readonly time: string;
  readonly command: string;
  readonly number: number;
  /** Of the record. */
  readonly bytes: number;
  /** As in the record. */
  readonly revision?: string | undefined;
}

const NAME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)-([0-9a-f]{8})-(\d+)-(\d+)(?:-r(\d+))?$/;

/** The key of a record. Names in the order of their letters are in that of time. */
export function recordKey({ time, command, number, bytes, revision }: RecordName): string {
  return `${JOURNAL}${time}-${command}-${number}-${bytes}${revision === undefined ? '' : `-r${revision}`}`;
}

/** What a key says; undefined for one that is no record's. */
export function readRecordKey(key: string): RecordName | undefined {
  const [, time, command, number, bytes, revision] = NAME.exec(key.startsWith(JOURNAL) ? key.slice(JOURNAL.length) : '') ?? [];
  return time === undefined || command === undefined ? undefined : { time, command, number: Number(number), bytes: Number(bytes), ...(revision === undefined ? {} : { revision }) };
}
