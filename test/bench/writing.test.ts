import { expect } from 'chai';
import { measureWriting } from '../../scripts/bench/writing.js';
import { startEtcd } from '../../scripts/support/etcd.js';

describe('the bench of writing', () => {
  it('creates the keys it counts, one by one and in several transactions', async () => {
    const etcd = await startEtcd();
    try {
      const { oneByOne, inBatches } = await measureWriting(etcd.endpoint, 3, 300);
      expect(oneByOne).to.be.greaterThan(0);
      expect(inBatches).to.be.greaterThan(0);
      const keys = (await etcd.etcdctl('get', '/bench/', '--prefix', '--keys-only')).split('\n').filter((line) => line !== '');
      expect(keys).to.have.length(303);
    } finally {
      await etcd.stop();
    }
  });
});
