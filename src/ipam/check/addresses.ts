import { containsIp, enclosing, formatCidr, formatIp, ordinalOf, overlaps, parseIp } from '../../net/address.js';
import { attributeAt } from '../records/block.js';
import { handleKey } from '../records/keys.js';
import { wholeBlock } from '../records/stored-block.js';
import { canBeJudged, unusedAllocations, type Allocation, type Survey } from '../snapshot/allocations.js';
import { dockerHandle, isTunnelHandle } from '../cluster/owners.js';
import { blockAround, isManaged, pluginOwnerOf, type Unallocated } from '../snapshot/unallocated.js';
import { givenUses } from '../snapshot/use-table.js';
import { ownerText, type Use } from '../cluster/uses.js';
import type { Finding } from './finding.js';
import { countsWrong } from './handles.js';
import { releaseBy, repairOf, type Remedy } from './remedy.js';

/** Addresses that are allocated although nothing in the store uses them. An address that a node has as its own is reserved by that. */
export function leakedAddresses(survey: Survey): Finding[] {
  const findings: Finding[] = [];
  for (const allocation of unusedAllocations(survey)) {
    if (!canBeJudged(survey, allocation) || survey.snapshot.uses.get(parseIp(allocation.address)!).length > 0 || isOfInhabited(survey, allocation)) continue;
    findings.push({
      code: 'leaked-address',
      subject: allocation.address,
      cause: leakCause(survey, allocation),
      evidence: `allocated ${allocationText(allocation)}; no workload endpoint and no tunnel has it`,
      risk: 'The address cannot be assigned to anything else. A workload that is just starting looks the same: make sure that the timestamp in the evidence is old or, if there is none, that a check some minutes later finds it again.',
      remedy: releaseOf(survey, allocation),
    });
  }
  return findings;
}

/** Addresses in use without an allocation, as far as Calico assigns them. */
export function unallocatedUses(survey: Survey): Finding[] {
  return survey.snapshot.unallocated.filter((each) => !each.allocated && isManaged(each) && isPoolKnown(survey, each)).map((each) => {
    const obstacles = inTheWay(survey, each);
    return {
      code: each.pool === undefined ? 'outside-pools' : 'in-use-not-allocated',
      subject: formatIp(each.ip),
      cause: 'The address was released while in use, or taken without asking IPAM.',
      evidence: `used by ${ownerText(each.use)}, ${blockOrPoolText(each)}; it is not allocated in any block${obstacleText(obstacles)}`,
      risk: each.pool === undefined ? 'The address can be assigned to another workload as soon as an enabled pool contains it again.' : 'The address can be assigned to another workload at any moment.',
      remedy: obstacles.length === 0 ? takeOver(survey, each) : 'A block of another size has to be deleted first: the finding about that block says how.',
    };
  });
}

/** Whether it is known which pool an address has: where some pool cannot be read, only that of one in another, which may be disabled. */
export function isPoolKnown({ snapshot, unknownPools }: Survey, { ip, pool }: Pick<Unallocated, 'ip' | 'pool'>): boolean {
  return pool !== undefined || unknownPools.length === 0 || snapshot.pools.some(({ cidr }) => containsIp(cidr, ip));
}

/** Addresses that several use, of those that Calico assigns. A virtual machine that moves to another node has its address on both. */
export function severalUsers({ snapshot }: Survey): Finding[] {
  const findings: Finding[] = [];
  const shared = [...snapshot.uses.shared()];
  if (shared.length === 0) return findings;
  const around = blockAround(snapshot.blocks);
  const unallocated = new Map(snapshot.unallocated.map((each) => [formatIp(each.ip), each]));
  for (const [ip, all] of shared) {
    const users = givenUses(all);
    const without = unallocated.get(formatIp(ip));
    if (users.length < 2 || (without !== undefined && !without.allocated && !isManaged(without))) continue;
    const block = around(ip);
    const attribute = block === undefined ? undefined : attributeAt(wholeBlock(block), ordinalOf(block.cidr, ip)!);
    const machine = attribute?.secondary?.['vmi-name'];
    if (machine !== undefined && users.every((user) => podOf(user)?.startsWith(`virt-launcher-${machine}-`))) continue;
    findings.push({
      code: 'several-users',
      subject: formatIp(ip),
      cause: 'The address was released or assigned by hand while in use, or an endpoint was created by hand.',
      evidence: `used by ${users.map(ownerText).join(' and ')}${attribute === undefined ? '' : `; ${ownersText(attribute.secondary ?? {})}`}`,
      risk: 'Traffic reaches the wrong workload, or none.',
      remedy: 'Every user except the one it was assigned to needs another address. Let the orchestrator replace a workload when its service can spare it; a node gets new tunnel addresses when its calico-node starts: run `calicoctl node restart` on it.',
    });
  }
  return findings;
}

