import { isUtf8 } from 'node:buffer';
import type { IKeyValue, IRangeRequest, IRangeResponse } from 'etcd3';
import type { Entry } from '../store.js';

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
