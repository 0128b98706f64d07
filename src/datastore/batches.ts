import { BATCH_LIMIT, operationBytes, type Operation } from './store.js';

/**
 * Divides operations, in their order, into transactions that etcd takes (BATCH_LIMIT). A single operation that is larger is
 * one by itself. `first` stands at the head of each transaction, such as the check of a lock.
 */
export async function* intoTransactions(operations: AsyncIterable<Operation> | Iterable<Operation>, first: readonly Operation[] = []): AsyncGenerator<readonly Operation[]> {
  let batch = [...first];
  let bytes = 0;
  for await (const operation of operations) {
    const size = operationBytes(operation);
    const isFull = batch.length >= BATCH_LIMIT.operations || bytes + size > BATCH_LIMIT.bytes;
    if (isFull && batch.length > first.length) {
      yield batch;
      [batch, bytes] = [[...first], 0];
    }
    batch.push(operation);
    bytes += size;
  }
  if (batch.length > first.length) yield batch;
}
