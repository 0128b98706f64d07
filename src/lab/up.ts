import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { CalicoError } from '../base/errors.js';
import type { Notify } from '../base/notice.js';
import type { Sources } from '../changes/initialize.js';
import type { Store } from '../datastore/store.js';
import { startInBackground, type Background } from '../host/background.js';
import type { StoredObject } from '../resources/kind.js';
import { askKeeper } from './ask-keeper.js';
import { addContext } from './context.js';
import { takeDown } from './down.js';
import { addWorkload, placed, writeBasics } from './fill.js';
import { LabFolder } from './folder.js';
import { INNER, Lab } from './lab.js';
import type { LabNotice } from './notices.js';
import type { LabPlan } from './plan.js';
import { hostsReady, nodesRegistered } from './readiness.js';
import { settleWorkloads, storedWorkloads, workloadOf } from './workloads.js';

/** What a lab is to be made of. */
export interface UpOptions {
  readonly plan: Omit<LabPlan, 'id' | 'begun'>;
  /** Connects to the store of a lab. */
  readonly connect: (endpoint: string) => Promise<Store>;
  /** Fills the store with what the lab is to hold; undefined for the tenant network. */
  readonly fill?: ((store: Store) => Promise<unknown>) | undefined;
  /** Leaves what was made when something fails, to be looked at. */
  readonly keep: boolean;
  /** Says where contexts are kept. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly sources: Sources;
  readonly signal: AbortSignal;
  readonly notify: Notify<LabNotice>;
}

/** How long a lab may take. */
const LONGEST_MS = 60_000;
/** How long it may take until its keeper answers. */
const KEEPER_MS = 10_000;
/**
 * The keeper lives in a process namespace of its own, so that the kernel ends all of a lab together. The first process there is a shell that
 * waits for the keeper, and for what others leave behind: a zombie would hold up the end of its host.
 */
const OWN_PROCESSES = ['unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', '--propagation', 'private', '--', 'sh', '-c', '"$@"; exit', 'sh'];

/**
 * Makes a lab and returns it when it carries traffic. What is to be made is on disk before anything is, so that `lab down` finds it, whenever
 * this is killed. Throws CalicoError; nothing is left then, unless it is to be kept.
 */
export async function makeLab(options: UpOptions): Promise<Lab> {
  const folder = new LabFolder(options.plan.name);
  const plan: LabPlan = { ...options.plan, id: randomUUID(), begun: options.sources.now().toISOString() };
  folder.begin(plan);
  let keeper: Background | undefined;
  try {
    keeper = await startKeeper(folder, plan);
    const lab = await build(folder, plan, options);
    await addContext(folder, lab.endpoint, options.env);
    await lab.ask({ do: 'keep' });
    keeper.release();
    return lab;
  } catch (error) {
    if (!options.keep || keeper === undefined) await takeDown(folder);
    else await askKeeper(folder, { do: 'keep' }).then(() => keeper?.release(), () => undefined);
    throw error;
  }
}

async function startKeeper(folder: LabFolder, plan: LabPlan): Promise<Background> {
  const words = [...OWN_PROCESSES, ...plan.program, INNER, 'keeper', folder.path, plan.id];
  const keeper = await startInBackground(words, { env: { PATH: plan.searchPath }, log: folder.keeperLog });
  const deadline = performance.now() + KEEPER_MS;
  for (;;) {
    if (await askKeeper(folder, { do: 'tell' }).then(() => true, () => false)) return keeper;
    if (keeper.isOver() || performance.now() > deadline) throw new CalicoError('failed', `the keeper of the lab does not start: ${lastLine(folder.keeperLog)}`);
    await sleep(20);
  }
}

function lastLine(file: string): string {
  return readFileSync(file, 'utf8').trim().split('\n').at(-1) ?? '';
}

async function build(folder: LabFolder, plan: LabPlan, options: UpOptions): Promise<Lab> {
  const { sources, signal, notify } = options;
  const step = (doing: LabNotice & { code: 'lab.step' } extends { doing: infer D } ? D : never, at: number): void => {
    signal.throwIfAborted();
    notify({ code: 'lab.step', doing, step: at, of: 5 });
  };
  step('network', 0);
  await askKeeper(folder, { do: 'network' });
  const lab = await Lab.open(plan.name);
  const store = await options.connect(lab.endpoint);
  try {
    step('store', 1);
    await (options.fill?.(store) ?? writeBasics(store, plan, sources));
    step('hosts', 2);
    const hosts = plan.hosts.map(({ name }) => name);
    await Promise.all(hosts.map((host) => lab.ask({ do: 'start', host })));
    await lab.ask({ do: 'tell' });
    step('nodes', 3);
    const patience = { longestMs: LONGEST_MS, signal };
    await nodesRegistered(lab, store, hosts, patience);
    step('workloads', 4);
    if (options.fill === undefined) await addTenant(lab, store, sources);
    await makeWorkloads(lab, store, hosts, notify);
    step('ready', 5);
    await hostsReady(lab, hosts, patience);
  } finally {
    store.close();
  }
  return lab;
}

async function addTenant({ plan }: Lab, store: Store, sources: Sources): Promise<void> {
  for (const [number, { workload, host }] of placed(plan.hosts).entries()) await addWorkload(store, workload, { host, number, sources });
}

/** Makes what is missing of the workloads that the store has on some hosts; returns those of all hosts. Throws CalicoError. */
export async function makeWorkloads(lab: Lab, store: Store, hosts: readonly string[], notify: Notify<LabNotice>): Promise<readonly StoredObject[]> {
  const { here, elsewhere } = await storedWorkloads(store, lab.plan.hosts.map(({ name }) => name));
  if (elsewhere.length > 0) notify({ code: 'lab.without-host', workloads: elsewhere.length, nodes: [...new Set(elsewhere.map((object) => workloadOf(object).host))].sort() });
  await Promise.all(hosts.map((host) => settleWorkloads(lab, host, here)));
  return here;
}
