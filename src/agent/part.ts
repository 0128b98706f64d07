import type { Log } from '../text/log.js';

/** What a part of the agent may use of the process it runs in. */
export interface AgentContext {
  /** What follows the name of the part. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** Writes text to stdout. */
  readonly print: (text: string) => void;
  /** Aborted when the process is asked to end (SIGTERM, SIGINT). */
  readonly signal: AbortSignal;
  /** Calls back each time that the process is sent the signal: SIGHUP asks to read all settings again, SIGUSR1 to write statistics to the log. */
  readonly on: (signal: 'SIGHUP' | 'SIGUSR1', listener: () => void) => void;
  /** The release of this agent, as `calicoctl --version` prints it. */
  readonly version: string;
}

/** A part of the agent: runs to its end and returns the exit code. What it throws is told as a bug. */
export type Part = (context: AgentContext) => Promise<number>;

const EXIT_USAGE = 2;

/** A part that takes no words: one that is given ends it with 2. */
export function withoutWords(name: string, part: Part): Part {
  return async (context) => {
    const [word] = context.args;
    if (word === undefined) return part(context);
    context.log.error(`${JSON.stringify(word)} is not understood: ${name} takes no words`);
    return EXIT_USAGE;
  };
}
