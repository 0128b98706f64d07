import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'mocha';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../../scripts/support/wait.js';
import { DatastoreError } from '../../../src/base/errors.js';
import { keepTunnels } from '../../../src/agent/tunnels/keep.js';
import { settleTunnels } from '../../../src/agent/tunnels/settle.js';
import { runTunnels } from '../../../src/agent/tunnels/index.js';
import { pollIntervalMs } from '../../../src/agent/startup/monitor.js';
import { readAllocation } from '../../../src/ipam/operations/lookup.js';
import { parseIp } from '../../../src/net/address.js';
import type { Store } from '../../../src/datastore/store.js';
import { HostOfData, logOf } from '../../support/agent-host.js';
import { EndingStore } from '../../support/ending-store.js';
import { MemoryStore } from '../../support/memory-store.js';

const R = '/calico/resources/v3/projectcalico.org';

const object = (kind: string, name: string, more: object): string => JSON.stringify({ kind, apiVersion: 'projectcalico.org/v3', metadata: { name, uid: randomUUID(), creationTimestamp: '2026-01-01T00:00:00Z' }, ...more });
const pool = (name: string, spec: object): readonly [string, string] => [`${R}/ippools/${name}`, object('IPPool', name, { spec: { blockSize: 26, nodeSelector: 'all()', allowedUses: ['Workload', 'Tunnel'], assignmentMode: 'Automatic', vxlanMode: 'Never', ipipMode: 'Never', ...spec } })];
const node = (spec: object, status: object = {}): readonly [string, string] => [`${R}/nodes/node1`, object('Node', 'node1', { spec, status })];
const storeOf = (...entries: (readonly [string, string])[]): MemoryStore => new MemoryStore(Object.fromEntries(entries));

const VXLAN = pool('v', { cidr: '10.65.0.0/16', vxlanMode: 'Always' });
const OTHER = pool('w', { cidr: '10.66.0.0/16', vxlanMode: 'CrossSubnet' });
const IPIP = pool('i', { cidr: '10.67.0.0/16', ipipMode: 'Always' });
const BGP = { bgp: { ipv4Address: '10.0.0.1/24' } };

async function settle(store: Store, env: Record<string, string> = {}): Promise<{ failure: string | undefined; lines: string[] }> {
  const { log, lines } = logOf();
  const failure = await settleTunnels({ store, env, log, name: 'node1' }).then(() => undefined, (error: unknown) => (error as Error).message);
  return { failure, lines };
}

const specOf = (store: MemoryStore): Record<string, unknown> => (JSON.parse(store.content()[`${R}/nodes/node1`]!) as { spec: Record<string, unknown> }).spec;
const handlesOf = (store: MemoryStore): string[] => Object.keys(store.content()).filter((key) => key.includes('/handle/')).map((key) => key.split('/').at(-1)!);
/** The handle and attributes of an address; undefined where it is free. */
async function ownerOf(store: Store, ip: string): Promise<unknown> {
  const allocation = await readAllocation(store, parseIp(ip)!);
  return allocation && [allocation.handle, allocation.attribute?.secondary];
}
/** The block of the address says that it was given out so. */
function given(store: MemoryStore, attribute: object): void {
  const [key, value] = Object.entries(store.content()).find(([each]) => each.includes('/block/10.65.'))!;
  const block = JSON.parse(value) as { attributes: object[] };
  block.attributes[0] = attribute;
  store.set(key, JSON.stringify(block));
}

/** A store whose watch is lost at once, and that takes its time for all else. */
class SlowLosingStore extends EndingStore {
  override async get(...asked: Parameters<Store['get']>): ReturnType<Store['get']> {
    await sleep(10);
    return super.get(...asked);
  }

  override async snapshot(...asked: Parameters<Store['snapshot']>): ReturnType<Store['snapshot']> {
    await sleep(10);
    return super.snapshot(...asked);
  }

  // eslint-disable-next-line require-yield -- it ends before it has anything
  override async *watch(): ReturnType<Store['watch']> {
    throw new DatastoreError('connection', 'the watch is lost');
  }
}

