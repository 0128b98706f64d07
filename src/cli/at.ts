import { InvalidRequest } from '../base/errors.js';

/** The largest revision that etcd can have. */
const LARGEST = 2n ** 63n - 1n;
/** RFC 3339, or a length of time before now: `10m`, `2h30m`, `1d`. */
const TIME = /^(?:\d{4}-\d\d-\d\d(?:[Tt ].*)?|(?:\d+(?:\.\d+)?(?:ms|[smhdw]))+(?: ago)?)$/;

/** The revision that --at names, as decimal text. `store` is the file of --store. Throws InvalidRequest for what is none, for a time, and beside --store. */
export function readAt(text: string, store: string | undefined): string {
  if (store !== undefined) throw new InvalidRequest('--at cannot be used with a file (--store)', 'a file shows the datastore at one revision only: leave out one of the two');
  return readRevision(text, '--at');
}

/** The revision that a flag names, as decimal text. Throws InvalidRequest for what is none, and for a time. */
export function readRevision(text: string, flag: string): string {
  const word = text.trim();
  if (/^\d+$/.test(word) && BigInt(word) >= 1n && BigInt(word) <= LARGEST) return String(BigInt(word));
  const hint = '`calicoctl history` lists revisions';
  if (TIME.test(word)) throw new InvalidRequest(`${flag} ${JSON.stringify(text)} is a time, and etcd keeps no times: it only counts revisions`, `give a revision; ${hint}`);
  throw new InvalidRequest(`${flag} ${JSON.stringify(text)} is not a revision`, `write a whole number from 1 on, such as ${flag} 1234; ${hint}`);
}
