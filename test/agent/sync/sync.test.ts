import { expect } from 'chai';
import { afterEach, describe, it } from 'mocha';
import { startEtcd, type Etcd } from '../../../scripts/support/etcd.js';
import { eventually } from '../../../scripts/support/wait.js';
import { Log } from '../../../src/text/log.js';
import { StoreSync, type SyncParts } from '../../../src/agent/sync/sync.js';
import { DatastoreError } from '../../../src/base/errors.js';
import { connect } from '../../../src/datastore/etcd/connect.js';
import type { StoredObject } from '../../../src/resources/kind.js';
import { settingsFor, withStore } from '../../support/datastore.js';
import { MemoryStore } from '../../support/memory-store.js';
import { felixRecordings } from '../../support/recordings.js';

const R = '/calico/resources/v3/projectcalico.org';

function text(kind: string, name: string, spec: object): string {
  return JSON.stringify({ kind, apiVersion: 'projectcalico.org/v3', metadata: { name }, spec });
}

/** A sync with what it said and how often it told a change. */
class Running {
  readonly lines: string[] = [];
  told = 0;
  readonly end = new AbortController();
  readonly sync: StoreSync;
  readonly ended: Promise<void>;

  constructor(parts: Pick<SyncParts, 'connect'> & Partial<SyncParts>) {
    const log = new Log((line) => this.lines.push(line), 'test', 1);
    this.sync = new StoreSync({ settings: settingsFor('http://127.0.0.1:1'), log, signal: this.end.signal, onChange: () => this.told++, ...parts });
    this.ended = this.sync.run();
  }

  of(kind: string): readonly StoredObject[] {
    return this.sync.objects().get(kind) ?? [];
  }

  named(kind: string, name: string): StoredObject | undefined {
    return this.of(kind).find(({ metadata }) => metadata.name === name);
  }

  async stop(): Promise<void> {
    this.end.abort(new Error('the test is over'));
    await this.ended;
  }
}

/** A store whose watch ends with an error when the test wants it. */
class EndingStore extends MemoryStore {
  private fail: (error: Error) => void = () => undefined;

  override async *watch(...args: Parameters<MemoryStore['watch']>): ReturnType<MemoryStore['watch']> {
    const failure = new Promise<never>((_, reject) => (this.fail = reject));
    const steps = super.watch(...args)[Symbol.asyncIterator]();
    for (;;) {
      const step = await Promise.race([steps.next(), failure]);
      if (step.done === true) return;
      yield step.value;
    }
  }

  override close(): void {
    // What is stored stays for the next one who connects.
  }

  /** How a sync connects to it: its watch ends with the attempt, as that of etcd does. */
  readonly connect: SyncParts['connect'] = async (_settings, { signal }) => {
    signal.addEventListener('abort', () => this.fail(new Error('aborted')));
    return this;
  };

  endWatch(): void {
    this.fail(new DatastoreError('data', 'the store has gone back'));
  }
}

