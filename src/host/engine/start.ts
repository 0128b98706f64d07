import { CalicoError, ListedError } from '../../base/errors.js';
import type { ContainerNotice } from '../notices.js';
import type { Notify } from '../../base/notice.js';
import { CONTAINER, secretsOf, type ContainerCommand } from './container.js';
import { beginningOf, followUntilReady, hasSaidReady } from './follow.js';
import { differences, inspectContainer, refuseForeign, unhealthyReason, type ContainerState } from './state.js';
import { readImage, refuseOldImage } from './image-version.js';
import { engineFailure, saysSomething, type Engine } from './runtime.js';

/** Where the container that is being replaced waits, so that it can come back. */
const SET_ASIDE = `${CONTAINER}-replaced`;

const NOTHING = (): Promise<void> => Promise.resolve();

/** The container came up, but did not say that it started. */
export class NodeDidNotStart extends ListedError {
  constructor(reason: string, lastLines: readonly string[]) {
    const lines = lastLines.length === 0 ? ['It logged nothing.'] : ['Its last log lines:', ...lastLines.map((line) => ` | ${line}`)];
    super('failed', [`${CONTAINER} did not start: ${reason}`, ...lines]);
  }
}

/** What starting a node needs besides the command itself. */
export interface StartContext {
  readonly engine: Engine;
  readonly command: ContainerCommand;
  /** Why even a healthy container of the same settings must make way; undefined where it need not. */
  readonly replace: string | undefined;
  /** Start also an image that reads the v2 store. */
  readonly force: boolean;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Makes the kernel and the folders ready, once it is clear that a container will be started. */
  readonly prepare: () => Promise<void>;
  readonly notify: Notify<ContainerNotice>;
}

/** What is there before the start, and what must be done about it. */
export interface Situation {
  readonly existing: ContainerState | undefined;
  /** The existing container is as wanted and healthy. */
  readonly keep: boolean;
  /** Why it must make way; undefined where there is none. */
  readonly replaceReason: string | undefined;
}

/** Looks at what is there, and makes sure of the image. Changes nothing. Throws CalicoError. */
export async function inspect(context: StartContext): Promise<Situation> {
  const { engine, command, replace, signal } = context;
  const existing = await inspectContainer(engine, signal);
  if (existing !== undefined) refuseForeign(engine, existing);
  const imageId = await ensureImage(context);
  if (existing === undefined) return { existing, keep: false, replaceReason: undefined };
  const replaceReason = unhealthyReason(existing) ?? differenceText(differences(existing, command, imageId)) ?? replace ?? (await doubt(context, existing));
  return { existing, keep: replaceReason === undefined, replaceReason };
}

function differenceText([first, ...more]: readonly string[]): string | undefined {
  if (more.length === 0) return first;
  return `${first}, and ${more.length} more ${more.length === 1 ? 'difference' : 'differences'}`;
}

/** What speaks against a container that runs as wanted: it may hang since its engine started it again. */
async function doubt({ engine, timeoutMs }: StartContext, { startedAt, health }: ContainerState): Promise<string | undefined> {
  if (health === 'healthy' || Date.now() - Date.parse(startedAt) <= timeoutMs) return undefined;
  return (await hasSaidReady(engine, startedAt)) === false ? 'it has not reported that it started' : undefined;
}

/** The id of the image on this machine, fetched if need be. Throws CalicoError, also where it is too old. */
async function ensureImage({ engine, command: { image }, notify, signal, force }: StartContext): Promise<string> {
  const inspectImage = (): ReturnType<Engine['run']> => engine.run(['image', 'inspect', image], { signal });
  let end = await inspectImage();
  signal.throwIfAborted();
  if (end.code !== 0 && !/no such image|image not known|not found|no such object/i.test(end.stderr)) throw engineFailure(engine, `${engine.name} image inspect ${image}`, end);
  if (end.code !== 0) {
    notify({ code: 'container.image.fetched', image });
    const pulled = await engine.run(['pull', image], { signal });
    signal.throwIfAborted();
    if (pulled.code !== 0) {
      const { message } = engineFailure(engine, `${engine.name} pull`, pulled);
      throw new CalicoError('failed', `the image ${image} is not on this machine and cannot be fetched: ${message}`, { hint: (option) => `name another with ${option('node-image')}, or load it with: ${engine.name} load` });
    }
    end = await inspectImage();
  }
  const facts = readImage(end.stdout);
  if (!force) await refuseOldImage(engine, image, facts, signal);
  return facts.id;
}

