import type { Store } from '../datastore/store.js';
import { addressAt } from './address.js';
import { removeIpamHost } from './affinities.js';
import { attributeAt, handleOf, sequenceAt } from './block.js';
import { decodeBlock, isUnreadable } from './block-codec.js';
import { BLOCK_PREFIX } from './keys.js';
import { releaseAddresses, type AddressRelease, type AddressRequest } from './release.js';

/** The addresses that blocks record for a node, with what they must still be to be released. Blocks that cannot be read are passed over. */
export async function addressesOfNode(store: Store, node: string): Promise<AddressRequest[]> {
  const requests: AddressRequest[] = [];
  for await (const { entries } of store.list(BLOCK_PREFIX)) {
    for (const { value } of entries) {
      const block = value.includes(node) ? decodeBlock(value) : undefined;
      if (block === undefined || isUnreadable(block)) continue;
      for (let ordinal = 0; ordinal < block.allocations.length; ordinal++) {
        const owner = attributeAt(block, ordinal);
        if (owner?.secondary?.['node'] !== node) continue;
        requests.push({ ip: addressAt(block.cidr, ordinal), handle: handleOf(owner), sequence: sequenceAt(block, ordinal) });
      }
    }
  }
  return requests;
}

/**
 * Gives back all that a vanished node left: its addresses, then its blocks. The caller sees to it that the node is
 * gone. Killed in between, the same call finishes the rest.
 */
export async function releaseNode(store: Store, node: string): Promise<{ readonly addresses: readonly AddressRelease[]; readonly affinities: number }> {
  const addresses = await releaseAddresses(store, await addressesOfNode(store, node));
  return { addresses, affinities: await removeIpamHost(store, node) };
}