describe('the view of a store', () => {
  let running: Running | undefined;
  let etcd: Etcd | undefined;
  afterEach(async () => {
    await running?.stop();
    await etcd?.stop();
    running = etcd = undefined;
  });

  it('holds what is stored, and keeps objects that did not change over a new snapshot', async () => {
    const store = new EndingStore({
      [`${R}/tiers/default`]: text('Tier', 'default', { order: 7, defaultAction: 'Deny' }),
      [`${R}/nodes/n1`]: text('Node', 'n1', {}),
      [`${R}/livemigrations/ns/move`]: text('LiveMigration', 'move', { source: {} }),
      [`${R}/novelties/x`]: text('Novelty', 'x', {}),
      '/calico/ipam/v2/assignment/ipv4/block/10.0.0.0-30': '{"cidr":"10.0.0.0/30","affinity":"host:n1","allocations":[0,1,null,0],"unallocated":[2],"attributes":[{"handle_id":"a","secondary":{"node":"n1"}},{"handle_id":"b","secondary":{"node":"n2"}}],"deleted":false}',
    });
    const me = (running = new Running({ connect: store.connect }));
    await eventually('it is read', () => me.told === 1);
    expect(me.sync.state).to.equal('in sync');
    expect(me.sync.blocks()).to.deep.equal([{ cidr: '10.0.0.0/30', node: 'n1', borrowed: new Map([['n2', ['10.0.0.1']]]) }]);
    expect([...me.sync.objects().keys()]).to.have.members(['Tier', 'Node', 'LiveMigration']);
    expect(me.named('LiveMigration', 'move')?.metadata).to.include({ namespace: 'ns' });
    const [tier, blocks, tiers] = [me.named('Tier', 'default'), me.sync.blocks(), me.of('Tier')];

    store.set(`${R}/nodes/n1`, undefined);
    store.set(`${R}/nodes/n2`, text('Node', 'n2', {}));
    await eventually('the change is told', () => me.named('Node', 'n2'));
    expect(me.named('Node', 'n1')).to.equal(undefined);

    store.endWatch();
    store.set(`${R}/tiers/default`, text('Tier', 'default', { order: 7, defaultAction: 'Deny' }));
    store.set(`${R}/nodes/n3`, text('Node', 'n3', {}));
    await eventually('it is read again', () => me.named('Node', 'n3'));
    expect(me.named('Tier', 'default')).to.equal(tier);
    expect(me.of('Tier')).to.equal(tiers);
    expect(me.sync.blocks()).to.equal(blocks);
  });

  it('changes at one moment where it is read again page by page', async () => {
    const store = new EndingStore({ [`${R}/nodes/n1`]: text('Node', 'n1', {}) });
    const seen: string[] = [];
    const snapshot = store.snapshot.bind(store);
    store.snapshot = (ranges, options) => snapshot(ranges, { ...options, onPage: async (entries, range) => {
      for (const entry of entries) await options?.onPage?.([entry], range);
      seen.push((me.of('Node').map(({ metadata }) => metadata.name)).join());
    } });
    const me = (running = new Running({ connect: store.connect }));
    await eventually('it is read', () => me.told === 1);
    store.endWatch();
    store.set(`${R}/nodes/n1`, undefined);
    store.set(`${R}/nodes/n2`, text('Node', 'n2', {}));
    await eventually('it is read again', () => me.named('Node', 'n2'));
    expect(seen.slice(2), 'while it was read again').to.deep.equal(['n1', 'n1']);
    expect(me.named('Node', 'n1')).to.equal(undefined);
  });

  it('says nothing of a snapshot that is as before', async () => {
    const store = new EndingStore({ [`${R}/nodes/n1`]: text('Node', 'n1', {}) });
    let connected = 0;
    const me = (running = new Running({ connect: async (...args) => (connected++, store.connect(...args)) }));
    await eventually('it is read', () => me.told === 1);
    store.endWatch();
    await eventually('it is read again', () => connected === 2 && me.lines.some((line) => line.includes('read again')));
    expect(me.told).to.equal(1);
  });

  it('leaves out what Felix leaves out, and says so once', async () => {
    const recordings = felixRecordings();
    const store = new EndingStore({ ...recordings.get('invalid-objects')!.store, ...recordings.get('invalid-profiles')!.store });
    const me = (running = new Running({ connect: store.connect }));
    await eventually('it is read', () => me.told === 1);
    expect(me.of('GlobalNetworkPolicy').map(({ metadata }) => metadata.name)).to.have.members(['bad4', 'good', 'by-label']);
    expect(me.of('IPPool')).to.deep.equal([]);
    const profiles = me.of('Profile').map(({ metadata, spec }) => [metadata.name, spec['labelsToApply'], Array.isArray(spec['ingress'])]);
    expect(profiles).to.have.deep.members([['bad-label', {}, true], ['bad-rule', {}, true], ['fine', { zone: 'web' }, true]]);
    const warnings = (): readonly string[] => me.lines.filter((line) => line.includes('[WARNING]')).map((line) => line.replace(/.*test: /, ''));
    expect(warnings().map((line) => line.replace(`${R}/`, '').split(':')[0])).to.have.members([
      'globalnetworkpolicies/bad1 is left out', 'globalnetworkpolicies/bad2 is left out', 'ippools/bad3 is left out', 'the labels of profiles/bad-label are not used', 'the labels of profiles/bad-rule are not used',
    ]);
    const before = warnings().length;
    store.endWatch();
    store.set(`${R}/globalnetworkpolicies/bad1`, text('GlobalNetworkPolicy', 'bad1', { selector: 'all()' }));
    await eventually('it was mended', () => me.named('GlobalNetworkPolicy', 'bad1'));
    expect(warnings().filter((line) => !line.includes('gone back'))).to.have.lengthOf(before);
  });

  it('waits for an etcd, follows it, and stays while it is away', async () => {
    etcd = await startEtcd();
    const server = etcd;
    await server.pause();
    const me = (running = new Running({ connect: (settings, options) => connect(settings, { ...options, timeoutMs: 300 }), settings: settingsFor(server.endpoint) }));
    await eventually('it was tried', () => me.lines.some((line) => line.includes('cannot be used')));
    expect([me.sync.state, me.told]).to.deep.equal(['waiting', 0]);
    server.resume();
    await eventually('it is read', () => me.told === 1);
    const put = (name: string): Promise<unknown> => withStore(settingsFor(server.endpoint), (store) => store.commit([{ action: 'put', key: `${R}/nodes/${name}`, expect: '0', value: text('Node', name, {}) }]));
    await put('n1');
    await eventually('the node is there', () => me.named('Node', 'n1'));
    const node = me.named('Node', 'n1');
    await server.stop();
    await eventually('it is lost', () => me.sync.state === 'lost');
    expect(me.named('Node', 'n1')).to.equal(node);
    expect(me.lines.filter((line) => line.includes('is lost after revision'))).to.have.lengthOf(1);
  });
});
