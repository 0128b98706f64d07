import { CONTAINER } from './container.js';
import { exitText } from './exit-text.js';
import { inspectContainer, type ContainerState } from './state.js';
import { engineFailure, type Engine } from './runtime.js';
import { withTimeLimit } from '../../base/time-limit.js';

/** What the container says on stdout once it runs (reference/node 3). */
export const READY_LINE = 'Calico node started successfully';

/** How many of the container's last lines are shown when it fails. */
const LAST_LINES = 10;
/** How often the engine is asked whether the container still runs: not every engine ends its log when it does not. */
const LOOK_EVERY_MS = 300;
/** The first lines may be older than the moment that the engine noted; those of an earlier life are older still. */
const EARLY_MS = 100;
/** A log that begins later than this after the container has lost its beginning. */
const BEGINNING_MS = 10_000;
/** Longest time to read a log in. */
const READING_MS = 20_000;
/** How long to wait for the last lines: engines end the log of a container that has ended, as a rule, and never that of one that runs. */
const LAST_WORDS_MS = { ended: 5000, running: 500 } as const;

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
 * Follows the log of the container until it says that it started, it ends, or the time is over. Throws CalicoError
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
  const failed = lookUntilOver(engine, options, stop.signal).then(async ({ reason, ended }): Promise<Readiness> => {
    await Promise.race([follower, pause(LAST_WORDS_MS[ended ? 'ended' : 'running'], stop.signal)]);
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
async function lookUntilOver(engine: Engine, { timeoutMs, signal, restarts }: FollowOptions, stop: AbortSignal): Promise<{ reason: string; ended: boolean }> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const state = await inspectContainer(engine);
    const reason = reasonToGiveUp(state, restarts);
    if (reason !== undefined) return { reason, ended: true };
    if (Date.now() > deadline) return { reason: `it did not report that it started within ${timeoutMs / 1000} s`, ended: false };
    if (stop.aborted || signal.aborted) return { reason: 'interrupted', ended: false };
    await pause(LOOK_EVERY_MS, stop, signal);
  }
}

function reasonToGiveUp(state: ContainerState | undefined, restarts: number): string | undefined {
  if (state === undefined) return 'it was removed';
  if (!state.running) return state.status === 'created' ? undefined : `it ended with ${exitText(state)}`;
  return state.restarts > restarts ? 'it ended and was restarted by its engine' : undefined;
}

/** The moment from which the log of a container's present life is asked for. */
export function beginningOf(startedAt: string): string {
  return new Date(Date.parse(startedAt) - EARLY_MS).toISOString();
}

/**
 * Whether a container that has run for a while said that it started. Undefined where its log cannot tell: it is not to be
 * had, too long, or has lost its beginning.
 */
export async function hasSaidReady(engine: Engine, startedAt: string): Promise<boolean | undefined> {
  const found = new AbortController();
  let first: number | undefined;
  const onLine = (line: string, stream: 'stdout' | 'stderr'): void => {
    const blank = line.indexOf(' ');
    first ??= Date.parse(line.slice(0, blank));
    if (stream === 'stdout' && line.slice(blank + 1) === READY_LINE) found.abort();
  };
  const words = ['logs', '--timestamps', '--since', beginningOf(startedAt), CONTAINER];
  const end = await withTimeLimit(READING_MS, found.signal, (signal) => engine.run(words, { signal, onLine }));
  if (found.signal.aborted) return true;
  const isWhole = first === undefined || first - Date.parse(startedAt) < BEGINNING_MS;
  return end.code === 0 && isWhole ? false : undefined;
}

/** Waits for the end of the container and returns its exit code; undefined where the signal was aborted first. Throws CalicoError. */
export async function waitForEnd(engine: Engine, signal?: AbortSignal): Promise<number | undefined> {
  const waited = await engine.run(['wait', CONTAINER], { signal });
  if (signal?.aborted === true) return undefined;
  if (waited.code !== 0) throw engineFailure(engine, `${engine.name} wait ${CONTAINER}`, waited);
  return Number(waited.stdout.trim());
}

/** Waits for some milliseconds, or until one of the signals is aborted. Never rejects. */
export function pause(ms: number, ...signals: AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    if (signals.some(({ aborted }) => aborted)) finish();
    else for (const signal of signals) signal.addEventListener('abort', finish);
  });
}
