import { formatCidr } from '../../net/address.js';
import type { Store } from '../../datastore/store.js';
import { decodeBlock, isUnreadable } from '../records/block-codec.js';
import { BLOCKS_IN_PAGE, BLOCK_PREFIX, parseBlockKey } from '../records/keys.js';
import type { UnreadableKey } from '../cluster/unreadable.js';
import { allocationsOf, blockOwner, isBorrowed, type Allocation, type Survey } from '../snapshot/allocations.js';

/** An address that a node has from another's block, in the words of the official table. */
export interface Borrowed {
  readonly ip: string;
  readonly borrowingNode: string;
  readonly block: string;
  readonly blockOwner: string;
  readonly type: string;
  readonly allocatedTo: string;
}

/** Borrowed addresses, and how many allocations do not say for which node they are (reference/ipam 6). */
export function findBorrowed({ allocations }: Pick<Survey, 'allocations'>): { readonly borrowed: readonly Borrowed[]; readonly withoutNode: number } {
  const borrowed: Borrowed[] = [];
  let withoutNode = 0;
  for (const allocation of allocations) {
    const answer = isBorrowed(allocation);
    if (answer === true) borrowed.push(describe(allocation));
    else if (answer === undefined) withoutNode++;
  }
  return { borrowed, withoutNode };
}

/** The same from the blocks of a store, read page by page. Blocks that cannot be read are named. */
export async function readBorrowed(store: Store): Promise<ReturnType<typeof findBorrowed> & { readonly unreadable: readonly UnreadableKey[] }> {
  const borrowed: Borrowed[] = [];
  const unreadable: UnreadableKey[] = [];
  let withoutNode = 0;
  for await (const { entries } of store.list(BLOCK_PREFIX, { pageSize: BLOCKS_IN_PAGE })) {
    for (const { key, value } of entries) {
      if (parseBlockKey(key) === undefined) continue;
      const block = decodeBlock(value);
      if (isUnreadable(block)) {
        unreadable.push({ key, problem: block.problem });
        continue;
      }
      const found = findBorrowed({ allocations: allocationsOf(block) });
      borrowed.push(...found.borrowed);
      withoutNode += found.withoutNode;
    }
  }
  return { borrowed, withoutNode, unreadable };
}

function describe({ address, block, attribute }: Allocation): Borrowed {
  const { node = '', namespace = '', pod, type = '', 'vmi-name': machine } = attribute?.secondary ?? {};
  const name = machine ?? pod;
  return {
    ip: address,
    borrowingNode: node,
    block: formatCidr(block.cidr),
    blockOwner: blockOwner(block),
    type: machine !== undefined ? 'vmi' : pod !== undefined ? 'pod' : type,
    allocatedTo: name === undefined ? '' : `${namespace}/${name}`,
  };
}
