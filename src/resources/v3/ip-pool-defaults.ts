import { bits, type Cidr } from '../../net/address.js';
import type { IpPoolSpec } from './ip-pool.js';

/** For what an address is taken (reference/storage 3.2). */
export type PoolUse = NonNullable<IpPoolSpec['allowedUses']>[number];

/** For what the addresses of a pool are that does not say it: one of an older release, or of the classic language. */
export const USUAL_USES: readonly PoolUse[] = ['Workload', 'Tunnel'];

/** The prefix length of the blocks of a pool that does not say it: they have 64 addresses. */
export function usualBlockSize(pool: Cidr): number {
  return bits(pool.address) - 6;
}
