import { isUtf8 } from 'node:buffer';
import type { IKeyValue, IRangeRequest, IRangeResponse } from 'etcd3';
import type { Entry, Range } from '../store.js';

const AFTER_EVERY_KEY = Buffer.from([0]);

/** The end of the range of all keys with a prefix, as etcd wants it. */
export function prefixEnd(prefix: Buffer): Buffer {
  for (let length = prefix.length; length > 0; length--) {
    const last = prefix[length - 1] as number;
    if (last < 0xff) return Buffer.concat([prefix.subarray(0, length - 1), Buffer.from([last + 1])]);
  }
  return AFTER_EVERY_KEY;
}

/** The range of all keys with a prefix; every key for the empty prefix. */
export function prefixRange(prefix: string): { key: Buffer; range_end: Buffer } {
  const key = Buffer.from(prefix);
  return { key: key.length === 0 ? AFTER_EVERY_KEY : key, range_end: prefixEnd(key) };
}

/** The keys of a range, as etcd wants them: one key where there is no end. */
export function keysOf(range: Range): { key: Buffer; range_end?: Buffer } {
  if ('key' in range) return { key: Buffer.from(range.key) };
  return 'prefix' in range ? prefixRange(range.prefix) : { key: Buffer.from(range.from), range_end: Buffer.from(range.to) };
}

/** What a range is called in messages: its key, its prefix, or where it begins. */
export function nameOf(range: Range): string {
  return 'key' in range ? range.key : 'prefix' in range ? range.prefix : range.from;
}

/** The smallest range that holds all of some. */
export function hullOf(ranges: readonly Range[]): { key: Buffer; range_end?: Buffer } {
  const [only, ...others] = ranges.map(keysOf);
  if (only === undefined) throw new Error('no range');
  if (others.length === 0) return only;
  const all = [only, ...others].map(({ key, range_end }) => ({ key, end: range_end ?? Buffer.concat([key, AFTER_EVERY_KEY]) }));
  const [key] = all.map((each) => each.key).sort((a, b) => a.compare(b));
  const ends = all.map(({ end }) => end).sort((a, b) => a.compare(b));
  return { key: key as Buffer, range_end: ends.find((end) => end.equals(AFTER_EVERY_KEY)) ?? (ends.at(-1) as Buffer) };
}

/** Whether a key is in one of the ranges, compared as etcd does, by bytes. */
export function isInside(ranges: readonly Range[]): (key: Buffer) => boolean {
  const all = ranges.map(keysOf);
  return (asked) => all.some(({ key, range_end: end }) => (end === undefined ? asked.equals(key) : asked.compare(key) >= 0 && (end.equals(AFTER_EVERY_KEY) || asked.compare(end) < 0)));
}

/** The range of all keys with a prefix, divided before each of the keys: parts in order that meet without a gap. Keys that are not inside it divide nothing. */
export function dividedRange(prefix: string, boundaries: readonly string[]): { key: Buffer; range_end: Buffer }[] {
  const whole = prefixRange(prefix);
  const inside = boundaries.filter((boundary) => boundary.startsWith(prefix) && boundary !== prefix);
  const starts = [...new Set(inside)].map((boundary) => Buffer.from(boundary)).sort((a, b) => a.compare(b));
  return [whole.key, ...starts].map((key, index) => ({ key, range_end: starts[index] ?? whole.range_end }));
}

/** The same range from behind the last key of an answer on. */
export function resumed(range: IRangeRequest, response: Pick<IRangeResponse, 'kvs'>): IRangeRequest {
  const last = response.kvs.at(-1);
  return last === undefined ? range : { ...range, key: Buffer.concat([last.key, AFTER_EVERY_KEY]) };
}

/** What takes the place of bytes that are not UTF-8; only a text that has it need be looked at twice. */
const REPLACEMENT = '\ufffd';

/** A key as etcd sends it, as text. */
export function toEntry({ key, value, mod_revision: modRevision, lease }: IKeyValue): Entry {
  const entry = { key: key.toString(), value: value.toString(), modRevision };
  const valid = isText(entry.key, key) && isText(entry.value, value);
  if (valid && lease === '0') return entry;
  return { ...entry, ...(valid ? {} : { invalid: true, bytes: { key: Buffer.from(key), value: Buffer.from(value) } }), ...(lease === '0' ? {} : { leased: true }) };
}

function isText(text: string, bytes: Buffer): boolean {
  return !text.includes(REPLACEMENT) || isUtf8(bytes);
}

/** The keys of a page as text, each made when it is asked for: the texts of a whole page would be old before they are used. */
export function entriesOf(kvs: readonly IKeyValue[]): Iterable<Entry> {
  return { [Symbol.iterator]: () => new Entries(kvs) };
}

/** A generator would take twice as long for each. */
class Entries implements Iterator<Entry, undefined> {
  #next = 0;

  constructor(private readonly kvs: readonly IKeyValue[]) {}

  next(): IteratorResult<Entry, undefined> {
    const kv = this.kvs[this.#next++];
    return kv === undefined ? { done: true, value: undefined } : { done: false, value: toEntry(kv) };
  }
}
