import { formatCidr } from './address.js';
import { blockOwner, isBorrowed, type Allocation, type Survey } from './survey.js';

/** An address that a node has from another's block, in the words of the official table. */
export interface Borrowed {
  readonly ip: string;
  readonly borrowingNode: string;
  readonly block: string;
  readonly blockOwner: string;
  readonly type: string;
  readonly allocatedTo: string;
}

/** Borrowed addresses, and how many allocations do not say for which node they are (v3-storage.md 6.6). */
export function findBorrowed({ allocations }: Pick<Survey, 'allocations'>): { readonly borrowed: readonly Borrowed[]; readonly withoutNode: number } {
  const borrowed = allocations.filter((allocation) => isBorrowed(allocation) === true).map(describe);
  return { borrowed, withoutNode: allocations.filter((allocation) => isBorrowed(allocation) === undefined).length };
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
