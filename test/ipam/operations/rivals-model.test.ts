import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Store } from '../../../src/datastore/store.js';
import { CalicoError, DatastoreError } from '../../../src/base/errors.js';
import { formatIp, parseIp } from '../../../src/net/address.js';
import { assignAddress } from '../../../src/ipam/operations/assign-address.js';
import { autoAssign } from '../../../src/ipam/operations/auto-assign.js';
import { releaseAddresses, releaseByHandle } from '../../../src/ipam/operations/release.js';
import { interleavings, sequences } from '../../support/interleavings.js';
import { ModelEtcd } from '../../support/model-etcd.js';
import { modelStore, UNDISTURBED, US, type Fault } from '../../support/model-store.js';
import { violations } from '../../../scripts/support/ipam-invariants.js';

const MOMENTS = 4;
const AT_ONCE = 100;
const FAULTS: readonly (readonly Fault[])[] = [['request lost'], ['reply lost'], ['no space']];
const BLOCK = '/calico/ipam/v2/assignment/ipv4/block/10.1.0.0-28';
const START = {
  '/calico/resources/v3/projectcalico.org/ippools/pool': JSON.stringify({ kind: 'IPPool', metadata: { name: 'pool' }, spec: { cidr: '10.1.0.0/28', blockSize: 28 } }),
  '/calico/resources/v3/projectcalico.org/nodes/n': JSON.stringify({ kind: 'Node', metadata: { name: 'n' }, spec: {} }),
};

const owner = (handle: string): { handle: string; attributes: undefined } => ({ handle, attributes: undefined });
const have = (store: Store, ip: string, handle: string): Promise<unknown> => assignAddress(store, { ip: parseIp(ip)!, host: 'n', owner: owner(handle) });

/** Addresses that were given to us, or taken back; `[]` where the command says that nothing was done. */
type Said = readonly string[] | 'unknown';

/** Commands of ours, in a store in which `old` has 10.1.0.3, or which has no block yet. */
const COMMANDS: Readonly<Record<string, { readonly empty?: true; readonly gives: 'ours' | undefined; readonly run: (store: Store) => Promise<Said> }>> = {
  'assign of one address': { gives: 'ours', run: async (store) => [await have(store, '10.1.0.5', 'ours')].map(() => '10.1.0.5') },
  'assign of the first address of a block': { empty: true, gives: 'ours', run: async (store) => [await have(store, '10.1.0.5', 'ours')].map(() => '10.1.0.5') },
  'assign of any two addresses': { gives: 'ours', run: async (store) => (await autoAssign(store, { host: 'n', version: 4, count: 2, owner: owner('ours') })).addresses.map(({ ip }) => formatIp(ip)) },
  'release of an address': { gives: undefined, run: async (store) => (await releaseAddresses(store, [{ ip: parseIp('10.1.0.3')! }])).flatMap(({ ip, outcome }) => (outcome === 'released' ? [formatIp(ip)] : [])) },
  'release of a handle': { gives: undefined, run: async (store) => ((await releaseByHandle(store, 'old')) === undefined ? [] : ['10.1.0.3']) },
};

const ACTS: readonly (readonly [title: string, act: (store: Store) => Promise<unknown>])[] = [
  ['assign 10.1.0.5', (store) => have(store, '10.1.0.5', 'theirs')],
  ['assign 10.1.0.0', (store) => have(store, '10.1.0.0', 'theirs')],
  ['release 10.1.0.3', (store) => releaseAddresses(store, [{ ip: parseIp('10.1.0.3')! }])],
  ['release 10.1.0.5', (store) => releaseAddresses(store, [{ ip: parseIp('10.1.0.5')! }])],
  ['release of ours', (store) => releaseByHandle(store, 'ours')],
];
type Act = (typeof ACTS)[number];

