import type { ICompare, IRequestOp, ITxnRequest } from 'etcd3';
import { DatastoreError } from '../errors.js';
import { operationBytes, TRANSACTION_LIMIT, type Operation } from './store.js';

/** Builds the transaction. Throws DatastoreError, stage `size`, for what etcd would refuse as too large, before anything is sent. */
export function buildTransaction(operations: readonly Operation[]): ITxnRequest {
  checkLimits(operations);
  const compare: ICompare[] = [];
  const success: IRequestOp[] = [];
  const failure: IRequestOp[] = [];
  for (const operation of operations) {
    const key = Buffer.from(operation.key);
    compare.push(compareTo(key, operation.expect));
    failure.push({ request_range: { key } });
    if (operation.action === 'put') success.push({ request_put: { key, value: Buffer.from(operation.value) } });
    if (operation.action === 'delete') success.push({ request_delete_range: { key } });
  }
  return { compare, success, failure };
}

/**
 * The same writes under a condition that never holds: etcd checks the permissions and does nothing. Shows which key is denied,
 * which etcd does not say itself.
 */
export function buildPermissionProbe(operations: readonly Operation[]): ITxnRequest {
  const { success = [], failure = [] } = buildTransaction(operations);
  const [first] = operations;
  const never: ICompare = { key: Buffer.from(first?.key ?? ''), target: 'Create', result: 'Less', create_revision: '0' };
  return { compare: [never], success, failure };
}

function compareTo(key: Buffer, expect: string): ICompare {
  return expect === '0' ? { key, target: 'Create', result: 'Equal', create_revision: '0' } : { key, target: 'Mod', result: 'Equal', mod_revision: expect };
}

function checkLimits(operations: readonly Operation[]): void {
  if (operations.length > TRANSACTION_LIMIT.operations) {
    throw new DatastoreError('size', `a transaction of ${operations.length} keys is too large: etcd takes ${TRANSACTION_LIMIT.operations}`);
  }
  const keys = new Set<string>();
  let total = 0;
  for (const operation of operations) {
    if (operation.key === '') throw new Error('a transaction on the empty key');
    if (keys.has(operation.key)) throw new Error(`a transaction names ${operation.key} twice`);
    keys.add(operation.key);
    const bytes = operationBytes(operation);
    if (bytes > TRANSACTION_LIMIT.bytes) throw new DatastoreError('size', `${operation.key} is too large: ${bytes} bytes, etcd takes ${TRANSACTION_LIMIT.bytes}`);
    total += bytes;
  }
  if (total > TRANSACTION_LIMIT.bytes) {
    throw new DatastoreError('size', `a transaction of ${operations.length} keys is too large: ${total} bytes, etcd takes ${TRANSACTION_LIMIT.bytes}`);
  }
}
