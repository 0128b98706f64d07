import { expect } from 'chai';
import { describe, it } from 'mocha';
import { autoAssign, type AutoResult } from '../../../src/ipam/operations/auto-assign.js';
import { releaseAddresses } from '../../../src/ipam/operations/release.js';
import { formatCidr } from '../../../src/net/address.js';
import { MemoryStore } from '../../support/memory-store.js';

const RESOURCES = '/calico/resources/v3/projectcalico.org/';
const SECOND = 1_000_000_000n;
const BEGIN = 1_800_000_000n * SECOND;

/** A pool of two blocks of four addresses, and two hosts. */
function twoBlocks(): MemoryStore {
  const node = (name: string): string => JSON.stringify({ metadata: { name }, spec: {} });
  return new MemoryStore({
    [`${RESOURCES}ippools/pool`]: JSON.stringify({ metadata: { name: 'pool' }, spec: { cidr: '10.0.0.0/29', blockSize: 30, nodeSelector: 'all()' } }),
    [`${RESOURCES}nodes/a`]: node('a'),
    [`${RESOURCES}nodes/b`]: node('b'),
  });
}

function take(store: MemoryStore, host: string, count: number, seconds = 0n): Promise<AutoResult> {
  return autoAssign(store, { host, version: 4, count, owner: { handle: undefined, attributes: { node: host } } }, () => BEGIN + seconds * SECOND);
}

/** A pool of eight blocks that one host has, with one free address in each. */
async function withOneFreeEach(): Promise<MemoryStore> {
  const store = new MemoryStore({ [`${RESOURCES}ippools/pool`]: JSON.stringify({ metadata: { name: 'pool' }, spec: { cidr: '10.0.0.0/27', blockSize: 30, nodeSelector: 'all()' } }) });
  for (const name of ['owner', 'node-1', 'node-2', 'node-3']) store.set(`${RESOURCES}nodes/${name}`, JSON.stringify({ metadata: { name }, spec: {} }));
  const { addresses } = await take(store, 'owner', 32);
  await releaseAddresses(store, addresses.filter((_address, index) => index % 4 === 0).map(({ ip }) => ({ ip })));
  return store;
}

/** Which block each address was taken from, by the order in which they were taken. */
const blocks = ({ addresses }: AutoResult): string[] => [...new Set(addresses.map(({ block }) => formatCidr(block)))];

/** The host that a block is of. */
async function ownerOf(store: MemoryStore, block: string): Promise<string> {
  const entry = await store.get(`/calico/ipam/v2/assignment/ipv4/block/${block.replace('/', '-')}`);
  return (JSON.parse(entry?.value ?? '{}') as { affinity: string }).affinity;
}

describe('the order in which addresses are taken', () => {
  it('is own blocks, then a claim, then what others have', async () => {
    const store = twoBlocks();
    const [own] = blocks(await take(store, 'a', 1));
    const [other] = blocks(await take(store, 'b', 1));
    expect(other).not.to.equal(own);
    expect(blocks(await take(store, 'a', 3))).to.deep.equal([own]);
    expect(blocks(await take(store, 'a', 1))).to.deep.equal([other]);
    expect(await ownerOf(store, other!)).to.equal('host:b');
  });

  for (const { seconds, owner } of [{ seconds: 61n, owner: 'host:a' }, { seconds: 59n, owner: 'host:b' }]) {
    it(`has an empty block of another host ${owner === 'host:a' ? 'reclaimed' : 'borrowed from'} ${seconds} s after its claim`, async () => {
      const store = twoBlocks();
      await take(store, 'a', 4);
      const lent = await take(store, 'b', 1);
      await releaseAddresses(store, lent.addresses.map(({ ip }) => ({ ip })));
      const [block] = blocks(lent);
      expect(blocks(await take(store, 'a', 1, seconds))).to.deep.equal([block]);
      expect(await ownerOf(store, block!)).to.equal(owner);
    });
  }

  // The same place is a host's own at any time: FNV-1a of its name. From one place all hosts would crowd the same block.
  for (const [host, block] of [['node-1', '10.0.0.20/30'], ['node-2', '10.0.0.4/30'], ['node-3', '10.0.0.12/30']] as const) {
    it(`has ${host} begin to borrow at ${block}`, async () => {
      expect(blocks(await take(await withOneFreeEach(), host, 1))).to.deep.equal([block]);
    });
  }
});
