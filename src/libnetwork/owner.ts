import { dockerHandle, goTimestamp } from '../ipam/cluster/owners.js';
import type { Owner } from '../ipam/records/block.js';

/** For whom an address is assigned now. */
export function ownerOn(node: string, now: Date): Owner {
  return { handle: dockerHandle(node), attributes: { node, timestamp: goTimestamp(now) } };
}

/** When an address was assigned, in milliseconds since 1970; undefined where its attributes do not say. */
export function assignedAt(attributes: Readonly<Record<string, string>>): number | undefined {
  const [date = '', time = ''] = (attributes['timestamp'] ?? '').split(' ');
  const found = Date.parse(`${date}T${time}Z`);
  return Number.isNaN(found) ? undefined : found;
}
