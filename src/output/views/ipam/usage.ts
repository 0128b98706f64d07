import { formatCidr } from '../../../net/address.js';
import { usageRows, type BlockUsage, type PoolUsage, type Usage } from '../../../ipam/report/usage.js';
import { unreadablePools, type UnreadableKey } from '../../../ipam/cluster/unreadable.js';
import { borderedTable } from '../../formats/bordered-table.js';
import { safe } from '../../../text/safe.js';

const HEADINGS = ['grouping', 'cidr', 'ips total', 'ips in use', 'ips free'];
/** Characters of a whole bar. */
const BAR = 30;

/** How full pools and blocks are, as the table of the official tool; pools and blocks that cannot be read are named below it. */
export async function usageTable(usage: Usage, withBlocks: boolean): Promise<string> {
  return (await borderedTable(HEADINGS, usageRows(usage, withBlocks))) + unreadableNote(usage.unreadable);
}

/** A bar for each pool, for people. */
export function usageBars({ pools }: Usage): string {
  const widest = Math.max(0, ...pools.map(({ name }) => name.length));
  return pools.map((pool) => `${safe(pool.name).padEnd(widest)}  ${bar(pool)}\n`).join('');
}

/** The same as data. Counts are numbers, those of IPv6 pools too, however long. */
export function usageData({ pools, outside, unreadable }: Usage, withBlocks: boolean): object {
  return {
    pools: pools.map(({ name, cidr, disabled, capacity, inUse, blocks }) => ({
      name,
      cidr: formatCidr(cidr),
      disabled,
      total: capacity,
      inUse,
      free: capacity - BigInt(inUse),
      ...(withBlocks ? { blocks: blocks.map(blockData) } : {}),
    })),
    ...(withBlocks ? { blocksOutsidePools: outside.map(blockData) } : {}),
    unreadable,
  };
}

/** What stands below a table that leaves out pools or blocks because they cannot be read. */
export function unreadableNote(unreadable: readonly UnreadableKey[]): string {
  const pools = unreadablePools(unreadable);
  const blocks = unreadable.filter((each) => !pools.includes(each));
  return noteOf(pools, 'these pools cannot be read, and their blocks are not counted') + noteOf(blocks, 'these blocks cannot be read and are not counted');
}

function noteOf(unreadable: readonly UnreadableKey[], what: string): string {
  if (unreadable.length === 0) return '';
  const lines = unreadable.map(({ key, problem }) => safe(`  ${key}: ${problem}`));
  return `\nNote: ${what}. \`calicoctl ipam check\` says what to do.\n${lines.join('\n')}\n`;
}

function blockData({ cidr, affinity, capacity, free }: BlockUsage): object {
  return { cidr: formatCidr(cidr), affinity, total: capacity, inUse: capacity - free, free };
}

function bar({ inUse, capacity }: PoolUsage): string {
  const share = Math.min(1, Math.max(0, inUse / Number(capacity)));
  // What is used at all is seen, and what is not full does not look full.
  const filled = inUse > 0 && share < 1 ? Math.min(BAR - 1, Math.max(1, Math.round(share * BAR))) : Math.round(share * BAR);
  return `${'█'.repeat(filled)}${'░'.repeat(BAR - filled)} ${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)}%`;
}