/**
 * A handle with a wrong count would stay without addresses, or be deleted while it has some: its count is corrected first.
 * An address whose attribute is missing cannot be released before its block is repaired.
 */
function releaseOf(survey: Survey, { address, handle, attribute, block }: Allocation): readonly Remedy[] {
  if (attribute === undefined) return [...repairOf('block', formatCidr(block.cidr)), ...releaseBy('ip', address)];
  const wrong = handle !== undefined && (countsWrong(survey, handle) || survey.snapshot.unreadable.some(({ key }) => key === handleKey(handle)));
  return wrong ? [...repairOf('handle', handle), ...releaseBy('ip', address)] : releaseBy('ip', address);
}

/** Whether it is the address of a tunnel of a node that is gone from the store, but may be running anyway: there are endpoints on it. */
function isOfInhabited({ snapshot }: Survey, { handle, attribute }: Allocation): boolean {
  const node = attribute?.secondary?.['node'] ?? '';
  return isTunnelHandle(handle, node) && !snapshot.nodes.has(node) && snapshot.uses.hasNode(node);
}

function leakCause({ snapshot }: Survey, { handle, attribute }: Allocation): string {
  const node = attribute?.secondary?.['node'];
  if (node !== undefined && !snapshot.nodes.has(node)) return 'Its node is gone, and its addresses were not released.';
  if (node !== undefined && handle === dockerHandle(node)) return 'A network of Docker on this node sets it aside (`docker network create --aux-address`), and it is to stay; or its container is gone, and the driver of the node, where it runs, takes it back within minutes.';
  if (attribute?.secondary?.['type'] !== undefined) return 'The node stopped using this tunnel address without releasing it.';
  if (attribute?.secondary?.['pod'] === undefined) return 'It was assigned by hand, for example by `calicoctl ipam assign`, and nothing uses it; or its workload is gone, and the network plugin did not release it.';
  return 'The workload is gone, and the network plugin was stopped or could not reach the datastore before it released the address.';
}

function allocationText({ handle, attribute }: Allocation): string {
  const owner = Object.entries(attribute?.secondary ?? {}).map(([name, value]) => `${name}=${value}`).sort();
  return [handle === undefined ? 'without a handle' : `to handle ${handle}`, ...(owner.length === 0 ? [] : [`(${owner.join(', ')})`])].join(' ');
}

function blockOrPoolText({ pool, block }: Unallocated): string {
  return pool === undefined ? `in block ${formatCidr(block!.cidr)} outside the enabled pools` : `in pool ${pool.name} (${formatCidr(pool.cidr)})`;
}

function obstacleText(obstacles: readonly string[]): string {
  return obstacles.length === 0 ? '' : `, and ${obstacles.join(' and ')} ${obstacles.length === 1 ? 'overlaps' : 'overlap'} the block it belongs to`;
}

/** The blocks that overlap the one that would hold the address, so that it cannot be made. */
function inTheWay({ snapshot }: Survey, { ip, pool, block }: Unallocated): string[] {
  if (block !== undefined || pool === undefined) return [];
  const needed = enclosing(ip, pool.blockSize);
  return snapshot.blocks.filter(({ cidr }) => overlaps(cidr, needed)).map(({ cidr }) => formatCidr(cidr));
}

/** Assigns the address to who uses it, as their plugin would have. */
function takeOver({ snapshot }: Survey, each: Unallocated): readonly Remedy[] {
  const { handle } = pluginOwnerOf(each, snapshot.networks, new Date());
  return [{ verb: 'assign', options: [['ip', formatIp(each.ip)], ['node', each.use.node], ...(handle === undefined ? [] : [['handle', handle] as const])], force: true }];
}

function ownersText(attributes: Readonly<Record<string, string>>): string {
  const given = Object.entries(attributes).filter(([name]) => name !== 'timestamp').map(([name, value]) => `${name}=${value}`);
  return given.length === 0 ? 'nothing says what it was assigned to' : `it was assigned to ${given.sort().join(', ')}`;
}

/** The pod of a workload, by the name of its endpoint (reference/storage 1.6); undefined for any other user. */
function podOf({ kind, name }: Use): string | undefined {
  if (kind !== 'workload') return undefined;
  const [, orchestrator, pod] = (name.split('/')[1] ?? '').replaceAll('--', '\0').split('-').map((part) => part.replaceAll('\0', '-'));
  return orchestrator === 'k8s' ? pod : undefined;
}
