import { expect } from 'chai';
import { describe, it } from 'mocha';
import { parseCidr, parseIp } from '../../../src/net/address.js';
import { affinitiesOf, affinitiesWithin, planClaim, releaseAffinities, releasePoolAffinities, removeIpamHost } from '../../../src/ipam/operations/affinities.js';
import { assignAddress } from '../../../src/ipam/operations/assign-address.js';
import { autoAssign } from '../../../src/ipam/operations/auto-assign.js';
import { transact } from '../../../src/datastore/draft.js';
import { releaseAddresses, releaseByHandle } from '../../../src/ipam/operations/release.js';
import { MemoryStore } from '../../support/memory-store.js';
import { sequences, stepsOf, type RecordedStep } from '../recorded.js';

interface Arguments {
  cidr: string;
  handle: string;
  attrs: Record<string, string>;
  host: string;
  affinityType?: 'virtual';
  mustBeEmpty: boolean;
  ip: string;
  ips: { address: string; handle?: string; sequenceNumber?: string }[];
  num4?: number;
  num6?: number;
  pools4?: string[];
  pools6?: string[];
  use?: 'Workload' | 'Tunnel' | 'LoadBalancer';
  windows?: boolean;
  maxBlocks?: number;
  maxPerHandle?: number;
  namespace?: object;
}

const CLOCK = 1_700_000_000_000_000_000n;
const IPAM = '/calico/ipam/v2/';

describe('operations against the recorded sequences', () => {
  for (const sequence of sequences()) {
    it(`${sequence.name}: blocks, affinities and handles end as recorded`, async () => {
      for (const { step, number, before } of stepsOf(sequence)) {
        const store = new MemoryStore(Object.fromEntries(before));
        if (!(await perform(store, step))) continue;
        compare(store.content(), before, step, `${sequence.name} step ${number} ${step.op}`);
      }
    });

    it(`${sequence.name}: as many addresses are assigned`, async () => {
      for (const { step, number, before } of stepsOf(sequence)) {
        const store = new MemoryStore(Object.fromEntries(before));
        const made = await assignedCount(store, step);
        if (made !== undefined) expect(made, `${sequence.name} step ${number}`).to.equal(recordedCount(step));
      }
    });
  }
});

/** Runs the operation where its outcome is determined; false for the others. */
async function perform(store: MemoryStore, step: RecordedStep): Promise<boolean> {
  const args = step.args as unknown as Arguments;
  const claimant = { type: args.affinityType ?? 'host', name: args.host } as const;
  switch (step.op) {
    case 'releaseIPs': {
      const requests = args.ips.flatMap(({ address, handle, sequenceNumber }) => {
        const ip = parseIp(address);
        return ip === undefined ? [] : [{ ip, handle, sequence: sequenceNumber === undefined ? undefined : BigInt(sequenceNumber) }];
      });
      await releaseAddresses(store, requests);
      return true;
    }
    case 'releaseByHandle':
      await releaseByHandle(store, args.handle);
      return true;
    case 'releaseHostAffinities':
      await releaseAffinities(store, await affinitiesOf(store, claimant), args.mustBeEmpty);
      return true;
    case 'releaseAffinity': {
      const within = await affinitiesWithin(store, parseCidr(args.cidr)!);
      await releaseAffinities(store, within.filter((affinity) => affinity.claimant.name === args.host), args.mustBeEmpty && step.error === undefined);
      return step.error === undefined;
    }
    case 'releasePoolAffinities':
      await releasePoolAffinities(store, parseCidr(args.cidr)!);
      return true;
    case 'removeHost':
      await removeIpamHost(store, args.host);
      return step.error === undefined;
    case 'claimAffinity': {
      const { claimed, failed } = step.result as { claimed: string[] | null; failed: string[] | null };
      for (const text of [...(claimed ?? []), ...(failed ?? [])]) await transact(store, (draft) => planClaim(draft, claimant, parseCidr(text)!, CLOCK));
      return true;
    }
    case 'assignIP':
      if (args.maxPerHandle !== undefined) return false;
      await assignAddress(store, { ip: parseIp(args.ip)!, host: args.host, owner: { handle: args.handle, attributes: args.attrs } }, () => CLOCK).catch(() => undefined);
      return true;
    default:
      return false;
  }
}