/**
 * Starts the container in the place of what is there. After a failure the old one is back, except under `--watch` one that
 * had ended. Throws NodeDidNotStart where the container came up and ended, CalicoError for the rest.
 */
export async function start(context: StartContext, { existing, replaceReason }: Situation): Promise<void> {
  const { engine, notify } = context;
  await context.prepare();
  notify({ code: 'container.replaced', reason: replaceReason });
  const bringBack = existing === undefined ? NOTHING : await setAside(context, existing);
  try {
    await runDetached(context);
    notify({ code: 'container.started' });
    const outcome = await followUntilReady(engine, { timeoutMs: context.timeoutMs, signal: context.signal, restarts: 0, onLine: (line) => notify({ code: 'container.log', line }) });
    if (!outcome.ready) throw new NodeDidNotStart(outcome.reason, outcome.lastLines);
  } catch (error) {
    if (error instanceof CalicoError && error.meaning === 'taken') throw error;
    await engine.run(['rm', '-f', CONTAINER]);
    // The reason of the failure is worth more than what went wrong after it.
    await bringBack().catch((failure: unknown) => notify({ code: 'container.not-restored', as: SET_ASIDE, reason: (failure as Error).message }));
    throw error;
  }
  // Also what a run that was cut short left: the engine would start it beside this one some day.
  await engine.run(['rm', '-f', SET_ASIDE]);
}

/** A container that is kept must have said that it started, too: it may have come up just now. For older ones `inspect` has looked. */
export async function awaitReady(context: StartContext, existing: ContainerState): Promise<void> {
  const { engine, timeoutMs, signal } = context;
  if (Date.now() - Date.parse(existing.startedAt) > timeoutMs) return;
  const outcome = await followUntilReady(engine, { timeoutMs, signal, restarts: existing.restarts, since: beginningOf(existing.startedAt), onLine: () => undefined });
  if (!outcome.ready) throw new NodeDidNotStart(outcome.reason, outcome.lastLines);
}

/** Prints the command and runs it until the container is started. Throws CalicoError, `taken` where somebody else has the name. */
export async function runDetached({ engine, command, notify }: StartContext): Promise<void> {
  announce(engine, command, notify);
  const end = await engine.run(command.arguments, { secrets: secretsOf(command) });
  if (end.code === 0) return;
  if (/name .*already (in use|used)/i.test(end.stderr)) throw new CalicoError('taken', `a container named ${CONTAINER} was started meanwhile by another program; it was left alone`, { hint: `the previous container may still exist as ${SET_ASIDE}, stopped`, subject: CONTAINER });
  const { message, hint } = engineFailure(engine, `${engine.name} run`, end);
  const lines = `${end.stdout}${end.stderr}`.split('\n').filter(saysSomething);
  const all = lines.length > 1 ? lines.map((line) => ` | ${line}`) : [];
  throw new ListedError('failed', [`${CONTAINER} could not be started: ${message}`, ...all], { hint });
}

/** Shows the exact command. */
export function announce(engine: Engine, command: ContainerCommand, notify: StartContext['notify']): void {
  notify({ code: 'container.command', words: [engine.name, ...command.arguments] });
}

/** Stops the old container and takes its name away. Returns how to bring it back as it was. */
async function setAside({ engine, command, notify }: StartContext, existing: ContainerState): Promise<() => Promise<void>> {
  const must = async (...args: string[]): Promise<void> => {
    const end = await engine.run(args);
    if (end.code !== 0) throw engineFailure(engine, `${engine.name} ${args.join(' ')}`, end);
  };
  if (command.supervisor === 'watch' && !existing.running) {
    await must('rm', '-f', CONTAINER);
    return NOTHING;
  }
  await engine.run(['rm', '-f', SET_ASIDE]);
  await must('stop', CONTAINER);
  if ((await inspectContainer(engine)) === undefined) return () => Promise.resolve(notify({ code: 'container.removed-itself' }));
  await must('rename', CONTAINER, SET_ASIDE);
  return async () => {
    await must('rename', SET_ASIDE, CONTAINER);
    if (existing.running) await must('start', CONTAINER);
    notify({ code: 'container.restored', running: existing.running, exitCode: existing.exitCode, outOfMemory: existing.outOfMemory });
  };
}
