import { CalicoError } from '../../base/errors.js';
import type { Notify } from '../../base/notice.js';
import type { ContainerNotice } from '../notices.js';
import { CONTAINER } from './container.js';
import { followUntilReady } from './follow.js';
import { NodeDidNotStart } from './start.js';
import { inspectContainer, refuseForeign, type ContainerState } from './state.js';
import { engineFailure, otherEngines, type Engine, type Environment } from './runtime.js';

/** Stops the node's container; it stays, so that it can be started again. Returns whether it ran. Throws CalicoError. */
export async function stopNode(engine: Engine, env: Environment, signal: AbortSignal): Promise<boolean> {
  const state = await requireNode(engine, env, signal);
  if (!state.running && state.status !== 'restarting') return false;
  await must(engine, 'stop');
  return true;
}

export interface RestartOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly notify: Notify<ContainerNotice>;
}

/** Restarts the node's container as it is, and waits until it says that it started. Throws CalicoError. */
export async function restartNode(engine: Engine, env: Environment, { timeoutMs, signal, notify }: RestartOptions): Promise<void> {
  await requireNode(engine, env, signal);
  const since = new Date().toISOString();
  await must(engine, 'restart');
  const { restarts } = await requireNode(engine, env, signal);
  const outcome = await followUntilReady(engine, { timeoutMs, signal, restarts, since, onLine: (line) => notify({ code: 'container.log', line }) });
  if (!outcome.ready) throw new NodeDidNotStart(outcome.reason, outcome.lastLines);
}

async function requireNode(engine: Engine, env: Environment, signal: AbortSignal): Promise<ContainerState> {
  const state = await inspectContainer(engine, signal);
  if (state === undefined) {
    const others = otherEngines(engine, env);
    throw new CalicoError('missing', `${engine.name} has no container named ${CONTAINER}`, { hint: others.length === 0 ? 'start it with: calicoctl node run' : (option) => `look at another engine with ${option('runtime')}: ${others.join(', ')}`, subject: CONTAINER });
  }
  refuseForeign(engine, state);
  return state;
}

async function must(engine: Engine, verb: 'stop' | 'restart'): Promise<void> {
  const end = await engine.run([verb, CONTAINER]);
  if (end.code !== 0) throw engineFailure(engine, `${engine.name} ${verb} ${CONTAINER}`, end);
}
