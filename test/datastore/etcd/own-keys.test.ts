import { expect } from 'chai';
import { getEventListeners } from 'node:events';
import { after, before, describe, it } from 'mocha';
import { DEAD_ENDPOINT, startEtcd, type Etcd } from '../../../scripts/support/etcd.js';
import { eventually } from '../../../scripts/support/wait.js';
import { connect, connectOwnKeys } from '../../../src/datastore/etcd/connect.js';
import { failureOf, settingsFor, withStore } from '../../support/datastore.js';

describe('keys that nobody else writes', () => {
  let etcd: Etcd;
  before(async () => (etcd = await startEtcd()));
  after(() => etcd.stop());

  const stored = (key: string): Promise<string | undefined> => withStore(settingsFor(etcd.endpoint), async (store) => (await store.get(key))?.value);

  it('are written and deleted whatever was there', async () => {
    const keys = await connectOwnKeys(settingsFor(etcd.endpoint), { timeoutMs: 5000 });
    await keys.put('/own/a', '1');
    await keys.put('/own/a', '2');
    expect(await stored('/own/a')).to.equal('2');
    await keys.delete('/own/a');
    await keys.delete('/own/a');
    expect(await stored('/own/a')).to.equal(undefined);
    keys.close();
  });

  it('go by themselves where they have a time to live', async () => {
    const keys = await connectOwnKeys(settingsFor(etcd.endpoint), { timeoutMs: 5000 });
    await keys.put('/own/leased', '1', 0.5);
    const entry = await withStore(settingsFor(etcd.endpoint), (store) => store.get('/own/leased'));
    expect(entry?.leased).to.equal(true);
    await eventually('it has gone', async () => (await stored('/own/leased')) === undefined);
    keys.close();
  });

  it('fail within the budget where nobody answers', async () => {
    const keys = await connectOwnKeys(settingsFor(DEAD_ENDPOINT), { timeoutMs: 300 });
    expect((await failureOf(keys.put('/own/a', '1'))).stage).to.equal('connection');
    keys.close();
  });

  it('leave nothing at a signal that goes on', async () => {
    const { signal } = new AbortController();
    for (const open of [connect, connectOwnKeys]) {
      (await open(settingsFor(etcd.endpoint), { timeoutMs: 5000, signal })).close();
      expect(getEventListeners(signal, 'abort')).to.deep.equal([]);
      const nowhere = { ...settingsFor(etcd.endpoint), endpoints: [], discovery: { domain: 'nowhere.invalid', origin: 'ETCD_DISCOVERY_SRV' } };
      expect((await failureOf(open(nowhere, { timeoutMs: 300, signal }))).message).to.include('nowhere.invalid');
      expect(getEventListeners(signal, 'abort'), 'of one that did not come about').to.deep.equal([]);
    }
  });
});
