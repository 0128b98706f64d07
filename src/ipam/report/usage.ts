import type { Store } from '../../datastore/store.js';
import { formatCidr, network, overlaps, parseCidr, addressCount, type Cidr } from '../../net/address.js';
import { decodeBlock, isUnreadable, type Unreadable } from '../records/block-codec.js';
import { POOL_PREFIX, readablePools, type Pool } from '../cluster/resources.js';
import { BLOCKS_IN_PAGE, BLOCK_PREFIX, parseBlockKey } from '../records/keys.js';
import type { UnreadableKey } from '../cluster/unreadable.js';

/** How full a block is. `free` is what its queue offers; a damaged queue can offer more than there is. */
export interface BlockUsage {
  readonly cidr: Cidr;
  /** `host:<node>`, `virtual:<name>`, or null for a block nobody has. */
  readonly affinity: string | null;
  readonly capacity: number;
  readonly free: number;
}

export interface PoolUsage {
  readonly name: string;
  readonly cidr: Cidr;
  readonly disabled: boolean;
  readonly capacity: bigint;
  readonly inUse: number;
  readonly blocks: readonly BlockUsage[];
}

export interface Usage {
  /** Every pool, in order of name. */
  readonly pools: readonly PoolUsage[];
  /** Blocks that lie in no pool that can be read. */
  readonly outside: readonly BlockUsage[];
  /** First pools, then blocks, each in order of key. */
  readonly unreadable: readonly UnreadableKey[];
}

/** The start of a block as Calico writes it, as far as its queue. */
const START = /^\{"cidr":"([^"\\]+)","affinity":(?:null|"([^"\\]*)")(?:,"affinity_claim_time":"[^"\\]*")?,"allocations":\[[nul\d,-]*\],"unallocated":\[([\d,]*)\],"attributes":(?:null|\[)/;
const END = /,"sequenceNumber":\d+,"sequenceNumberForAllocation":(?:null|\{[\d:",]*\}),"deleted":(?:true|false)\}$/;

/** How full every pool and block is, at one revision (reference/ipam 6). A block counts for the first pool it overlaps. */
export async function readUsage(store: Store): Promise<Usage> {
  const { ranges, revision } = await store.snapshot([{ prefix: POOL_PREFIX }]);
  const { pools, unreadable } = readablePools(ranges[0]!);
  const found = pools.map(() => [] as BlockUsage[]);
  const outside: BlockUsage[] = [];
  for await (const { entries } of store.list(BLOCK_PREFIX, { revision, pageSize: BLOCKS_IN_PAGE })) {
    for (const { key, value } of entries) {
      if (parseBlockKey(key) === undefined) continue;
      const usage = usageOf(value);
      if (isUnreadable(usage)) unreadable.push({ key, problem: usage.problem });
      else (found[pools.findIndex((pool) => overlaps(pool.cidr, usage.cidr))] ?? outside).push(usage);
    }
  }
  return { pools: pools.map((pool, index) => poolUsage(pool, found[index]!)), outside, unreadable };
}

/** How full one stored block is. The usual layout is not parsed whole: that is four times faster. */
export function usageOf(text: string): BlockUsage | Unreadable {
  const start = START.exec(text);
  const cidr = start && END.test(text) ? parseCidr(start[1]!) : undefined;
  if (cidr !== undefined) return { cidr: network(cidr), affinity: start![2] ?? null, capacity: capacityOf(cidr), free: start![3] === '' ? 0 : start![3]!.split(',').length };
  const block = decodeBlock(text);
  if (isUnreadable(block)) return block;
  return { cidr: block.cidr, affinity: block.affinity, capacity: capacityOf(block.cidr), free: block.unallocated.length };
}

/** A count as the official table prints it: five significant digits (Go's `%.5g`). */
export function shortNumber(value: number): string {
  const [digits = '', exponent] = value.toPrecision(5).split('e');
  const plain = digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits;
  return exponent === undefined ? plain : `${plain}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
}

/** A whole percentage, halves to the even number (Go's `%.f%%`). */
export function percentText(part: number, whole: number): string {
  const exact = (100 * part) / whole;
  const below = Math.floor(exact);
  const rest = exact - below;
  return `${rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below}%`;
}

/** Pools and blocks as rows of the official table: grouping, network, total, in use, free. */
export function usageRows({ pools, outside }: Usage, withBlocks: boolean): string[][] {
  const rows: string[][] = [];
  const add = (group: string, cidr: Cidr, capacity: number, inUse: number): void => {
    const cell = (count: number): string => `${shortNumber(count)} (${percentText(count, capacity)})`;
    rows.push([group, formatCidr(cidr), shortNumber(capacity), cell(inUse), cell(capacity - inUse)]);
  };
  const addBlock = ({ cidr, capacity, free }: BlockUsage): void => add('Block', cidr, capacity, capacity - free);
  for (const { cidr, capacity, inUse, blocks } of pools) {
    add('IP Pool', cidr, Number(capacity), inUse);
    if (withBlocks) blocks.forEach(addBlock);
  }
  if (withBlocks) outside.forEach(addBlock);
  return rows;
}

function poolUsage({ name, cidr, disabled }: Pool, blocks: readonly BlockUsage[]): PoolUsage {
  return { name, cidr, disabled, capacity: addressCount(cidr), inUse: blocks.reduce((sum, { capacity, free }) => sum + capacity - free, 0), blocks };
}

function capacityOf(cidr: Cidr): number {
  return Number(addressCount(cidr));
}
