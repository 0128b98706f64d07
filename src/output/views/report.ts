import type { Ending } from '../../base/errors.js';

/** What a command says when it is done. */
export interface CommandReport {
  readonly stdout: string;
  readonly stderr: readonly string[];
  /** For somebody who is watching. */
  readonly hints?: readonly string[];
  /** What the work came to. */
  readonly meaning: Ending;
}

/** The report of what ended well, with this on stdout. */
export function done(stdout: string): CommandReport {
  return { stdout, stderr: [], meaning: 'done' };
}
