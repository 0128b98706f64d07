import { Draft } from '../../datastore/draft.js';
import type { Store } from '../../datastore/store.js';
import { addressAt, parseCidr } from '../../net/address.js';
import { attributeAt, handleOf, sequenceAt } from '../records/block.js';
import type { Attribute } from '../records/block-codec.js';
import { blockKey } from '../records/keys.js';
import { readBlock, readHandle } from '../records/records-in-draft.js';
import type { AddressRequest } from './release.js';

/** An address of a handle, as it is asked to be given back, with what its block says of it. */
export interface HandleAddress extends AddressRequest {
  readonly attribute: Attribute | undefined;
}

/** The addresses that the blocks a handle counts on have given to it; undefined where there is no such handle. */
export async function addressesOfHandle(store: Store, handle: string): Promise<HandleAddress[] | undefined> {
  const draft = new Draft(store);
  const counts = await readHandle(draft, handle);
  if (counts === undefined) return undefined;
  const cidrs = [...counts.keys()].map(parseCidr).filter((cidr) => cidr !== undefined);
  await draft.load(cidrs.map(blockKey));
  const addresses: HandleAddress[] = [];
  for (const cidr of cidrs) {
    const block = await readBlock(draft, cidr);
    for (let ordinal = 0; block !== undefined && ordinal < block.allocations.length; ordinal++) {
      const attribute = attributeAt(block, ordinal);
      if (handleOf(attribute) === handle) addresses.push({ ip: addressAt(cidr, ordinal), handle, sequence: sequenceAt(block, ordinal), attribute });
    }
  }
  return addresses;
}
