import type { ConnectionSettings } from '../../config/settings.js';
import { DatastoreError, type DatastoreStage, type Hint } from '../../base/errors.js';
import { NEVER_SENT, Status } from './failure.js';
import type { CallFailure } from './member.js';
import { hasName, NAME_FAILED } from './named-endpoint.js';
import { explainTls } from './explain-tls.js';

/** The cause of a failure in words, and what to repair. */
export interface Explanation {
  readonly stage: DatastoreStage;
  readonly cause: string;
  readonly hint?: Hint;
}

/** What a call was about, for the message. */
export interface CallSubject {
  /** The keys or prefixes of the call; the first that is denied is named by `denied`. */
  readonly keys: readonly string[];
}

/** The stages in the order in which they tell most about what to repair. */
const TELLING: readonly DatastoreStage[] = ['tls', 'authentication', 'name', 'connection', 'timeout'];

/** Takes the last failure of each member and returns the error of the whole call; the hint is that of the most telling one. */
export function explainAll(failures: readonly CallFailure[], settings: ConnectionSettings, subject: CallSubject): DatastoreError {
  const explained = failures.map((failure) => ({ failure, ...explain(failure, settings, subject) }));
  const rank = (stage: DatastoreStage): number => TELLING.indexOf(stage) >>> 0;
  const first = explained.reduce((best, each) => (rank(each.stage) < rank(best.stage) ? each : best));
  const message = explained.map(({ failure, cause }) => `etcd at ${failure.endpoint}: ${cause}`).join('; ');
  return new DatastoreError(first.stage, message, first.hint);
}

/** Explains one failed attempt. Secrets never take part: neither passwords nor tokens nor key text. */
export function explain(failure: CallFailure, settings: ConnectionSettings, subject: CallSubject): Explanation {
  const { code, details, endpoint } = failure;
  if (code === Status.unavailable && details.startsWith('No connection established')) {
    return explainTls(details, endpoint, settings) ?? explainConnection(details, settings);
  }
  if (details.startsWith(NAME_FAILED)) return explainName(details.slice(NAME_FAILED.length), settings);
  if (details.includes('waiting for name resolution') && hasName(endpoint)) return explainName('its host name cannot be resolved: no name server answers', settings);
  if (code === Status.deadlineExceeded) {
    const cause = NEVER_SENT.test(details) ? 'accepts no connection, or does not answer on it' : 'does not answer';
    return { stage: 'timeout', cause, hint: (option) => `check that etcd is running and has a leader, or allow more time with ${option('timeout')}` };
  }
  return explainRefusal(details, settings, subject) ?? explainStatus(code, details, settings);
}

function explainName(cause: string, settings: ConnectionSettings): Explanation {
  return { stage: 'name', cause, hint: `check the host in ${settings.endpointsOrigin}, and this machine's name servers in /etc/resolv.conf` };
}

const REACHES: readonly (readonly [RegExp, string])[] = [
  [/ECONNREFUSED/, 'connection refused'],
  [/EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL/, 'no route to the host'],
  [/ETIMEDOUT/, 'the connection timed out'],
  [/ECONNRESET|EPIPE/, 'the connection was reset'],
  [/Protocol error/, 'the server there does not speak etcd v3'],
];

function explainConnection(details: string, settings: ConnectionSettings): Explanation {
  const known = REACHES.find(([words]) => words.test(details));
  const cause = known?.[1] ?? lastError(details);
  const hint = settings.endpointsOrigin === 'the default'
    ? 'no endpoint is configured: set ETCD_ENDPOINTS or write a configuration file'
    : `check that etcd is running and that ${settings.endpointsOrigin} names its client port`;
  return { stage: 'connection', cause, hint };
}

/** The part of gRPC's text that tells something. */
function lastError(details: string): string {
  return details.replace(/^No connection established\. Last error: (Error: )?/, '').replace(/ ?(\(\d{4}-[^)]*\))?\.? ?Resolution note:.*$/s, '');
}

function explainRefusal(details: string, settings: ConnectionSettings, subject: CallSubject): Explanation | undefined {
  const user = settings.user;
  if (details.includes('authentication failed')) {
    return { stage: 'authentication', cause: `wrong password for user "${user?.name}", or no such user`, hint: `check ${user?.nameOrigin} and ${user?.passwordOrigin}` };
  }
  if (details.includes('user name is empty')) {
    return { stage: 'authentication', cause: 'the server requires a user name and a password', hint: 'set ETCD_USERNAME and ETCD_PASSWORD, or etcdUsername and etcdPassword in the configuration file' };
  }
  if (/invalid auth token|revision of auth store is old/.test(details)) {
    return { stage: 'authentication', cause: 'refuses the token of a login that was just made', hint: 'check the --auth-token setting of the members and that their clocks agree' };
  }
  if (details.includes('permission denied')) {
    const who = user === undefined ? 'this client' : `user "${user.name}"`;
    return { stage: 'permission', cause: `${who} has no permission on ${listKeys(subject.keys)}`, hint: 'grant it with: etcdctl role grant-permission ROLE readwrite /calico/ --prefix' };
  }
  if (details.includes('database space exceeded')) {
    return { stage: 'quota', cause: 'the database is full (quota exceeded); only deletes are accepted', hint: 'free space: etcdctl compact REVISION, etcdctl defrag, then etcdctl alarm disarm; or raise --quota-backend-bytes' };
  }
  if (/request is too large|message larger than max|too many operations/.test(details)) {
    return { stage: 'size', cause: `${listKeys(subject.keys)}: the request exceeds what the server accepts (${limitIn(details)})`, hint: "raise etcd's --max-request-bytes or --max-txn-ops, or write less at once" };
  }
  return undefined;
}

/** The limit that a request was above: the number where the server gives it, else the setting with its default. */
function limitIn(details: string): string {
  const [, sent, most] = /larger than max \((\d+) vs\.? (\d+)\)/.exec(details) ?? [];
  if (sent !== undefined && most !== undefined) return `${sent} bytes, it accepts ${most}`;
  return details.includes('too many operations') ? 'its --max-txn-ops is 128 unless it was changed' : 'its --max-request-bytes is 1572864 unless it was changed';
}

function explainStatus(code: number, details: string, settings: ConnectionSettings): Explanation {
  if (details.includes('has been compacted')) return { stage: 'compaction', cause: 'the requested revision has been compacted', hint: 'run the command again' };
  if (details.includes('is a future revision')) return { stage: 'data', cause: 'the requested revision does not exist yet' };
  if (code === Status.unimplemented) return { stage: 'connection', cause: 'the server there does not speak etcd v3', hint: `check ${settings.endpointsOrigin}` };
  return { stage: 'connection', cause: details.replace(/^etcdserver: /, '').replace(/\s+/g, ' ').trim(), hint: 'check the health of the cluster: etcdctl endpoint health' };
}

/** Names at most three keys. */
export function listKeys(keys: readonly string[]): string {
  return keys.length <= 3 ? keys.join(', ') : `${keys.slice(0, 3).join(', ')} and ${keys.length - 3} more`;
}

