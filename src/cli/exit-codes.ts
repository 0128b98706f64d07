import type { Ending } from '../base/errors.js';

/** What the process says when it ends (docs/exit-codes.md). */
export const ExitCode = {
  done: 0,
  /** A negative answer (differs, unhealthy, denied, findings), or a failure not listed below. */
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
  /** A manifest is wrong; nothing was written. */
  manifest: 3,
  /** The datastore could not be reached, or refused. */
  datastore: 4,
  /** The cluster is not in the expected state: exists already, does not exist, changed meanwhile. */
  conflict: 5,
  /** Part of a batch was written. */
  partial: 6,
  interrupted: 130,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

const CODES: Readonly<Record<Ending, ExitCode>> = {
  done: ExitCode.done,
  'invalid-request': ExitCode.usage,
  'invalid-document': ExitCode.manifest,
  missing: ExitCode.conflict,
  exists: ExitCode.conflict,
  taken: ExitCode.conflict,
  changed: ExitCode.conflict,
  locked: ExitCode.conflict,
  precondition: ExitCode.conflict,
  misconfigured: ExitCode.datastore,
  unreachable: ExitCode.datastore,
  denied: ExitCode.datastore,
  refused: ExitCode.datastore,
  timeout: ExitCode.datastore,
  'unknown-outcome': ExitCode.datastore,
  forbidden: ExitCode.failed,
  exhausted: ExitCode.failed,
  unreadable: ExitCode.failed,
  partly: ExitCode.partial,
  interrupted: ExitCode.interrupted,
  failed: ExitCode.failed,
};

/** The exit code for what happened, of an error or of a report. The one place where it is decided. */
export function exitCodeOf({ meaning }: { readonly meaning: Ending }): ExitCode {
  return CODES[meaning];
}

/** The same for a command to which 1 is an answer ("differs"): trouble is above it, and 2 where it would be 1, as with diff(1). */
export function troubleCodeOf(happened: { readonly meaning: Ending }): ExitCode {
  const code = exitCodeOf(happened);
  return code === ExitCode.failed ? ExitCode.usage : code;
}
