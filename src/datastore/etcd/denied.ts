import { DatastoreError } from '../../base/errors.js';
import type { Requests } from './requests.js';
import type { Operation } from '../store.js';
import { buildPermissionProbe } from './transaction.js';

/**
 * The refusal of a transaction for want of permission, about the key that is denied, which etcd does not say: halves are tried,
 * under a condition that never holds. Any other error comes back as it is.
 */
export async function namingDeniedKey(etcd: Requests, operations: readonly Operation[], error: unknown): Promise<unknown> {
  if (!isDenial(error) || operations.length < 2) return error;
  let suspects = operations;
  let denied: unknown = error;
  while (suspects.length > 1) {
    const half = suspects.slice(0, suspects.length >> 1);
    const found = await deniedAmong(etcd, half);
    if (found !== undefined) denied = found;
    suspects = found === undefined ? suspects.slice(half.length) : half;
  }
  return (await deniedAmong(etcd, suspects)) ?? denied;
}

async function deniedAmong(etcd: Requests, operations: readonly Operation[]): Promise<unknown> {
  try {
    await etcd.read(buildPermissionProbe(operations), operations.map(({ key }) => key));
    return undefined;
  } catch (error) {
    if (isDenial(error)) return error;
    throw error;
  }
}

function isDenial(error: unknown): boolean {
  return error instanceof DatastoreError && error.stage === 'permission';
}
