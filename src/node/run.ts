import { CalicoError } from '../base/errors.js';
import { CONTAINER, secretsOf, shellLine } from '../host/engine/container.js';
import { containerCommand, type NodePlan } from './container.js';
import { announce, awaitReady, inspect, start, type Situation, type StartContext } from '../host/engine/start.js';
import { waitForEnd } from '../host/engine/follow.js';
import { exitText } from '../host/engine/exit-text.js';
import { inspectContainer } from '../host/engine/state.js';
import { watch } from '../host/engine/watch.js';
import { explainAddresses, type StoredAddresses } from './addresses.js';
import type { Notify } from '../base/notice.js';
import type { NodeRunNotice } from './notices.js';
import { checkMounts, makeFolders, prepareKernel } from './prepare.js';
import { chooseEngine, requireEngine, type Engine, type EngineName, type Environment } from '../host/engine/runtime.js';

/** What `node run` is asked to do. */
export interface NodeRun {
  readonly plan: NodePlan;
  readonly runtime: EngineName | undefined;
  /** Why even a healthy container of the same settings must make way; undefined where it need not. */
  readonly replace: string | undefined;
  /** Start also an image that reads the v2 store. */
  readonly force: boolean;
  readonly timeoutMs: number;
  readonly env: Environment;
  readonly isRoot: boolean;
  readonly signal: AbortSignal;
  readonly notify: Notify<NodeRunNotice>;
  /** Asks the datastore what it has for the node: nothing is started where it does not answer. */
  readonly storedAddresses: () => Promise<StoredAddresses>;
}

/** The text of `--dryrun`: the command, and how to go on (reference/node 3). No engine need be there. Throws CalicoError. */
export function dryRun({ plan, runtime, env }: Pick<NodeRun, 'plan' | 'runtime' | 'env'>): string {
  const engine = chooseEngine(runtime, env)?.name ?? runtime ?? 'docker';
  const command = containerCommand(forEngine(plan, engine));
  const lines = [
    'Use the following command to start the calico/node container:', '',
    shellLine([engine, ...command.arguments]), '',
    ...(plan.supervisor === 'init-system'
      ? ['Use the following command to stop the calico/node container:', '', `${engine} stop ${CONTAINER}`, '']
      : ['If you are running calico/node in an init system, use the --init-system flag', 'to display the appropriate start and stop commands.']),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/**
 * Starts the node's container: everything that can be known beforehand is checked before anything is changed, and a
 * failure leaves what ran before running. Throws CalicoError.
 */
export async function runNode(run: NodeRun): Promise<void> {
  const { plan, env, notify, signal, isRoot } = run;
  if (!isRoot) throw new CalicoError('forbidden', 'node run needs root: it loads kernel modules and enables forwarding', { hint: (option) => `${option('dryrun')} shows the command without running it` });
  const engine = requireEngine(run.runtime, env);
  const command = containerCommand(forEngine(plan, engine.name));
  const inContainer = (env['CALICO_CTL_CONTAINER'] ?? '') !== '';
  // An engine that does not run is the cause of whatever of its files is missing, so it is asked first. What it answers may have changed by the time it counts.
  await inspectContainer(engine, signal);
  const stored = await run.storedAddresses();
  notify({ code: 'node.name', name: plan.options.name, origin: plan.options.nameOrigin });
  // In a container of our own we see other files and other interfaces than the host.
  if (!inContainer) {
    checkMounts(command.mounts);
    for (const notice of await explainAddresses(plan.options, stored, signal)) notify(notice);
  }
  const prepare = async (): Promise<void> => {
    if (inContainer) return;
    await prepareKernel(notify);
    makeFolders(command.mounts);
  };
  await supervise({ engine, command, prepare, notify, signal, replace: run.replace, force: run.force, timeoutMs: run.timeoutMs });
}

async function supervise(context: StartContext): Promise<void> {
  if (context.command.supervisor === 'watch') return watch(context);
  const { notify, signal } = context;
  const situation = await inspect(context);
  signal.throwIfAborted();
  if (situation.keep && situation.existing !== undefined) await awaitReady(context, situation.existing);
  if (context.command.supervisor === 'init-system') await runInForeground(context, situation);
  else if (situation.keep) notify({ code: 'container.kept', by: 'engine' });
  else await start(context, situation);
}

/** Stays with the container until it ends, as an init system wants it. Throws CalicoError where it ends badly. */
async function runInForeground(context: StartContext, situation: Situation): Promise<void> {
  const { engine, command, notify, signal } = context;
  if (situation.keep) notify({ code: 'container.kept', by: 'init-system' });
  else await makeWay(context, situation);
  signal.throwIfAborted();
  const stop = (): void => void engine.run(['stop', CONTAINER]);
  signal.addEventListener('abort', stop);
  try {
    const code = situation.keep ? await waitForEnd(engine) : await engine.runAttached(command.arguments, { secrets: secretsOf(command) });
    if (code !== 0 && !signal.aborted) throw badEnd(engine, code ?? undefined);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

async function makeWay({ engine, command, notify, prepare }: StartContext, { replaceReason }: Situation): Promise<void> {
  await prepare();
  notify({ code: 'container.replaced', reason: replaceReason });
  await engine.run(['rm', '-f', CONTAINER]);
  announce(engine, command, notify);
}

/** How a container ended in the foreground. The engine uses exit code 125 for a container that it could not start. */
function badEnd(engine: Engine, code: number | undefined): CalicoError {
  if (code === 125) return new CalicoError('failed', `${CONTAINER} could not be started: ${engine.name} run ended with exit status 125; its output is above`);
  return new CalicoError('failed', `${CONTAINER} ended with ${code === undefined ? 'a signal' : exitText({ exitCode: code })}`);
}

/** Docker's own networking is there with docker only. */
function forEngine(plan: NodePlan, engine: Engine['name']): NodePlan {
  return engine === 'docker' ? plan : { ...plan, dockerNetworking: { ...plan.dockerNetworking, enabled: false } };
}

