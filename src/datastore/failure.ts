import type { CallFailure } from './member.js';

/**
 * What a failed attempt means for the one who made it:
 * - `unreachable`: no connection came about, so nothing was sent; the next member may do better, waiting will not help;
 * - `passing`: the next attempt may succeed; `sent` says whether this one may have been carried out all the same;
 * - `token`: the login has to be renewed, nothing was done;
 * - `final`: every member would answer the same.
 */
export type Verdict = { readonly kind: 'unreachable' | 'token' | 'final' } | { readonly kind: 'passing'; readonly sent: boolean };

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
} as const;

const NEVER_CONNECTED = /^No connection established|^Name resolution failed|^Failed to parse DNS address/;
const NEVER_SENT = /Waiting for LB pick|waiting for name resolution|^Channel closed before call started/;
const TOKEN_REFUSED = /invalid auth token|revision of auth store is old/;

/** Judges a failed attempt by gRPC's code and the words seen with it (reliability-libs.md 2.2). In doubt a call counts as sent. */
export function judge(failure: CallFailure): Verdict {
  const { code, details, atLogin } = failure;
  if (TOKEN_REFUSED.test(details)) return { kind: 'token' };
  switch (code) {
    case Status.unavailable:
      if (NEVER_CONNECTED.test(details)) return { kind: 'unreachable' };
      return { kind: 'passing', sent: !atLogin && !NEVER_SENT.test(details) };
    case Status.deadlineExceeded:
    case Status.cancelled:
    case Status.unknown:
    case Status.aborted:
    case Status.internal:
      return { kind: 'passing', sent: !atLogin && !NEVER_SENT.test(details) };
    case Status.resourceExhausted:
      return details.includes('too many requests') ? { kind: 'passing', sent: false } : { kind: 'final' };
    default:
      return { kind: 'final' };
  }
}
