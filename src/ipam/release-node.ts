import type { Store } from '../datastore/store.js';
import { addressAt } from './address.js';
import { removeIpamHost } from './affinities.js';
import { attributeAt, clearAffinity, handleOf, sequenceAt } from './block.js';
import { decodeBlock, isUnreadable, type Block } from './block-codec.js';
import { transact } from './draft.js';
import { BLOCK_PREFIX } from './keys.js';
import { releaseAddresses, type AddressRelease, type AddressRequest } from './release.js';
import { readBlock, storeBlock } from './stored.js';

/** The addresses that blocks record for a node, with what they must still be to be released. Blocks that cannot be read are passed over. */
export async function addressesOfNode(store: Store, node: string): Promise<AddressRequest[]> {
  const addresses: AddressRequest[] = [];
  for await (const block of blocksNaming(store, node)) addresses.push(...addressesIn(block, node));
  return addresses;
}

/**
 * Takes from a vanished node its affinities, and the blocks that name it without one. Returns how many affinities went.
 * Killed in between, the same call finishes the rest.
 */
export async function releaseBlocksOfNode(store: Store, node: string): Promise<number> {
  const affinities = await removeIpamHost(store, node);
  for await (const { cidr } of blocksNaming(store, node)) {
    await transact(store, async (draft) => {
      const block = await readBlock(draft, cidr);
      if (block?.affinity === `host:${node}`) storeBlock(draft, clearAffinity(block));
    });
  }
  return affinities;
}

/** Gives back all that a vanished node left: its addresses, then its blocks. The caller sees to it that the node is gone. */
export async function releaseNode(store: Store, node: string): Promise<{ readonly addresses: readonly AddressRelease[]; readonly affinities: number }> {
  const addresses = await releaseAddresses(store, await addressesOfNode(store, node));
  return { addresses, affinities: await releaseBlocksOfNode(store, node) };
}

/** Blocks in whose text the node occurs: few of many are parsed. */
async function* blocksNaming(store: Store, node: string): AsyncGenerator<Block> {
  for await (const { entries } of store.list(BLOCK_PREFIX)) {
    for (const { value } of entries) {
      const block = value.includes(node) ? decodeBlock(value) : undefined;
      if (block !== undefined && !isUnreadable(block)) yield block;
    }
  }
}

function addressesIn(block: Block, node: string): AddressRequest[] {
  return block.allocations.flatMap((_, ordinal) => {
    const owner = attributeAt(block, ordinal);
    if (owner?.secondary?.['node'] !== node) return [];
    return { ip: addressAt(block.cidr, ordinal), handle: handleOf(owner), sequence: sequenceAt(block, ordinal) };
  });
}
