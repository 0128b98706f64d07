import type { Borrowed } from '../../../ipam/report/borrowed.js';
import type { Configuration } from '../../../ipam/records/records.js';
import { borderedTable } from '../../formats/bordered-table.js';

/** Borrowed addresses as the table of the official tool. */
export async function borrowedTable(borrowed: readonly Borrowed[], withoutNode: number): Promise<string> {
  const rows = borrowed.map(({ ip, borrowingNode, block, blockOwner, type, allocatedTo }) => [ip, borrowingNode, block, blockOwner, type, allocatedTo]);
  const note = withoutNode === 0 ? '' : `\nNote: found ${withoutNode} IP allocations without an explicit node association. Unable to determine if they are borrowed.\n`;
  return (await borderedTable(['ip', 'borrowing-node', 'block', 'block owner', 'type', 'allocated-to'], rows)) + note;
}

/** The configuration of address management as the table of the official tool; unset persistence is empty. */
export async function configurationTable({ strictAffinity, autoAllocateBlocks, maxBlocksPerHost, addressPersistence }: Configuration): Promise<string> {
  return borderedTable(['property', 'value'], [
    ['StrictAffinity', String(strictAffinity)],
    ['AutoAllocateBlocks', String(autoAllocateBlocks)],
    ['MaxBlocksPerHost', String(maxBlocksPerHost)],
    ['KubeVirtVMAddressPersistence', addressPersistence ?? ''],
  ]);
}

/** The configuration as data. */
export function configurationData({ strictAffinity, autoAllocateBlocks, maxBlocksPerHost, addressPersistence }: Configuration): object {
  return { strictAffinity, autoAllocateBlocks, maxBlocksPerHost, kubeVirtVMAddressPersistence: addressPersistence ?? null };
}
