import { setTimeout as sleep } from 'node:timers/promises';
import { CalicoError } from '../../base/errors.js';
import { pauseMs } from '../../base/back-off.js';
import { timestamp } from '../../changes/initialize.js';
import type { Operation } from '../../datastore/store.js';
import { dockerHostKey, dockerNetworkKey } from '../../resources/docker-keys.js';
import { isOver, type DriverContext } from '../context.js';
import { Alarm } from './alarm.js';
import { planNetworks, type Step } from './plan.js';
import { encodeHostNetwork, encodeNetwork, keptRanges, readKeptNow, type HostNetwork, type KeptNetworks } from './record.js';
import { removeEverywhere } from './removal.js';

/** Changes that come together are answered together. */
const GATHER_MS = 50;
/** After so long it is looked again though nothing was heard: what did not succeed may now. */
const RESYNC_MS = 60_000;
/** An engine that has not removed a network by then will not. */
const LEAVING_MS = 30_000;
/** For so long an engine may list a network no more before it tells us that it removes it (reference/libnetwork 4.3). */
const LOST_MS = 3000;
/** What is listened to, in what is told of it. */
const [EVENTS, CHANGES] = ['events of networks', 'changes of networks'];
const PAUSES = { firstMs: 500, longestMs: 5000, fixed: 0.5 };

/** Has the engine of this host have the networks that all hosts have, and tells the others of those that are made and removed here. */
export class NetworkKeeper {
  /** Networks that the engine is about to remove, and since when. */
  private readonly leaving = new Map<string, number>();
  /** Those that it removes because we asked for it. */
  private readonly unwanted = new Set<string>();
  /** Networks that the engine lists no more, and since when. */
  private readonly lost = new Map<string, number>();
  private readonly names = new Map<string, string>();
  private readonly told = new Map<string, string>();
  private readonly alarm = new Alarm();

  constructor(private readonly context: DriverContext) {}

  /**
   * What a network of the engine is called. The datastore is asked first: an engine that starts has containers ask for endpoints before it
   * answers anybody. Throws CalicoError where there is none of this id.
   */
  async nameOf(id: string): Promise<string> {
    const name = this.names.get(id) ?? (await this.keptName(id)) ?? (await this.context.engine.network(id))?.spec.name;
    if (name === undefined) throw new CalicoError('missing', `the Docker engine has no network ${id}`);
    this.names.set(id, name);
    return name;
  }

  private async keptName(id: string): Promise<string | undefined> {
    const { withStore, node } = this.context;
    const { own } = await withStore((store) => readKeptNow(store, node));
    return [...own.values()].find((each) => each.id === id)?.name;
  }

  /** The engine is about to remove a network: so are all hosts. Throws CalicoError where it is to stay; the engine passes over that. */
  async removed(id: string): Promise<void> {
    const { withStore, node } = this.context;
    const name = this.names.get(id);
    this.names.delete(id);
    if (name !== undefined) this.lost.delete(name);
    if (this.unwanted.has(id)) return;
    this.leaving.set(id, performance.now());
    try {
      await withStore((store) => removeEverywhere(store, node, id));
    } finally {
      this.alarm.ring();
    }
  }

  /** Keeps them until the signal of the context is aborted. Never throws but for bugs. */
  async run(): Promise<void> {
    await Promise.all([this.hearEngine(), this.hearStore(), this.settleAgainAndAgain()]);
  }

  private hearEngine(): Promise<void> {
    const { engine, signal } = this.context;
    return this.again(EVENTS, () => engine.watchNetworks(() => this.hear(EVENTS), signal));
  }

  private hearStore(): Promise<void> {
    const { withStore, node } = this.context;
    return this.again(CHANGES, () => withStore(async (store) => {
      const ranges = keptRanges(node);
      const { revision, ranges: found } = await store.snapshot(ranges);
      this.hear(CHANGES);
      const known = new Map(found.flat().map(({ key, modRevision }) => [key, modRevision]));
      for await (const { changes } of store.watch(ranges, { after: revision, known })) if (changes.length > 0) this.hear(CHANGES);
    }));
  }

  private hear(what: string): void {
    this.tell(what, undefined);
    this.alarm.ring();
  }

  /** Listens to something; when that ends, again after a pause. */
  private async again(what: string, listen: () => Promise<void>): Promise<void> {
    const { signal } = this.context;
    for (let tried = 0; !signal.aborted; tried++) {
      const began = performance.now();
      await listen().catch((error: unknown) => {
        if (!signal.aborted) this.tell(what, problemOf(error));
      });
      if (performance.now() - began > PAUSES.longestMs) tried = 0;
      await sleep(pauseMs(PAUSES, tried), undefined, { signal }).catch(() => undefined);
    }
  }

