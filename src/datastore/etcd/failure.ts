import type { CallFailure } from './member.js';

/**
 * What a failed attempt means for the one who made it:
 * - `unreachable`: no connection came about, so nothing was sent; the next member may do better, waiting will not help;
 * - `token`: the login has to be renewed, nothing was done;
 * - `passing`: the next attempt may succeed;
 * - `final`: every member would answer the same.
 * `doubtful` says that the attempt may have been carried out anyway; a passing one may even be carried out later.
 */
export type Verdict = { readonly kind: 'unreachable' | 'token' } | { readonly kind: 'passing' | 'final'; readonly doubtful: boolean };

/** gRPC's status codes, those that are met. */
export const Status = {
  cancelled: 1,
  unknown: 2,
  invalidArgument: 3,
  deadlineExceeded: 4,
  permissionDenied: 7,
  resourceExhausted: 8,
  aborted: 10,
  outOfRange: 11,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

const NEVER_CONNECTED = /^No connection established|^Name resolution failed|^Failed to parse DNS address/;
/** gRPC's words where the time was up before there was a connection. */
export const NEVER_SENT = /Waiting for LB pick|waiting for name resolution|^Channel closed before call started/;
const TOKEN_REFUSED = /invalid auth token|revision of auth store is old/;

/** Codes with which a request may succeed at the next attempt. */
const PASSING: readonly number[] = [Status.unavailable, Status.deadlineExceeded, Status.cancelled, Status.unknown, Status.aborted, Status.internal];
/** Codes that etcd gives, in its own words, to requests which it has looked at and not carried out (rpctypes/error.go). */
const REFUSED_BY_ETCD: readonly number[] = [Status.invalidArgument, Status.permissionDenied, Status.outOfRange, Status.unauthenticated];
/** Refused by gRPC for the size of the request: by the server, which has not read it, or by the client. An answer that is too large is another thing. */
const NEVER_READ = /received message larger than max|^Attempted to send message/;

/**
 * Judges a failed attempt by gRPC's code and the words seen with it (reference/etcd-client 3). Only what is known to prove that
 * nothing was done does so: etcd's "database space exceeded", for one, is also said of a transaction that it has just carried out.
 */
export function judge(failure: CallFailure): Verdict {
  const { code, details, notMade } = failure;
  if (TOKEN_REFUSED.test(details)) return { kind: 'token' };
  if (code === Status.unavailable && NEVER_CONNECTED.test(details)) return { kind: 'unreachable' };
  if (PASSING.includes(code)) return { kind: 'passing', doubtful: !notMade && !NEVER_SENT.test(details) };
  if (code === Status.resourceExhausted && details.includes('too many requests')) return { kind: 'passing', doubtful: false };
  return { kind: 'final', doubtful: !notMade && !isRefusal(code, details) };
}

/** Whether the answer proves that nothing was done. */
function isRefusal(code: number, details: string): boolean {
  if (REFUSED_BY_ETCD.includes(code)) return details.startsWith('etcdserver: ');
  if (code === Status.resourceExhausted) return NEVER_READ.test(details);
  return code === Status.unimplemented && !details.includes('responses received');
}