/** Plays one interleaving and returns what is wrong with what the command said, or with the store afterwards. */
async function play({ empty, gives, run }: (typeof COMMANDS)[string], faults: readonly Fault[], way: ReadonlyMap<number, readonly Act[]>): Promise<string | undefined> {
  const etcd = new ModelEtcd();
  etcd.change('start', START);
  if (empty !== true) await have(modelStore(etcd, { ...UNDISTURBED, author: 'start' }).store, '10.1.0.3', 'old');
  const rival = modelStore(etcd, { ...UNDISTURBED, author: 'rival' }).store;
  const meanwhile = new Map([...way].map(([moment, acts]) => [moment, acts.map(([, act]) => () => act(rival).catch(expected))]));
  const said = await run(modelStore(etcd, { faults, meanwhile }).store).catch(expected);
  if (said === 'unknown') return 'not known';
  return violations(contentsOf(etcd))[0] ?? falsehood(etcd, gives, said);
}

/** A refusal says that nothing was done. */
function expected(error: unknown): Said {
  if (error instanceof DatastoreError && error.stage === 'unknown-outcome') return 'unknown';
  if (error instanceof CalicoError) return [];
  throw error;
}

function contentsOf(etcd: ModelEtcd): Record<string, string> {
  const keys = new Set(etcd.events.map(({ key }) => key));
  return Object.fromEntries([...keys].flatMap((key) => [etcd.at(key)].flatMap((kv) => (kv === undefined ? [] : [[key, String(kv.value)]]))));
}

/** Addresses that a state of the block gives to a handle. */
function heldIn(value: string | undefined, handle: string): readonly string[] {
  if (value === undefined) return [];
  const { allocations, attributes } = JSON.parse(value) as { allocations: (number | null)[]; attributes: { handle_id: string }[] };
  return allocations.flatMap((index, ordinal) => (index !== null && attributes[index]?.handle_id === handle ? [`10.1.0.${ordinal}`] : []));
}

/** Every address that the block gave to the handle, or took from it, and who did that. */
function movesOf(etcd: ModelEtcd, handle: string, gives: boolean): readonly { readonly address: string; readonly author: string }[] {
  const states = etcd.events.filter(({ key }) => key === BLOCK);
  return states.flatMap(({ value, author }, index) => {
    const [before, after] = [heldIn(states[index - 1]?.value, handle), heldIn(value, handle)];
    const moved = gives ? after.filter((address) => !before.includes(address)) : before.filter((address) => !after.includes(address));
    return moved.map((address) => ({ address, author }));
  });
}

function falsehood(etcd: ModelEtcd, gives: 'ours' | undefined, said: readonly string[]): string | undefined {
  const moves = movesOf(etcd, gives ?? 'old', gives !== undefined);
  const ours = moves.filter(({ author }) => author === US).map(({ address }) => address);
  if (new Set(ours).size !== ours.length) return `${ours.join(', ')}: twice`;
  for (const address of ours) if (!said.includes(address)) return `${address} is said to be left alone, and was not`;
  for (const address of said) if (!moves.some((move) => move.address === address)) return `${address} is said to be done, and was not`;
  return undefined;
}

describe('address management, in every interleaving of a rival with a lost request or reply', () => {
  for (const [title, command] of Object.entries(COMMANDS)) {
    it(`${title}: says what was done, does it once, and leaves the records in agreement`, async () => {
      const cases = FAULTS.flatMap((faults) => sequences(ACTS, 2).flatMap((sequence) => interleavings(sequence, MOMENTS).map((way) => ({ faults, way }))));
      for (let start = 0; start < cases.length; start += AT_ONCE) {
        const some = cases.slice(start, start + AT_ONCE);
        const wrong = await Promise.all(some.map(({ faults, way }) => play(command, faults, way)));
        const index = wrong.findIndex((each) => each !== undefined);
        const { faults, way } = some[index] ?? { faults: [], way: new Map<number, readonly Act[]>() };
        expect(wrong[index], `${faults.join(', ')}; ${[...way].map(([moment, acts]) => `before request ${moment}: ${acts.map(([act]) => act).join(', ')}`).join('; ')}`).to.equal(undefined);
      }
      expect(cases.length).to.be.greaterThan(800);
    });
  }
});
