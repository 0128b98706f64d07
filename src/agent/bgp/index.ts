import { setTimeout as sleep } from 'node:timers/promises';
import { pauseMs } from '../../base/back-off.js';
import type { BirdSettings } from '../../bgp/bird/facts.js';
import { birdRanges } from '../../bgp/bird/stored-objects.js';
import type { LocalWorkload } from '../../bgp/network.js';
import { connect } from '../../datastore/etcd/connect.js';
import type { Entry } from '../../datastore/store.js';
import { connectionOf, withDatastore } from '../datastore.js';
import { followStore } from '../follow-store.js';
import type { AgentContext, Part } from '../part.js';
import { thisHost } from '../startup/host.js';
import { nodeName } from '../startup/node-name.js';
import { BirdKeeper, type BgpPaths } from './keeper.js';
import { passwordVariable } from './passwords.js';
import { readWorkloads, watchWorkloads } from './workloads.js';

const PATHS: BgpPaths = { configuration: '/etc/calico/confd/config', statuses: '/var/run/calico/endpoint-status', sockets: '/var/run/calico' };

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
/** The time for each attempt to read all; a watch takes its own time from there. */
const ATTEMPT_MS = 30_000;
/** Changes that come together are answered together: BIRD is told once. */
const GATHER_MS = 100;
/** The pauses between tries to reach a BIRD that does not run yet. */
const PAUSES = { firstMs: 500, longestMs: 10_000, fixed: 0.5 };

/** The part `bgp`: keeps BIRD's files as the store has it; with --once only makes them. */
export const bgp: Part = (context) => bgpAt(PATHS)(context);

/** The same with other folders. */
export function bgpAt(paths: BgpPaths): Part {
  return async (context) => {
    const { args, env, log } = context;
    const other = args.find((arg) => arg !== '--once');
    if (other !== undefined) {
      log.error(`${JSON.stringify(other)} is not understood: bgp takes --once and nothing else`);
      return EXIT_USAGE;
    }
    const backend = (env['CALICO_NETWORKING_BACKEND'] ?? '').trim();
    if (!['', 'bird'].includes(backend)) {
      log.info(`CALICO_NETWORKING_BACKEND is ${backend}: this node speaks no BGP, and BIRD is told nothing`);
      return 0;
    }
    const settings = settingsOf(await nodeName(context, thisHost), env);
    const keeper = new BirdKeeper({ paths, settings, log });
    if (args.length > 0) return once(context, settings, keeper, paths);
    await keep(context, settings, keeper, paths);
    return 0;
  };
}

function settingsOf(node: string, env: AgentContext['env']): BirdSettings {
  const given = (name: string): string | undefined => ((env[name] ?? '') === '' ? undefined : env[name]);
  return { node, routerId: given('CALICO_ROUTER_ID'), clusterIps: given('CALICO_ADVERTISE_CLUSTER_IPS'), password: (secret, key) => given(passwordVariable(secret, key)) };
}

async function once(context: AgentContext, { node }: BirdSettings, keeper: BirdKeeper, paths: BgpPaths): Promise<number> {
  const { ranges } = await withDatastore(context, (store) => store.snapshot(birdRanges(node)));
  const isDone = await keeper.update(ranges.flat(), await readWorkloads(paths.statuses));
  await keeper.tellBirds();
  return isDone ? 0 : EXIT_FAILED;
}

/** Follows the store and the status files, and makes the files again after each change, until the agent is to end. */
async function keep({ env, log, signal, on }: AgentContext, { node }: BirdSettings, keeper: BirdKeeper, paths: BgpPaths): Promise<void> {
  const settings = connectionOf(env);
  let entries: readonly Entry[] | undefined;
  // Known before the first files are made: sessions with workloads would go and come back otherwise.
  let workloads: readonly LocalWorkload[] = await readWorkloads(paths.statuses);
  const changes = new Changes();
  watchWorkloads(paths.statuses, signal, () => void readWorkloads(paths.statuses).then((found) => {
    if (JSON.stringify(found) === JSON.stringify(workloads)) return;
    workloads = found;
    changes.note();
  }));
  on('SIGHUP', () => {
    keeper.forgetTold();
    changes.note();
  });
  const following = followStore({
    connect: (options) => connect(settings, { ...options, timeoutMs: ATTEMPT_MS }),
    ranges: birdRanges(node),
    log,
    signal,
    onEntries: (all) => {
      entries = [...all.values()];
      changes.note();
    },
  });
  const answering = answer(changes, signal, async () => {
    if (entries !== undefined) await keeper.update(entries, workloads);
    return keeper.tellBirds();
  });
  await Promise.all([following, answering]);
}

/** Does the work after each change, and again after a pause where it is not done. */
async function answer(changes: Changes, signal: AbortSignal, work: () => Promise<boolean>): Promise<void> {
  signal.addEventListener('abort', () => changes.note());
  for (let tried = 0; !signal.aborted; ) {
    await changes.next();
    if (isOver(signal)) return;
    await sleep(GATHER_MS);
    changes.forget();
    const isDone = await work();
    tried = isDone ? 0 : tried + 1;
    if (!isDone) changes.noteAfter(pauseMs(PAUSES, tried));
  }
}

/** Asked anew after every wait. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** That something changed, for who does one thing at a time. */
class Changes {
  private isNoted = false;
  private wake: () => void = () => undefined;
  private timer: NodeJS.Timeout | undefined;

  note(): void {
    this.isNoted = true;
    this.wake();
  }

  noteAfter(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.note(), ms);
  }

  forget(): void {
    this.isNoted = false;
    clearTimeout(this.timer);
  }

  async next(): Promise<void> {
    if (!this.isNoted) await new Promise<void>((resolve) => (this.wake = resolve));
  }
}
