import { addressAt, containsCidr, containsIp, formatCidr, formatIp } from '../address.js';
import type { Pool } from '../cluster.js';
import { unreadableBlocks, type IpamSnapshot } from '../snapshot.js';
import { canBeJudged, unusedAllocations, type Allocation, type Survey } from '../survey.js';
import { givenUses } from '../use-table.js';
import { ownerText, type Use } from '../uses.js';
import { shellWord, type Finding } from './finding.js';

const State = { notAllocated: 0, allocated: 1, allocatedInPool: 2 } as const;

/** Addresses that are allocated although nothing in the store uses them. */
export function leakedAddresses(survey: Survey): Finding[] {
  const findings: Finding[] = [];
  for (const allocation of unusedAllocations(survey)) {
    if (!canBeJudged(allocation)) continue;
    findings.push({
      code: 'leaked-address',
      subject: allocation.address,
      cause: leakCause(survey, allocation),
      evidence: `allocated ${allocationText(allocation)}; no workload endpoint and no tunnel has it`,
      risk: 'The address cannot be given to anybody else. It may belong to a workload that is just starting: look at its timestamp.',
      remedy: `calicoctl ipam release --ip=${allocation.address}`,
    });
  }
  return findings;
}

/** Addresses that somebody uses without an allocation, inside and outside the pools. In a block that cannot be read they may have one. */
export function unallocatedUses({ snapshot }: Survey): Finding[] {
  const active = snapshot.pools.filter(({ disabled }) => !disabled);
  const states = statesOf(snapshot, active);
  const unreadable = [...unreadableBlocks(snapshot).values()];
  const findings: Finding[] = [];
  for (const place of snapshot.uses.places()) {
    if (states[place] === State.allocatedInPool) continue;
    const [use] = givenUses(snapshot.uses.usersAt(place));
    if (use === undefined) continue;
    const ip = snapshot.uses.ipAt(place);
    const pool = active.find(({ cidr }) => containsIp(cidr, ip));
    if (pool === undefined) findings.push(outsidePools(formatIp(ip), use, snapshot.pools.some(({ cidr }) => containsIp(cidr, ip))));
    else if (states[place] === State.notAllocated && !unreadable.some((cidr) => containsIp(cidr, ip))) findings.push(notAllocated(formatIp(ip), use, `${pool.name} (${formatCidr(pool.cidr)})`));
  }
  return findings;
}

/** Addresses that several use. */
export function severalUsers(survey: Survey): Finding[] {
  const findings: Finding[] = [];
  for (const [ip, all] of survey.snapshot.uses.shared()) {
    const users = givenUses(all);
    if (users.length < 2) continue;
    const last = users.at(-1)!;
    findings.push({
      code: 'several-users',
      subject: formatIp(ip),
      cause: 'The address was released or assigned by hand while it was in use, or an endpoint was made by hand.',
      evidence: `used by ${users.map(ownerText).join(' and ')}`,
      risk: 'Traffic reaches the wrong workload, or none.',
      remedy: replaceUse(last),
    });
  }
  return findings;
}

/** Whether blocks have given out each of the addresses in use, by its place; hardly one of them needs to be looked at again. */
function statesOf({ blocks, uses }: IpamSnapshot, active: readonly Pool[]): Uint8Array {
  const states = new Uint8Array(uses.size);
  for (const { cidr, ordinals } of blocks) {
    const state = active.some((pool) => containsCidr(pool.cidr, cidr)) ? State.allocatedInPool : State.allocated;
    for (const ordinal of ordinals) {
      const place = uses.placeOf(addressAt(cidr, ordinal));
      if (place !== undefined && states[place]! < state) states[place] = state;
    }
  }
  return states;
}

function leakCause({ snapshot }: Survey, { attribute }: Allocation): string {
  const node = attribute?.secondary?.['node'];
  if (node !== undefined && !snapshot.nodes.has(node)) return `Node ${node} is gone, and its addresses were not released.`;
  if (attribute?.secondary?.['type'] !== undefined) return 'The node has given up this tunnel address without releasing it.';
  return 'The workload is gone, and its network plugin was stopped, or could not reach the datastore, before it had released the address.';
}

function allocationText({ handle, attribute }: Allocation): string {
  const owner = Object.entries(attribute?.secondary ?? {}).map(([name, value]) => `${name}=${value}`).sort();
  return [handle === undefined ? 'without a handle' : `to handle ${handle}`, ...(owner.length === 0 ? [] : [`(${owner.join(', ')})`])].join(' ');
}

function outsidePools(address: string, use: Use, disabled: boolean): Finding {
  return {
    code: 'outside-pools',
    subject: address,
    cause: disabled ? 'Its pool is disabled.' : 'Its pool was deleted, or the address was never from a pool.',
    evidence: `used by ${ownerText(use)}; ${disabled ? 'only a disabled pool has it' : 'no pool has it'}`,
    risk: 'The address is not reserved, and pool settings such as NAT and encapsulation may not apply to it.',
    remedy: replaceUse(use),
  };
}

function notAllocated(address: string, use: Use, pool: string): Finding {
  return {
    code: 'in-use-not-allocated',
    subject: address,
    cause: 'The address was released while it was in use, or taken without asking address management.',
    evidence: `used by ${ownerText(use)}, in pool ${pool}; no block has given it out`,
    risk: 'The address can be given to another workload at any moment.',
    remedy: `calicoctl ipam assign --ip=${address} --node=${shellWord(use.node)}`,
  };
}

/** What gives the user another address. A node asks for its tunnels' addresses anew as it starts, if those it has are not its own. */
function replaceUse(use: Use): string {
  return use.kind === 'workload' ? replaceWorkload(use) : `calicoctl node restart  # on ${use.name}`;
}

/** A pod is made anew with another address; any other endpoint can only be removed. The name says which it is (v3-storage.md 1.6). */
function replaceWorkload({ name }: Use): string {
  const [namespace = '', endpoint = ''] = name.split('/');
  const [, orchestrator, pod] = endpoint.replaceAll('--', '\0').split('-').map((part) => part.replaceAll('\0', '-'));
  if (orchestrator === 'k8s' && pod !== undefined) return `kubectl --namespace=${shellWord(namespace)} delete pod ${shellWord(pod)}`;
  return `calicoctl --dialect v3 delete workloadEndpoint ${shellWord(endpoint)} --namespace=${shellWord(namespace)}`;
}
