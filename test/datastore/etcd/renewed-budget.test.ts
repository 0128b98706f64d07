import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Budget } from '../../../src/datastore/etcd/budget.js';
import { failureOf } from '../../support/datastore.js';
import { ModelEtcd } from '../../support/model-etcd.js';
import { modelStore } from '../../support/model-store.js';

describe('the time of a command', () => {
  it('is that without anything done: work of many transactions is not ended for its length', async () => {
    let now = 0;
    const slow = new Map(Array.from({ length: 20 }, (_, request) => [request, [() => (now += 700)]] as const));
    const { store } = modelStore(new ModelEtcd(), { faults: [], meanwhile: slow }, new Budget(1_000, () => now));
    const put = (key: string) => [{ action: 'put', key, expect: '0', value: 'x' }] as const;
    for (const key of ['/a', '/b', '/c', '/d']) expect((await store.commit(put(key))).done).to.equal(true);
    // What is refused is not done.
    expect((await store.commit(put('/a'))).done).to.equal(false);
    await failureOf(store.commit(put('/a')).then(() => store.commit(put('/a'))));
  });
});
