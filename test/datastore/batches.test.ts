import { expect } from 'chai';
import { describe, it } from 'mocha';
import { intoTransactions } from '../../src/datastore/batches.js';
import { BATCH_LIMIT, type Operation } from '../../src/datastore/store.js';

const put = (key: string, bytes = 0): Operation => ({ action: 'put', key, expect: '0', value: 'x'.repeat(bytes) });
const HEAD: Operation = { action: 'check', key: 'lock', expect: '7' };

async function sizes(operations: readonly Operation[], first: readonly Operation[] = []): Promise<readonly (readonly string[])[]> {
  const found: string[][] = [];
  for await (const batch of intoTransactions(operations, first)) found.push(batch.map(({ key }) => key));
  return found;
}

describe('operations in transactions that etcd takes', () => {
  const many = Array.from({ length: BATCH_LIMIT.operations + 1 }, (_, index) => put(`k${index}`));
  const keys = many.map(({ key }) => key);

  it('as many as fit, in their order', async () => {
    expect(await sizes([])).to.deep.equal([]);
    expect(await sizes(many)).to.deep.equal([keys.slice(0, -1), keys.slice(-1)]);
  });

  it('each with what stands at its head, and none with that alone', async () => {
    expect(await sizes([], [HEAD])).to.deep.equal([]);
    expect(await sizes(many, [HEAD])).to.deep.equal([['lock', ...keys.slice(0, BATCH_LIMIT.operations - 1)], ['lock', ...keys.slice(BATCH_LIMIT.operations - 1)]]);
  });

  it('by their bytes, one that is too large by itself', async () => {
    const half = BATCH_LIMIT.bytes / 2;
    expect(await sizes([put('a', half), put('b', half - 2), put('c', 1)])).to.deep.equal([['a', 'b'], ['c']]);
    expect(await sizes([put('a', 1), put('b', BATCH_LIMIT.bytes * 2), put('c', 1)])).to.deep.equal([['a'], ['b'], ['c']]);
  });
});
