import { CalicoError, ListedError } from '../../base/errors.js';
import { CONTAINER } from './container.js';
import { pause, waitForEnd } from './follow.js';
import { awaitReady, inspect, NodeDidNotStart, start, type StartContext } from './start.js';
import { inspectContainer } from './state.js';
import { engineFailure } from './runtime.js';

/** Seconds before the container is started again: doubled up to the longest, and the first again after a steady run. */
const WAITS = { first: 1, longest: 60, steady: 60 } as const;

/** How far the watch has come. */
interface Progress {
  /** The container came up at least once, and is ours to stop. */
  hasRun: boolean;
  /** The container to be started takes the place of one that runs: a failure brings that one back, and is final. */
  isReplacing: boolean;
}

/**
 * Keeps the container running until the signal is aborted, then stops and removes it. What ends is told, and started again
 * after a while. An error ends the watch where the container never came up, or where it was to replace one that runs.
 * Throws CalicoError.
 */
export async function watch(context: StartContext): Promise<void> {
  const { notify, signal } = context;
  const progress: Progress = { hasRun: false, isReplacing: false };
  let round = context;
  let wait: number = WAITS.first;
  for (;;) {
    const began = Date.now();
    const failure = await runOnce(round, progress).catch((error: unknown) => error);
    if (signal.aborted) break;
    if (failure !== undefined) tell(failure, progress, notify);
    if (Date.now() - began > WAITS.steady * 1000) wait = WAITS.first;
    notify({ code: 'container.restarts', seconds: wait });
    await pause(wait * 1000, signal);
    wait = Math.min(wait * 2, WAITS.longest);
    round = { ...context, replace: undefined, prepare: () => Promise.resolve() };
  }
  if (progress.hasRun) await end(context);
}

/** One life of the container: it is started, or found running, and watched to its end. */
async function runOnce(context: StartContext, progress: Progress): Promise<void> {
  const { engine, notify, signal } = context;
  const situation = await inspect(context);
  progress.isReplacing = !situation.keep && situation.existing?.running === true;
  if (situation.keep && situation.existing !== undefined) {
    notify({ code: 'container.kept', by: 'watch' });
    await awaitReady(context, situation.existing);
  } else await start(context, situation);
  Object.assign(progress, { hasRun: true, isReplacing: false });
  notify({ code: 'container.watched' });
  const began = Date.now();
  const exitCode = await waitForEnd(engine, signal);
  if (exitCode === undefined) return;
  const outOfMemory = (await inspectContainer(engine))?.outOfMemory === true;
  notify({ code: 'container.ended', exitCode, outOfMemory, seconds: Math.round((Date.now() - began) / 1000) });
}

/** Tells a failure that will be tried again; throws one that will not. */
function tell(failure: unknown, { hasRun, isReplacing }: Progress, notify: StartContext['notify']): void {
  const canPass = !isReplacing && (failure instanceof NodeDidNotStart || (hasRun && failure instanceof CalicoError && failure.meaning !== 'taken'));
  if (!canPass) throw failure;
  notify({ code: 'container.failed', lines: failure instanceof ListedError ? failure.lines : [failure.message] });
}

async function end({ engine, notify }: StartContext): Promise<void> {
  if ((await inspectContainer(engine)) === undefined) return;
  await engine.run(['stop', CONTAINER]);
  const removed = await engine.run(['rm', '-f', CONTAINER]);
  if (removed.code !== 0) throw engineFailure(engine, `${engine.name} rm -f ${CONTAINER}`, removed);
  notify({ code: 'container.stopped' });
}
