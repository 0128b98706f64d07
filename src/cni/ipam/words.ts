import { formatCidr, formatIp } from '../../net/address.js';
import { Refusal, type RefusalReason } from '../../ipam/operations/refusal.js';
import type { AutoResult } from '../../ipam/operations/auto-assign.js';
import { FAILURE, Failure } from '../failure.js';

/** Runs what assigns addresses; a refusal becomes the failure that the official plugin ends with (reference/network-plugin 6.3). */
export async function inItsWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal) throw new Failure(FAILURE.other, wordsFor(error.reason));
    throw error;
  }
}

function wordsFor(reason: RefusalReason): string {
  switch (reason.kind) {
    case 'no-node':
      return `resource does not exist: Node(${reason.node}) with error: <nil>`;
    case 'no-pool':
      return 'cannot find a qualified ippool';
    case 'pool-not-enabled':
      return `the given pool (${formatCidr(reason.pool)}) does not exist, or is not enabled`;
    case 'no-pool-for-node':
      return `no configured Calico pools for node ${reason.node}`;
    case 'no-pool-for-use':
      return `cannot find a qualified ippool, no pools match the required use (${reason.use})`;
    case 'outside-pools':
      return 'The provided IP address is not in a configured pool\n';
    case 'assigned':
      return `resource already exists: ${formatIp(reason.ip)} with error: Address already assigned in block`;
    case 'foreign-block':
      return reason.owner === undefined ? `Attempt to assign from block ${formatCidr(reason.block)} with no affinity` : 'Block host affinity does not match';
  }
}

/** The failure of a family of which there is no address. */
export function shortageFailure(version: 4 | 6, { short }: AutoResult): Failure {
  if (short?.of === 'blocks of the host') return new Failure(FAILURE.other, 'cannot allocate new block due to per host block limit');
  const why = short?.of === 'own blocks' ? 'No more free affine blocks and strict affinity enabled' : `No IPs available in pools: [${short?.pools.map(formatCidr).join(' ') ?? ''}]`;
  return new Failure(FAILURE.other, `failed to request IPv${version} addresses: Assigned 0 out of 1 requested IPv${version} addresses; ${why}`);
}
