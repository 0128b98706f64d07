import { formatCidr, type Cidr } from '../../net/address.js';
import type { Unreadable } from '../records/block-codec.js';
import { ENDPOINT_PREFIX, NODE_PREFIX, POOL_PREFIX } from './resources.js';
import { parseBlockKey } from '../records/keys.js';

/** A key whose value cannot be used, or that is not Calico's. */
export interface UnreadableKey {
  readonly key: string;
  readonly problem: string;
}

/** What is said of a value that is not text at all. */
export const NOT_UTF8: Unreadable = { problem: 'not UTF-8' };

/** Workload endpoints and nodes that cannot be read: while there is one, no address is known to be unused. */
export function unreadableUsers(unreadable: readonly UnreadableKey[]): readonly UnreadableKey[] {
  return unreadable.filter(({ key }) => key.startsWith(ENDPOINT_PREFIX) || key.startsWith(NODE_PREFIX));
}

/** Pools that cannot be read: while there is one, a network outside the others is not known to be outside all pools. */
export function unreadablePools(unreadable: readonly UnreadableKey[]): readonly UnreadableKey[] {
  return unreadable.filter(({ key }) => key.startsWith(POOL_PREFIX));
}

/** The networks of blocks that are stored but cannot be read; what counts on them cannot be judged. */
export function unreadableBlocks(unreadable: readonly UnreadableKey[]): Map<string, Cidr> {
  const cidrs = new Map<string, Cidr>();
  for (const { key } of unreadable) {
    const cidr = parseBlockKey(key);
    if (cidr !== undefined) cidrs.set(formatCidr(cidr), cidr);
  }
  return cidrs;
}

/** So many keys are named in a sentence. */
const MOST_NAMED = 3;

/** The keys in a sentence; of many the first few. */
export function keysText(keys: readonly UnreadableKey[]): string {
  const names = keys.map(({ key }) => key);
  return names.length <= MOST_NAMED ? names.join(' and ') : `${names.slice(0, MOST_NAMED).join(', ')} and ${names.length - MOST_NAMED} more`;
}

/** What is said of such a key. */
export function unreadableText({ key, problem }: UnreadableKey): string {
  return `${key} cannot be read: ${problem}`;
}
