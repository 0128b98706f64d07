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
  /** The world is not as assumed: exists already, does not exist, changed meanwhile. */
  conflict: 5,
  /** Part of a batch was written. */
  partial: 6,
  interrupted: 130,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