describe('the addresses of tunnels', () => {
  it('are assigned per tunnel, kept, and given back where no pool needs them', async () => {
    const store = storeOf(VXLAN, IPIP, node(BGP));
    expect((await settle(store)).failure).to.equal(undefined);
    expect(specOf(store)).to.deep.equal({ bgp: { ipv4Address: '10.0.0.1/24', ipv4IPIPTunnelAddr: '10.67.166.128' }, ipv4VXLANTunnelAddr: '10.65.166.128' });
    const content = store.content();
    await settle(store);
    expect(store.content()).to.deep.equal(content);
    store.set(VXLAN[0], undefined);
    store.set(IPIP[0], undefined);
    await settle(store);
    expect(specOf(store)).to.deep.equal(BGP);
    expect(handlesOf(store)).to.deep.equal([]);
    expect(await ownerOf(store, '10.65.166.128')).to.equal(undefined);
  });

  it('move to another pool once theirs is for others', async () => {
    const store = storeOf(VXLAN, OTHER, node(BGP));
    await settle(store);
    store.set(...pool('v', { cidr: '10.65.0.0/16', vxlanMode: 'Always', nodeSelector: 'has(nothing)' }));
    await settle(store);
    expect(specOf(store)).to.deep.include({ ipv4VXLANTunnelAddr: '10.66.166.128' });
    expect(await ownerOf(store, '10.65.166.128')).to.equal(undefined);
    expect(handlesOf(store)).to.deep.equal(['vxlan-tunnel-addr-node1']);
  });

  it('are found by their handle where the Node lost them, and assigned anew', async () => {
    const store = storeOf(VXLAN, node(BGP));
    await settle(store);
    store.set(...node(BGP));
    await settle(store);
    expect(specOf(store)).to.deep.include({ ipv4VXLANTunnelAddr: '10.65.166.129' });
    expect(JSON.parse(store.content()['/calico/ipam/v2/handle/vxlan-tunnel-addr-node1']!)).to.deep.include({ block: { '10.65.166.128/26': 1 } });
  });

  it('that were given out before there were handles are kept under one', async () => {
    const store = storeOf(VXLAN, node(BGP));
    await settle(store);
    given(store, {});
    store.set('/calico/ipam/v2/handle/vxlan-tunnel-addr-node1', undefined);
    await settle(store);
    expect(specOf(store)).to.deep.include({ ipv4VXLANTunnelAddr: '10.65.166.128' });
    expect(await ownerOf(store, '10.65.166.128')).to.deep.equal(['vxlan-tunnel-addr-node1', { node: 'node1', type: 'vxlanTunnelAddress' }]);
  });

  it('that somebody else has now are left to them', async () => {
    for (const needed of [true, false]) {
      const store = storeOf(VXLAN, node(BGP));
      await settle(store);
      given(store, { handle_id: 'theirs', secondary: { pod: 'p', namespace: 'n' } });
      store.set('/calico/ipam/v2/handle/vxlan-tunnel-addr-node1', undefined);
      if (!needed) store.set(VXLAN[0], undefined);
      const { lines } = await settle(store);
      expect(lines.join('')).to.match(/WARNING.*10.65.166.128 .* given to somebody else/);
      expect(specOf(store)['ipv4VXLANTunnelAddr']).to.equal(needed ? '10.65.166.129' : undefined);
      expect(await ownerOf(store, '10.65.166.128')).to.deep.equal(['theirs', { pod: 'p', namespace: 'n' }]);
    }
  });

  it('whose handle was deleted wrongly are given back all the same', async () => {
    const store = storeOf(VXLAN, node(BGP));
    await settle(store);
    store.set('/calico/ipam/v2/handle/vxlan-tunnel-addr-node1', undefined);
    store.set(VXLAN[0], undefined);
    await settle(store);
    expect([await ownerOf(store, '10.65.166.128'), specOf(store)]).to.deep.equal([undefined, BGP]);
  });

  it('are there for WireGuard once it runs, unless it encrypts what hosts send', async () => {
    const keys = { wireguardPublicKey: 'jlkVyQYooZYzI2wFfNhSZez5eWh44yfq1wKVjLvSXgY=' };
    const store = storeOf(pool('p', { cidr: '10.68.0.0/16' }), node(BGP, keys));
    await settle(store, { Felix_WireguardHostEncryptionEnabled: 'TRUE' });
    expect(specOf(store)).to.deep.equal(BGP);
    await settle(store);
    expect(specOf(store)).to.deep.equal({ ...BGP, wireguard: { interfaceIPv4Address: '10.68.166.128' } });
    store.set(...node(specOf(store)));
    await settle(store);
    expect(specOf(store)).to.deep.equal(BGP);
  });

  it('killed at any moment and done again, one address is given out and the Node says it', async () => {
    const whole = storeOf(VXLAN, IPIP, node(BGP));
    await settle(whole);
    for (let killed = 0; killed < 8; killed++) {
      for (const done of [false, true]) {
        const store = storeOf(VXLAN, IPIP, node(BGP));
        await settle(new EndingStore(store, killed, done));
        await settle(store);
        const addresses = [specOf(store)['ipv4VXLANTunnelAddr'], (specOf(store)['bgp'] as Record<string, unknown>)['ipv4IPIPTunnelAddr']] as string[];
        const types = ['vxlanTunnelAddress', 'ipipTunnelAddress'];
        for (const [index, address] of addresses.entries()) expect(await ownerOf(store, address), `killed in commit ${killed}`).to.have.nested.property('[1].type', types[index]);
        const given = Object.entries(store.content()).filter(([key]) => key.includes('/block/10.') && key.includes('/assignment/')).flatMap(([, value]) => (JSON.parse(value) as { allocations: (number | null)[] }).allocations.filter((each) => each !== null));
        expect(given.length, `killed in commit ${killed}`).to.equal(2);
      }
    }
  });

  it('are given back where somebody else changed the Node meanwhile', async () => {
    const store = storeOf(VXLAN, node(BGP));
    const overtaken = new EndingStore(store, 2, true, () => store.set(...node({ bgp: { ipv4Address: '10.0.0.2/24' } })));
    const { failure } = await settle(overtaken);
    expect(failure).to.match(/changed meanwhile/);
    expect(handlesOf(store)).to.deep.equal([]);
  });

  it('fail with a reason where there is no Node, or no address left', async () => {
    expect((await settle(storeOf(VXLAN))).failure).to.match(/Node\(node1\) does not exist/);
    expect((await settle(storeOf(pool('v', { cidr: '10.65.0.0/26', vxlanMode: 'Always' }), ['/calico/ipam/v2/assignment/ipv4/block/10.65.0.0-26', JSON.stringify({ cidr: '10.65.0.0/26', affinity: 'host:other', allocations: new Array(64).fill(0), unallocated: [], attributes: [{}], deleted: false })], node(BGP)))).failure).to.match(/no address is left/);
  });

  it('end with the watch, also where it is lost while they are settled', async () => {
    const { log } = logOf();
    const losing = new SlowLosingStore(storeOf(VXLAN, node(BGP)), Infinity, true);
    expect(await keepTunnels({ store: losing, env: {}, log, name: 'node1', signal: new AbortController().signal }).then(() => 'ended', (error: unknown) => (error as Error).message)).to.equal('the watch is lost');
  });

  it('are kept as pools and the Node change, and as nothing does', async () => {
    const store = storeOf(node(BGP));
    const { log, lines } = logOf();
    const ending = new AbortController();
    const keeping = keepTunnels({ store, env: {}, log, name: 'node1', signal: ending.signal, resyncMs: 100 }).catch((error: unknown) => error);
    store.set(...VXLAN);
    await eventually('an address', () => specOf(store)['ipv4VXLANTunnelAddr'] === '10.65.166.128');
    store.set(...node(BGP));
    await eventually('another address', () => specOf(store)['ipv4VXLANTunnelAddr'] === '10.65.166.129');
    for (const key of Object.keys(store.content())) if (key.includes('/assignment/') || key.includes('/handle/')) store.set(key, undefined);
    await eventually('the address is given out again', async () => (await ownerOf(store, specOf(store)['ipv4VXLANTunnelAddr'] as string)) !== undefined);
    store.set(`${R}/nodes/node1`, undefined);
    await eventually('it says that the Node is gone', () => lines.some((line) => line.includes('ERROR') && line.includes('does not exist')));
    store.set(...node(BGP));
    await eventually('an address of the new Node', () => specOf(store)['ipv4VXLANTunnelAddr'] !== undefined);
    ending.abort(new Error('SIGTERM'));
    expect(await keeping).to.have.property('message', 'SIGTERM');
  });
});