  private async settleAgainAndAgain(): Promise<void> {
    const { signal } = this.context;
    while (!signal.aborted) {
      await this.alarm.within(RESYNC_MS, signal);
      await sleep(GATHER_MS, undefined, { signal }).catch(() => undefined);
      if (isOver(signal)) return;
      try {
        await this.settle();
        this.tell('networks', undefined);
      } catch (error) {
        if (!isOver(signal)) this.tell('networks', problemOf(error));
      }
    }
  }

  /** Looks once, and does what follows. Throws CalicoError where engine or datastore do not answer. */
  async settle(): Promise<void> {
    const { engine, withStore, node } = this.context;
    const before = [...this.leaving];
    // In this order: what the engine has removed by now, the datastore says so, too.
    const networks = await engine.networks();
    const kept = await withStore((store) => readKeptNow(store, node));
    for (const [id, since] of before) if (!networks.some((each) => each.id === id) || performance.now() - since > LEAVING_MS) this.leaving.delete(id);
    for (const { spec } of networks) this.lost.delete(spec.name);
    const problems = new Map<string, string>();
    for (const step of planNetworks(networks, kept, new Set(this.leaving.keys()))) {
      const name = nameIn(step);
      const problem = await this.carryOut(step, kept).catch(problemOf);
      if (problem !== undefined) problems.set(`network ${name}`, problem);
    }
    for (const what of this.told.keys()) if (what.startsWith('network ') && !problems.has(what)) this.tell(what, undefined);
    for (const [what, problem] of problems) this.tell(what, problem);
  }

  /** Carries a step out; returns what there is to tell. Throws CalicoError. */
  private async carryOut(step: Step, { own }: KeptNetworks): Promise<string | undefined> {
    const { log, node, sources } = this.context;
    const name = nameIn(step);
    const mark = (id: string): Operation => ({ action: 'put', key: dockerHostKey(node, name), expect: own.get(name)?.entry.modRevision ?? '0', value: encodeHostNetwork(id) });
    switch (step.do) {
      case 'publish': {
        const value = encodeNetwork(step.network.spec, { node, time: timestamp(sources.now()) });
        if (await this.commit([{ action: 'put', key: dockerNetworkKey(name), expect: '0', value }, mark(step.network.id)])) log.info(`network ${name} was made here: all hosts get it`);
        return undefined;
      }
      case 'note':
        await this.commit([{ action: 'check', key: step.shared.entry.key, expect: step.shared.entry.modRevision }, mark(step.network.id)]);
        return undefined;
      case 'create':
        if (step.wasHere && this.isJustLost(name)) return undefined;
        if (own.get(name)?.id !== '' && !(await this.commit([mark('')]))) return undefined;
        await this.context.engine.createNetwork(step.spec);
        log.info(`network ${name} is on this host now, as on the others`);
        this.alarm.ring();
        return undefined;
      case 'remove':
        return this.remove(step.network.id, step.own);
      case 'forget':
        await this.forget(step.own);
        return undefined;
      case 'tell':
        return step.problem;
    }
  }

  /** Whether the engine lists a network no more since a moment only; then it is looked again. */
  private isJustLost(name: string): boolean {
    const since = this.lost.get(name) ?? performance.now();
    this.lost.set(name, since);
    const leftMs = since + LOST_MS - performance.now();
    if (leftMs > 0) setTimeout(() => this.alarm.ring(), leftMs).unref();
    else this.lost.delete(name);
    return leftMs > 0;
  }

  private async remove(id: string, own: HostNetwork): Promise<undefined> {
    this.unwanted.add(id);
    try {
      await this.context.engine.removeNetwork(id);
    } finally {
      this.unwanted.delete(id);
    }
    await this.forget(own);
    this.context.log.info(`network ${own.name} was removed on another host, and is gone here`);
  }

  private async forget({ entry }: HostNetwork): Promise<void> {
    await this.commit([{ action: 'delete', key: entry.key, expect: entry.modRevision }]);
  }

  /** Whether it was done: if not, somebody was faster, and the watch tells. */
  private commit(operations: readonly Operation[]): Promise<boolean> {
    return this.context.withStore(async (store) => (await store.commit(operations)).done);
  }

  /** Tells a problem once; undefined where it is over. */
  private tell(what: string, problem: string | undefined): void {
    if (this.told.get(what) === problem) return;
    if (problem !== undefined) this.told.set(what, problem);
    else this.told.delete(what);
    this.context.log[problem === undefined ? 'info' : 'warning'](`${what}: ${problem ?? 'in order again'}`);
  }
}

function nameIn(step: Step): string {
  if (step.do === 'tell') return step.name;
  if (step.do === 'create') return step.spec.name;
  return step.do === 'forget' ? step.own.name : step.network.spec.name;
}

/** What to say of a failure; bugs of ours are thrown. */
function problemOf(error: unknown): string {
  if (error instanceof CalicoError) return error.message;
  throw error;
}
