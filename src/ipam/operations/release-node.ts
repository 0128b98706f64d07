import type { Store } from '../../datastore/store.js';
import { addressAt, formatCidr } from '../../net/address.js';
import { removeIpamHost } from './affinities.js';
import { attributeAt, clearAffinity, handleOf, sequenceAt } from '../records/block.js';
import { decodeBlock, isUnreadable, type Block } from '../records/block-codec.js';
import { transact } from '../../datastore/draft.js';
import { BLOCK_PREFIX, affinityText } from '../records/keys.js';
import type { AddressRequest } from './release.js';
import { readBlock, storeBlock } from '../records/records-in-draft.js';

/** The addresses that blocks record for any of the nodes, with what they must still be to be released. Blocks that cannot be read are passed over. */
export async function addressesOfNodes(store: Store, nodes: ReadonlySet<string>): Promise<AddressRequest[]> {
  const addresses: AddressRequest[] = [];
  for await (const block of blocksNaming(store, nodes)) addresses.push(...addressesIn(block, nodes));
  return addresses;
}

/**
 * Takes from vanished nodes their affinities, and the blocks that name them without one. Returns how many affinities went.
 * Killed in between, the same call finishes the rest.
 */
export async function releaseBlocksOfNodes(store: Store, nodes: ReadonlySet<string>): Promise<number> {
  let affinities = 0;
  for (const node of nodes) affinities += await removeIpamHost(store, node);
  const owners = new Set([...nodes].map((node) => affinityText({ type: 'host', name: node })));
  for await (const { cidr } of blocksNaming(store, nodes)) {
    await transact(store, async (draft) => {
      const block = await readBlock(draft, cidr);
      if (block !== undefined && owners.has(block.affinity ?? '')) storeBlock(draft, clearAffinity(block));
    }, () => [{ did: 'released', what: `block ${formatCidr(cidr)}` }]);
  }
  return affinities;
}

/** Blocks in whose text a node occurs: few of many are parsed. */
async function* blocksNaming(store: Store, nodes: ReadonlySet<string>): AsyncGenerator<Block> {
  const [only] = nodes.size === 1 ? nodes : [];
  for await (const { entries } of store.list(BLOCK_PREFIX)) {
    for (const { value } of entries) {
      const block = only === undefined || value.includes(only) ? decodeBlock(value) : undefined;
      if (block !== undefined && !isUnreadable(block)) yield block;
    }
  }
}

function addressesIn(block: Block, nodes: ReadonlySet<string>): AddressRequest[] {
  return block.allocations.flatMap((_, ordinal) => {
    const owner = attributeAt(block, ordinal);
    if (!nodes.has(owner?.secondary?.['node'] ?? '')) return [];
    return { ip: addressAt(block.cidr, ordinal), handle: handleOf(owner), sequence: sequenceAt(block, ordinal) };
  });
}