/** The number of addresses our automatic assignment gives where the official one was asked for nothing it alone knows. */
async function assignedCount(store: MemoryStore, step: RecordedStep): Promise<number | undefined> {
  const args = step.args as unknown as Arguments;
  const special = args.windows || args.maxBlocks !== undefined || args.maxPerHandle !== undefined || args.namespace !== undefined || args.use === 'LoadBalancer';
  if (step.op !== 'autoAssign' || special || step.error !== undefined) return undefined;
  let made = 0;
  for (const version of [4, 6] as const) {
    const count = (version === 4 ? args.num4 : args.num6) ?? 0;
    const pools = version === 4 ? args.pools4 : args.pools6;
    if (count === 0) continue;
    const named = pools === undefined ? {} : { pools: pools.map((text) => parseCidr(text)!) };
    const result = await autoAssign(store, { host: args.host, version, count, owner: { handle: args.handle, attributes: args.attrs }, ...(args.use ? { use: args.use } : {}), ...named }, () => recordingClock(store));
    expect(result.shortage === undefined).to.equal(result.addresses.length === count);
    made += result.addresses.length;
  }
  return made;
}

/** The time of the recording: the newest number that a write took from its clock. */
function recordingClock(store: MemoryStore): bigint {
  const numbers = Object.values(store.content()).flatMap((text) => [...text.matchAll(/\b1[78]\d{17}\b/g)].map(([number]) => BigInt(number)));
  return numbers.reduce((newest, number) => (number > newest ? number : newest), CLOCK);
}

function recordedCount(step: RecordedStep): number {
  const { v4, v6 } = step.result as { v4: { ips?: string[] } | null; v6: { ips?: string[] } | null };
  return (v4?.ips?.length ?? 0) + (v6?.ips?.length ?? 0);
}

function compare(made: Record<string, string>, before: ReadonlyMap<string, string>, step: RecordedStep, title: string): void {
  const recorded = new Map(before);
  for (const [key, value] of Object.entries(step.changes)) {
    if (value === null) recorded.delete(key);
    else recorded.set(key, value);
  }
  const keys = new Set([...Object.keys(made), ...recorded.keys()].filter((key) => key.startsWith(IPAM) && key !== `${IPAM}config`));
  for (const key of keys) {
    if (key.startsWith(`${IPAM}handle/`)) expect(countsIn(made[key]), `${title} ${key}`).to.deep.equal(rightCounts(key, Object.fromEntries(before), made, step));
    else expect(comparable(made[key], step, before.has(key)), `${title} ${key}`).to.equal(comparable(recorded.get(key), step, before.has(key)));
  }
}

/** A block without what depends on the clock, or on the official library's random order. */
function comparable(text: string | undefined, step: RecordedStep, existed: boolean): string | undefined {
  if (text === undefined || !text.startsWith('{"cidr"')) return text;
  const timeless = existed ? text : text.replace(/1[67]\d{17}/g, '0').replace(/_time":"[^"]*"/, '');
  if (step.unordered !== true) return timeless;
  return timeless.replace(/"unallocated":\[([^\]]*)\]/, (_, list: string) => `"unallocated":[${list.split(',').sort().join(',')}]`);
}

function countsIn(text: string | undefined): Record<string, number> {
  return text === undefined ? {} : (JSON.parse(text) as { block: Record<string, number> }).block;
}

/** The counts a handle must have afterwards: changed by what its blocks gained or lost (the official library miscounts). */
function rightCounts(key: string, before: Record<string, string>, after: Record<string, string>, step: RecordedStep): Record<string, number> {
  const handle = key.slice(`${IPAM}handle/`.length);
  if (step.op === 'releaseByHandle' && (step.args as unknown as Arguments).handle === handle) return {};
  const counts = countsIn(before[key]);
  const [had, has] = [heldIn(before, handle), heldIn(after, handle)];
  for (const cidr of new Set([...Object.keys(had), ...Object.keys(has)])) {
    const change = (has[cidr] ?? 0) - (had[cidr] ?? 0);
    if (change !== 0) counts[cidr] = (counts[cidr] ?? 0) + change;
    if (counts[cidr] !== undefined && counts[cidr] <= 0) delete counts[cidr];
  }
  return counts;
}

/** What the blocks really hold for a handle. */
function heldIn(store: Record<string, string>, handle: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [key, text] of Object.entries(store)) {
    if (!key.startsWith(`${IPAM}assignment/`)) continue;
    const { cidr, allocations, attributes } = JSON.parse(text) as { cidr: string; allocations: (number | null)[]; attributes: { handle_id?: string }[] | null };
    const held = allocations.filter((index) => index !== null && attributes?.[index]?.handle_id === handle).length;
    if (held > 0) counts[cidr] = held;
  }
  return counts;
}
