import { InvalidRequest } from '../base/errors.js';
import type { Store } from '../datastore/store.js';
import type { TimedRevision } from '../journal/time.js';
import { lengthOfTime } from '../text/length-of-time.js';

/** The largest revision that etcd can have. */
const LARGEST = 2n ** 63n - 1n;
/** RFC 3339. */
const TIME = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

/** A moment of the past as people name it: a revision, as decimal text, or a time, RFC 3339 in UTC with milliseconds. */
export type Moment = { readonly revision: string } | { readonly time: string };

/** What --at names. `store` is the file of --store. Throws InvalidRequest for what is neither a revision nor a time of the past, and beside --store. */
export function readAt(text: string, store: string | undefined, now: Date): Moment {
  if (store !== undefined) throw new InvalidRequest('--at cannot be used with a file (--store)', 'a file shows the datastore at one revision only: leave out one of the two');
  return readMoment(text, '--at', now);
}

/** What a flag names. Throws InvalidRequest for what is neither a revision nor a time of the past. */
export function readMoment(text: string, flag: string, now: Date): Moment {
  const word = text.trim();
  if (/^\d+$/.test(word) && BigInt(word) >= 1n && BigInt(word) <= LARGEST) return { revision: String(BigInt(word)) };
  const time = timeOf(word, now);
  if (time === undefined) throw new InvalidRequest(`${flag} ${JSON.stringify(text)} is neither a revision nor a time`, `write a whole number from 1 on, such as ${flag} 1234, a time with its zone, such as 2026-11-30T06:00:00Z, or how long ago, such as 2h; \`calicoctl history\` lists revisions`);
  if (time > now.getTime()) throw new InvalidRequest(`${flag} ${JSON.stringify(text)} is in the future`);
  return { time: new Date(time).toISOString() };
}

/** Milliseconds; undefined for what is no time, or further back than any. */
function timeOf(word: string, now: Date): number | undefined {
  const ago = lengthOfTime(word.replace(/ ago$/, ''));
  if (ago !== undefined) return Math.max(now.getTime() - ago, 0);
  const time = TIME.test(word) && isDay(word.slice(0, 10)) ? Date.parse(word.replace(' ', 'T')) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

/** JavaScript takes the 31st of February for a day of March. */
function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** The revision of a moment; of a time, the last one that the journal has until then. Throws CalicoError (`missing`) where it has none, and DatastoreError. */
export async function revisionOf(moment: Moment, store: Store): Promise<Partial<TimedRevision> & Pick<TimedRevision, 'revision'>> {
  return 'revision' in moment ? moment : (await import('../journal/time.js')).revisionAt(store, moment.time);
}