describe('the part that keeps them', () => {
  const context = (env: Record<string, string>, ...args: string[]) => {
    const { log, lines } = logOf();
    const ending = new AbortController();
    return { env: { NODENAME: 'node1', ...env }, args, log, lines, ending, signal: ending.signal, host: new HostOfData('node1', []), sources: { now: () => new Date(), uuid: randomUUID } };
  };

  it('refuses words that it does not know, and settings that lead nowhere', async () => {
    expect(await runTunnels(context({}, '--twice'))).to.equal(2);
    expect(await runTunnels(context({ DATASTORE_TYPE: 'kubernetes' }, '--once'))).to.equal(1);
    expect(await runTunnels(context({ DATASTORE_TYPE: 'kubernetes' }))).to.equal(1);
  });

  it('waits for the datastore until it is told to end', async () => {
    const running = context({ ETCD_ENDPOINTS: 'http://127.0.0.1:1' });
    const ended = runTunnels(running);
    await eventually('it says that the datastore is away', () => running.lines.some((line) => line.includes('the datastore cannot be used')));
    running.ending.abort(new Error('SIGTERM'));
    expect(await ended).to.equal(0);
  });

  it('looks for addresses as often as it is told', () => {
    const { log, lines } = logOf();
    expect(['', '5s', '1m30s', '0', 'soon', '-5s'].map((text) => pollIntervalMs({ env: { AUTODETECT_POLL_INTERVAL: text }, log }))).to.deep.equal([60_000, 5000, 90_000, 60_000, 60_000, 60_000]);
    expect(lines.length).to.equal(3);
  });
});
