import type { Store } from '../../datastore/store.js';
import { addressAt, formatCidr, formatIp, parseCidr } from '../../net/address.js';
import { assignAddress } from './assign-address.js';
import { check } from '../check/check.js';
import type { Finding, FindingCode } from '../check/finding.js';
import { transact } from '../../datastore/draft.js';
import { inParallel } from '../../base/in-parallel.js';
import { parseAffinityKey, type AffinityKey } from '../records/keys.js';
import { releaseBlocksOfNodes, addressesOfNodes } from './release-node.js';
import { releaseUnused, type UnusedRelease } from './release-unused.js';
import { repairedBlock, repairedHandle, planRepairBlock, planRepairHandle, repairHandles } from './repair.js';
import { repairKeys } from './repair-keys.js';
import { readIpamSnapshot } from '../snapshot/snapshot.js';
import { sequenceOf, unusedAllocations, type Survey } from '../snapshot/allocations.js';
import { pluginOwnerOf } from '../snapshot/unallocated.js';
import type { UnreadableKey } from '../cluster/unreadable.js';

/** What was found of a kind, and what could not be repaired of it. */
export interface FindingRepair {
  readonly found: number;
  /** Addresses that were left alone: in use by now, or no longer what they were. */
  readonly left: readonly UnusedRelease[];
  /** How many were left alone because of endpoints, nodes and pools that cannot be read. */
  readonly withheld: number;
  /** These keys, where there are any. */
  readonly unreadable: readonly UnreadableKey[];
}

type Repair = (store: Store, survey: Survey, subjects: ReadonlySet<string>, now: () => Date) => Promise<readonly UnusedRelease[]>;

const REPAIRS: Readonly<Partial<Record<FindingCode, Repair>>> = {
  'unreadable': async (store, _, keys, now) => nothingLeft(await repairKeys(store, [...keys], now)),
  'damaged-block': repairBlocks,
  'overlapping-blocks': repairBlocks,
  'leaked-address': releaseLeaked,
  'in-use-not-allocated': takeOver,
  'outside-pools': takeOver,
  'leaked-handle': async (store, _, handles) => nothingLeft(await inParallel([...handles], (handle) => transact(store, (draft) => planRepairHandle(draft, handle, []), () => [repairedHandle(handle)]))),
  'missing-handle': async (store, _, handles) => nothingLeft(await repairHandles(store, [...handles])),
  'handle-count': async (store, _, handles) => nothingLeft(await repairHandles(store, [...handles])),
  'block-outside-pools': repairBlocks,
  'block-size': repairBlocks,
  'vanished-node': releaseVanished,
  'orphaned-affinity': repairBlocks,
  'foreign-affinity': repairBlocks,
  'half-made-affinity': repairBlocks,
  'missing-affinity': repairBlocks,
};

/** The kinds of findings that can be repaired all at once. */
export const REPAIRABLE = Object.keys(REPAIRS) as FindingCode[];

/**
 * Repairs everything that a check finds of a kind, as its advice for each would, as far as there is a command for it;
 * what is in use stays. Killed in between, what is done is done, and the same call finishes the rest.
 */
export async function repairFindings(store: Store, code: FindingCode, now: () => Date): Promise<FindingRepair> {
  const { survey, findings, withheld } = check(await readIpamSnapshot(store));
  const open = findings.filter((finding) => finding.code === code && typeof finding.remedy !== 'string');
  const left = open.length === 0 ? [] : await REPAIRS[code]!(store, survey, subjectsOf(open), now);
  return { found: open.length, left, withheld: withheld.get(code) ?? 0, unreadable: [...survey.unknownUsers, ...survey.unknownPools] };
}

/** What the command repairs: for blocks that share addresses not the one that is named, perhaps. */
function subjectsOf(findings: readonly Finding[]): ReadonlySet<string> {
  return new Set(findings.map(({ code, subject, remedy }) => (code === 'overlapping-blocks' && typeof remedy !== 'string' ? remedy[0]!.options[0]![1] : subject)));
}

/** First what their advice has repaired before the release: blocks that contradict themselves, and handles that count wrong. */
async function releaseLeaked(store: Store, survey: Survey, addresses: ReadonlySet<string>): Promise<readonly UnusedRelease[]> {
  const remedies = check(survey.snapshot).findings.flatMap(({ code, remedy }) => (code === 'leaked-address' && typeof remedy !== 'string' ? remedy : []));
  const repaired = (option: 'block' | 'handle'): Set<string> => new Set(remedies.flatMap(({ verb, options }) => (verb === 'repair' ? options : [])).flatMap(([name, value]) => (name === option ? value : [])));
  await repairBlocks(store, survey, repaired('block'));
  await repairHandles(store, [...repaired('handle')]);
  const requests = [...unusedAllocations(survey)].filter(({ address }) => addresses.has(address)).map((allocation) => ({ ip: addressAt(allocation.block.cidr, allocation.ordinal), handle: allocation.handle, sequence: sequenceOf(allocation) }));
  return (await releaseUnused(store, requests, {})).filter(({ outcome }) => outcome === 'refused');
}

/** Addresses of one block one after the other, those of different blocks at the same time. */
async function takeOver(store: Store, { snapshot }: Survey, addresses: ReadonlySet<string>, now: () => Date): Promise<readonly UnusedRelease[]> {
  const groups = new Map<string, (typeof snapshot.unallocated)[number][]>();
  for (const each of snapshot.unallocated) {
    if (!addresses.has(formatIp(each.ip))) continue;
    const near = formatIp(each.ip).replace(/[^.:]*$/, '');
    groups.set(near, [...(groups.get(near) ?? []), each]);
  }
  await inParallel([...groups.values()], async (group) => {
    for (const each of group) await assignAddress(store, { ip: each.ip, host: each.use.node, owner: pluginOwnerOf(each, snapshot.networks, now()), inUse: true, whileLocked: true });
  });
  return [];
}

async function repairBlocks(store: Store, { snapshot, unknownUsers, unknownPools }: Survey, blocks: ReadonlySet<string>): Promise<readonly UnusedRelease[]> {
  const affinities = new Map<string, AffinityKey[]>();
  const known = [...snapshot.affinities, ...snapshot.unreadable.map(({ key }) => parseAffinityKey(key)).filter((affinity) => affinity !== undefined)];
  for (const affinity of known) {
    const name = formatCidr(affinity.cidr);
    if (blocks.has(name)) affinities.set(name, [...(affinities.get(name) ?? []), affinity]);
  }
  const surroundings = { pools: snapshot.pools, unknownPools, unknownUsers: () => unknownUsers };
  return nothingLeft(await inParallel([...blocks], (name) => transact(store, (draft) => planRepairBlock(draft, parseCidr(name)!, affinities.get(name) ?? [], surroundings), () => [repairedBlock(parseCidr(name)!)])));
}

async function releaseVanished(store: Store, _: Survey, nodes: ReadonlySet<string>): Promise<readonly UnusedRelease[]> {
  const released = await releaseUnused(store, await addressesOfNodes(store, nodes), {});
  if (!released.some(({ suspects }) => suspects !== undefined)) await releaseBlocksOfNodes(store, nodes);
  return released.filter(({ outcome }) => outcome === 'refused');
}

function nothingLeft(_done: unknown): readonly UnusedRelease[] {
  return [];
}
