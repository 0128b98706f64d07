import { CONTAINER } from './container-command.js';
import { exitText, inspectContainer, type ContainerState } from './container-state.js';
import type { Engine } from './runtime.js';

/** What the container says on stdout once it runs (node-dataplane.md A.3). */
export const READY_LINE = 'Calico node started successfully';

/** How many of the container's last lines are shown when it fails. */
const LAST_LINES = 10;
/** How often the engine is asked whether the container still runs: not every engine ends its log when it does not. */
const LOOK_EVERY_MS = 300;
/** How long to wait for the last lines of a container that has ended. */
const LAST_WORDS_MS = 500;

export interface FollowOptions {
  readonly timeoutMs: number;
  /** Lines before this moment are of an earlier run. */
  readonly since?: string;
  /** How often the engine had started the container again beforehand. */
  readonly restarts: number;
  /** Takes each line of the container's stdout, the ready line included. */
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
}

export type Readiness = { readonly ready: true } | { readonly ready: false; readonly reason: string; readonly lastLines: readonly string[] };

/**
 * Follows the log of the container until it says that it started, it ends, or the time is over. Throws CommandError
 * where the engine fails, and the reason of the signal where that is aborted.
 */
export async function followUntilReady(engine: Engine, options: FollowOptions): Promise<Readiness> {
  const stop = new AbortController();
  const lastLines: string[] = [];
  let sayReady = (): void => undefined;
  const ready = new Promise<Readiness>((resolve) => (sayReady = () => resolve({ ready: true })));
  const onLine = (line: string, stream: 'stdout' | 'stderr'): void => {
    if (stop.signal.aborted) return;
    lastLines.push(line);
    if (lastLines.length > LAST_LINES) lastLines.shift();
    if (stream === 'stdout') options.onLine(line);
    if (stream === 'stdout' && line === READY_LINE) sayReady();
  };
  const since = options.since === undefined ? [] : ['--since', options.since];
  const follower = engine.run(['logs', '--follow', ...since, CONTAINER], { signal: stop.signal, onLine }).catch(() => undefined);
  const failed = lookUntilOver(engine, options, stop.signal).then(async (reason): Promise<Readiness> => {
    await Promise.race([follower, pause(LAST_WORDS_MS, stop.signal)]);
    return { ready: false, reason, lastLines };
  });
  try {
    const outcome = await Promise.race([ready, failed]);
    options.signal.throwIfAborted();
    return outcome;
  } finally {
    stop.abort();
    await Promise.allSettled([follower, failed]);
  }
}

/** Looks at the container from time to time and returns why it will not become ready. */
async function lookUntilOver(engine: Engine, { timeoutMs, signal, restarts }: FollowOptions, stop: AbortSignal): Promise<string> {
  const deadline = Date.now() + timeoutMs;
  const either = AbortSignal.any([stop, signal]);
  for (;;) {
    const state = await inspectContainer(engine);
    const reason = reasonToGiveUp(state, restarts) ?? (Date.now() > deadline ? `it did not say that it started within ${timeoutMs / 1000} s` : undefined);
    if (reason !== undefined) return reason;
    if (either.aborted) return 'interrupted';
    await pause(LOOK_EVERY_MS, either);
  }
}

function reasonToGiveUp(state: ContainerState | undefined, restarts: number): string | undefined {
  if (state === undefined) return 'somebody removed it';
  if (!state.running) return state.status === 'created' ? undefined : `it ended with ${exitText(state)}`;
  return state.restarts > restarts ? 'it ended and was started again by its engine' : undefined;
}

/** Waits for some milliseconds, or until the signal is aborted. Never rejects. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    if (signal.aborted) finish();
    else signal.addEventListener('abort', finish);
  });
}
