import { CommandError, ListedError } from '../errors.js';
import { ExitCode } from '../exit-codes.js';
import { CONTAINER } from './container-command.js';
import { pause } from './container-follow.js';
import { assess, confirm, NodeDidNotStart, start, type StartContext } from './container-start.js';
import { exitText, inspectContainer } from './container-state.js';
import { engineFailure } from './runtime.js';

/** Seconds before the container is started again: doubled up to the longest, and the first again after a steady run. */
const WAITS = { first: 1, longest: 60, steady: 60 } as const;

/**
 * Keeps the container running until the signal is aborted, then stops and removes it. An engine that refuses before the
 * container has come up once is an error; later failures are told, and tried again after a while. Throws CommandError.
 */
export async function watch(context: StartContext): Promise<void> {
  const { say, signal } = context;
  let round = context;
  let wait: number = WAITS.first;
  let isOurs = false;
  for (;;) {
    const began = Date.now();
    const failure = await runOnce(round, () => (isOurs = true)).catch((error: unknown) => error);
    if (signal.aborted) break;
    if (failure !== undefined) tell(failure, round === context, say);
    if (Date.now() - began > WAITS.steady * 1000) wait = WAITS.first;
    say(`Starting ${CONTAINER} again in ${wait} s.`);
    await pause(wait * 1000, signal);
    wait = Math.min(wait * 2, WAITS.longest);
    round = { ...context, replace: false, prepare: () => Promise.resolve() };
  }
  if (isOurs) await end(context);
}

/** One life of the container: it is started, or found running, and watched to its end. `take` is called when it becomes ours to stop. */
async function runOnce(context: StartContext, take: () => void): Promise<void> {
  const { engine, say, signal } = context;
  const situation = await assess(context);
  take();
  if (situation.keep && situation.existing !== undefined) {
    say(`${CONTAINER} runs already with these settings; it is watched as it is.`);
    await confirm(context, situation.existing);
  } else await start(context, situation);
  say(`Watching ${CONTAINER}; Ctrl-C stops it.`);
  const began = Date.now();
  const waited = await engine.run(['wait', CONTAINER], { signal });
  if (signal.aborted) return;
  if (waited.code !== 0) throw engineFailure(engine, `${engine.name} wait ${CONTAINER}`, waited);
  const outOfMemory = (await inspectContainer(engine))?.outOfMemory === true;
  say(`${CONTAINER} ended with ${exitText({ exitCode: Number(waited.stdout.trim()), outOfMemory })} after ${Math.round((Date.now() - began) / 1000)} s.`);
}

/** Tells a failure that will be tried again; throws one that will not. */
function tell(failure: unknown, isFirst: boolean, say: StartContext['say']): void {
  const canPass = failure instanceof NodeDidNotStart || (!isFirst && failure instanceof CommandError && failure.exitCode !== ExitCode.conflict);
  if (!canPass) throw failure;
  for (const line of failure instanceof ListedError ? failure.lines : [failure.message]) say(line);
}

async function end({ engine, say }: StartContext): Promise<void> {
  if ((await inspectContainer(engine)) === undefined) return;
  await engine.run(['stop', CONTAINER]);
  const removed = await engine.run(['rm', '-f', CONTAINER]);
  if (removed.code !== 0) throw engineFailure(engine, `${engine.name} rm -f ${CONTAINER}`, removed);
  say(`Stopped ${CONTAINER}.`);
}
