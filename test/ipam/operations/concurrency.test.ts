import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { formatIp, parseIp } from '../../../src/net/address.js';
import { affinitiesOf, releaseAffinities } from '../../../src/ipam/operations/affinities.js';
import { assignAddress } from '../../../src/ipam/operations/assign-address.js';
import { autoAssign } from '../../../src/ipam/operations/auto-assign.js';
import { releaseAddresses, releaseByHandle } from '../../../src/ipam/operations/release.js';
import type { Store } from '../../../src/datastore/store.js';
import { connect } from '../../../src/datastore/etcd/connect.js';
import { contents, pagesOf, settingsFor } from '../../support/datastore.js';
import { startEtcd, type Etcd } from '../../../scripts/support/etcd.js';
import { violations } from '../../../scripts/support/ipam-invariants.js';

const POOL = '10.1.0.0/26';
const WORKERS = 64;
const ROUNDS = 2;

describe('address management by many at once, on a real etcd', () => {
  let etcd: Etcd;
  let stores: Store[];

  before(async () => {
    etcd = await startEtcd();
    stores = await Promise.all(Array.from({ length: 4 }, () => connect(settingsFor(etcd.endpoint), { timeoutMs: 240_000 })));
    await put(stores[0]!, {
      '/calico/resources/v3/projectcalico.org/ippools/pool': JSON.stringify({ kind: 'IPPool', metadata: { name: 'pool' }, spec: { cidr: POOL, blockSize: 28 } }),
      ...Object.fromEntries(['a', 'b', 'c'].map((name) => [`/calico/resources/v3/projectcalico.org/nodes/node-${name}`, JSON.stringify({ kind: 'Node', metadata: { name: `node-${name}` }, spec: {} })])),
    });
  });

  after(async () => {
    stores.forEach((store) => store.close());
    await etcd.stop();
  });

  it('gives no address to two, frees none twice, and keeps blocks, handles and affinities in agreement', async () => {
    const held = new Map<string, string>();
    const workers = Array.from({ length: WORKERS }, (_, number) => work(stores[number % stores.length]!, number, held));
    await Promise.all(workers);
    const store = await dump(stores[0]!);
    expect(violations(store)).to.deep.equal([]);
    expect(allocatedIn(store)).to.deep.equal([...held.keys()].sort());
  }).timeout(240_000);

  it('lets exactly one of many release an address, and one of many have it', async () => {
    const wish = { ip: parseIp('10.1.0.33')!, host: 'node-a' };
    await releaseAddresses(stores[0]!, [wish]);
    const assigned = await Promise.allSettled(stores.flatMap((store, number) => [0, 1, 2, 3].map((again) => assignAddress(store, { ...wish, owner: { handle: `wish-${number}-${again}`, attributes: undefined } }))));
    expect(assigned.filter(({ status }) => status === 'fulfilled').length).to.equal(1);
    const released = await Promise.all(stores.flatMap((store) => [0, 1, 2, 3].map(() => releaseAddresses(store, [wish]))));
    expect(released.flat().filter(({ outcome }) => outcome === 'released').length).to.equal(1);
    expect(violations(await dump(stores[0]!))).to.deep.equal([]);
  }).timeout(240_000);
});

/** Assigns and releases in turn, each in one of several ways; `held` is what the workers believe to have. */
async function work(store: Store, number: number, held: Map<string, string>): Promise<void> {
  const host = `node-${'abc'[number % 3]}`;
  for (let round = 0; round < ROUNDS; round++) {
    const handle = `worker-${number}-${round % 2}`;
    const { addresses } = await autoAssign(store, { host, version: 4, count: 1 + (number % 3), owner: { handle, attributes: { node: host } } });
    for (const { ip } of addresses) {
      const text = formatIp(ip);
      if (held.has(text)) throw new Error(`${text} was given to ${handle} while ${held.get(text)} had it`);
      held.set(text, handle);
    }
    if (number % 16 === 15) await releaseAffinities(store, await affinitiesOf(store, { type: 'host', name: host }));
    if (round === ROUNDS - 1 && number % 2 === 0) return;
    const mine = [...held].filter(([, owner]) => owner === handle).map(([text]) => text);
    mine.forEach((text) => held.delete(text));
    if (round % 2 === 0) await releaseByHandle(store, handle);
    else await expectReleased(store, mine, handle);
  }
}

async function expectReleased(store: Store, addresses: readonly string[], handle: string): Promise<void> {
  const answers = await releaseAddresses(store, addresses.map((text) => ({ ip: parseIp(text)!, handle })));
  expect(answers.map(({ outcome }) => outcome)).to.deep.equal(addresses.map(() => 'released'));
}

async function put(store: Store, values: Record<string, string>): Promise<void> {
  const answer = await store.commit(Object.entries(values).map(([key, value]) => ({ action: 'put', key, expect: '0', value })));
  expect(answer.done).to.equal(true);
}

async function dump(store: Store): Promise<Record<string, string>> {
  return contents((await pagesOf(store, '/calico/ipam/')).flatMap(({ entries }) => entries));
}

/** The addresses that the blocks hold, counted without the code under test. */
function allocatedIn(store: Record<string, string>): string[] {
  return Object.entries(store)
    .filter(([key]) => key.includes('/assignment/'))
    .flatMap(([, text]) => {
      const { cidr, allocations } = JSON.parse(text) as { cidr: string; allocations: (number | null)[] };
      const first = Number(/\.(\d+)\//.exec(cidr)![1]);
      return allocations.flatMap((index, ordinal) => (index === null ? [] : [`10.1.0.${first + ordinal}`]));
    })
    .sort();
}
