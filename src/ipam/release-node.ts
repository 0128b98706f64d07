import type { Store } from '../datastore/store.js';
import { addressAt, type Cidr } from './address.js';
import { removeIpamHost } from './affinities.js';
import { attributeAt, clearAffinity, handleOf, sequenceAt } from './block.js';
import { decodeBlock, isUnreadable, type Block } from './block-codec.js';
import { transact } from './draft.js';
import { BLOCK_PREFIX } from './keys.js';
import { releaseAddresses, type AddressRelease, type AddressRequest } from './release.js';
import { readBlock, storeBlock } from './stored.js';

/** What blocks record for a node. */
export interface NodeRemains {
  /** Its addresses, with what they must still be to be released. */
  readonly addresses: readonly AddressRequest[];
  /** The blocks that name it as their owner. */
  readonly blocks: readonly Cidr[];
}

/** What the blocks record for a node; those that cannot be read are passed over. */
export async function remainsOfNode(store: Store, node: string): Promise<NodeRemains> {
  const addresses: AddressRequest[] = [];
  const blocks: Cidr[] = [];
  for await (const { entries } of store.list(BLOCK_PREFIX)) {
    for (const { value } of entries) {
      const block = value.includes(node) ? decodeBlock(value) : undefined;
      if (block === undefined || isUnreadable(block)) continue;
      addresses.push(...addressesIn(block, node));
      if (block.affinity === `host:${node}`) blocks.push(block.cidr);
    }
  }
  return { addresses, blocks };
}

/**
 * Gives back all that a vanished node left: its addresses, then its affinities, then blocks that name it without an
 * affinity. The caller sees to it that the node is gone. Killed in between, the same call finishes the rest.
 */
export async function releaseNode(store: Store, node: string): Promise<{ readonly addresses: readonly AddressRelease[]; readonly affinities: number }> {
  const remains = await remainsOfNode(store, node);
  const addresses = await releaseAddresses(store, remains.addresses);
  const affinities = await removeIpamHost(store, node);
  for (const cidr of remains.blocks) {
    await transact(store, async (draft) => {
      const block = await readBlock(draft, cidr);
      if (block?.affinity === `host:${node}`) storeBlock(draft, clearAffinity(block));
    });
  }
  return { addresses, affinities };
}

function addressesIn(block: Block, node: string): AddressRequest[] {
  return block.allocations.flatMap((_, ordinal) => {
    const owner = attributeAt(block, ordinal);
    if (owner?.secondary?.['node'] !== node) return [];
    return { ip: addressAt(block.cidr, ordinal), handle: handleOf(owner), sequence: sequenceAt(block, ordinal) };
  });
}
