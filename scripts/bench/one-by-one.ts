import { connect } from '../../src/datastore/connect.js';

const BYTES = 500;

/** Seconds it takes to create `count` keys, one guarded transaction at a time, each waited for: what batches are compared with. */
export async function createOneByOne(endpoint: string, count: number): Promise<number> {
  const store = await connect({ endpoints: [endpoint], endpointsOrigin: 'the bench' }, { timeoutMs: 600_000 });
  const value = JSON.stringify({ text: 'x'.repeat(BYTES) });
  try {
    const started = performance.now();
    for (let index = 0; index < count; index++) {
      const { done } = await store.commit([{ action: 'put', key: `/bench/${index}`, expect: '0', value }]);
      if (!done) throw new Error(`/bench/${index} was there already`);
    }
    return (performance.now() - started) / 1000;
  } finally {
    store.close();
  }
}
