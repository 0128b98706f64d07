import type { ICompare, IRequestOp, ITxnRequest } from 'etcd3';
import { keyBytes, valueBytes, type Operation } from '../store.js';

/** Builds the transaction, however large: what is too much only etcd knows, whose limits are settings. */
export function buildTransaction(operations: readonly Operation[]): ITxnRequest {
  checkKeys(operations);
  const compare: ICompare[] = [];
  const success: IRequestOp[] = [];
  const failure: IRequestOp[] = [];
  for (const operation of operations) {
    const key = keyBytes(operation);
    compare.push(compareTo(key, operation.expect));
    failure.push({ request_range: { key } });
    if (operation.action === 'put') success.push({ request_put: { key, value: valueBytes(operation) } });
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
  const never: ICompare = { key: first === undefined ? Buffer.alloc(0) : keyBytes(first), target: 'Create', result: 'Less', create_revision: '0' };
  return { compare: [never], success, failure };
}

function compareTo(key: Buffer, expect: string): ICompare {
  return expect === '0' ? { key, target: 'Create', result: 'Equal', create_revision: '0' } : { key, target: 'Mod', result: 'Equal', mod_revision: expect };
}

function checkKeys(operations: readonly Operation[]): void {
  const keys = new Set<string>();
  for (const { key, bytes } of operations) {
    const name = bytes === undefined ? key : bytes.key.toString('latin1');
    if (name === '') throw new Error('a transaction on the empty key');
    if (keys.has(name)) throw new Error(`a transaction names ${key} twice`);
    keys.add(name);
  }
}
