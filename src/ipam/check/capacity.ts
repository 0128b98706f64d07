import { addressAt, containsCidr, containsIp, formatCidr, overlaps, addressCount, type Cidr } from '../../net/address.js';
import type { Pool } from '../cluster/resources.js';
import { parseAffinityText } from '../records/keys.js';
import type { StoredBlock } from '../records/stored-block.js';
import type { Survey } from '../snapshot/allocations.js';
import type { Finding } from './finding.js';
import type { Remedy } from './remedy.js';

/** From this share on, a pool or node is nearly exhausted. */
const NEARLY = 0.9;
/** Blocks a host may have where the configuration does not say. */
const DEFAULT_MAX_BLOCKS = 20;

/** Pools that may be used and have no free address, or few. Addresses in blocks of any size count, reserved ones do not. */
export function exhaustedPools({ snapshot }: Survey): Finding[] {
  return snapshot.pools.filter(({ disabled, allocatable }) => !disabled && allocatable).flatMap((pool) => {
    const reservations = largest(snapshot.reservations.filter((reservation) => overlaps(reservation, pool.cidr)));
    const reserved = reservations.reduce((sum, reservation) => sum + Number(addressCount(containsCidr(reservation, pool.cidr) ? pool.cidr : reservation)), 0);
    const size = Number(addressCount(pool.cidr)) - reserved;
    const blocks = snapshot.blocks.filter(({ cidr }) => containsIp(pool.cidr, cidr.address));
    const used = blocks.reduce((sum, block) => sum + unreserved(block, reservations), 0);
    return size === 0 || used < size * NEARLY ? [] : poolFinding(pool, { used, size, reserved });
  });
}

/** Those of the networks that lie in no other. */
function largest(cidrs: readonly Cidr[]): readonly Cidr[] {
  return cidrs.filter((cidr, index) => !cidrs.some((other, at) => at !== index && containsCidr(other, cidr) && (other.length < cidr.length || at < index)));
}

/** How many addresses a block has allocated that no reservation covers. */
function unreserved({ cidr, used, ordinals }: StoredBlock, reservations: readonly Cidr[]): number {
  const near = reservations.filter((reservation) => overlaps(reservation, cidr));
  if (near.length === 0) return used;
  return ordinals.filter((ordinal) => !near.some((reservation) => containsIp(reservation, addressAt(cidr, ordinal)))).length;
}

/** Nodes that may claim no further block and whose own blocks are full, or nearly, in a family. */
export function exhaustedNodes({ snapshot }: Survey): Finding[] {
  const { maxBlocksPerHost, autoAllocateBlocks, strictAffinity } = snapshot.configuration;
  const limit = maxBlocksPerHost > 0 ? maxBlocksPerHost : DEFAULT_MAX_BLOCKS;
  const owned = new Map<string, { host: string; family: 4 | 6; blocks: StoredBlock[] }>();
  for (const block of snapshot.blocks) {
    const claimant = parseAffinityText(block.affinity);
    if (claimant?.type !== 'host' || !snapshot.nodes.has(claimant.name)) continue;
    const family = block.cidr.address.version;
    const name = `${family} ${claimant.name}`;
    const entry = owned.get(name) ?? { host: claimant.name, family, blocks: [] };
    entry.blocks.push(block);
    owned.set(name, entry);
  }
  const room = { 4: hasRoom(snapshot.pools, snapshot.blocks, 4), 6: hasRoom(snapshot.pools, snapshot.blocks, 6) };
  const most = Math.max(limit, ...[...owned.values()].map(({ blocks }) => blocks.length));
  return [...owned.values()].flatMap(({ host, family, blocks }) => {
    const used = blocks.reduce((sum, block) => sum + block.used, 0);
    const size = blocks.reduce((sum, block) => sum + block.capacity, 0);
    const obstacle = !autoAllocateBlocks ? 'Nodes do not claim blocks: AutoAllocateBlocks is off.' : !room[family] ? 'The pools have no free block left.' : blocks.length >= limit ? 'The node has reached its block limit.' : undefined;
    if (obstacle === undefined || used < size * NEARLY) return [];
    const more = autoAllocateBlocks && room[family] && strictAffinity ? 2 * most : undefined;
    return nodeFinding(host, `IPv${family}: ${blocks.length} of ${limit} blocks, ${used} of ${size} addresses`, { cause: obstacle, full: used >= size, strict: strictAffinity, room: room[family], more });
  });
}

function poolFinding(pool: Pool, { used, size, reserved }: { readonly used: number; readonly size: number; readonly reserved: number }): Finding {
  const full = used >= size;
  return {
    code: full ? 'exhausted-pool' : 'nearly-exhausted-pool',
    subject: pool.name,
    cause: 'The pool is too small for what uses it, or addresses leak.',
    evidence: `${used} of ${size} addresses of ${formatCidr(pool.cidr)} are in use${reserved === 0 ? '' : `; ${reserved} more are reserved`}`,
    risk: full ? 'Workloads that need an address from it do not start.' : 'Workloads that need an address from it will soon not start.',
    remedy: 'Release any leaked addresses, or add another pool with a network of its own.',
  };
}

/** `more` is a limit of blocks under which the node may claim again. */
function nodeFinding(subject: string, evidence: string, { cause, full, strict, room, more }: { readonly cause: string; readonly full: boolean; readonly strict: boolean; readonly room: boolean; readonly more: number | undefined }): Finding {
  return {
    code: full ? 'exhausted-node' : 'nearly-exhausted-node',
    subject,
    cause,
    evidence,
    risk: strict ? 'Once its blocks are full, workloads on the node do not start.' : "Once its blocks are full, the node borrows addresses from others' blocks, at the cost of one route each.",
    remedy: more === undefined ? nodeAdvice(room) : limitOf(more),
  };
}

function nodeAdvice(room: boolean): string {
  return room ? 'Move workloads to other nodes, or release any leaked addresses on this one; `calicoctl ipam show --show-blocks` shows how full its blocks are.' : 'Add a pool: the existing ones have no room for another block.';
}

function limitOf(blocks: number): readonly Remedy[] {
  return [{ verb: 'configure', options: [['max-blocks-per-host', String(blocks)]] }];
}

/** Whether some enabled pool of the family has room for another block. */
function hasRoom(pools: readonly Pool[], blocks: readonly StoredBlock[], family: 4 | 6): boolean {
  const made = (cidr: Cidr): number => blocks.filter((block) => containsCidr(cidr, block.cidr)).reduce((sum, block) => sum + block.capacity, 0);
  return pools.some(({ cidr, disabled, allocatable }) => !disabled && allocatable && cidr.address.version === family && made(cidr) < Number(addressCount(cidr)));
}
