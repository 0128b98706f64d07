import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { failureOf, settingsFor, withStore } from '../../support/datastore.js';
import { startEtcd, type Etcd } from '../../../scripts/support/etcd.js';

describe('endpoints of two clusters in one list', function () {
  let ours: Etcd;
  let foreign: Etcd;
  before(async () => {
    [ours, foreign] = await Promise.all([startEtcd({ args: ['--initial-cluster-token=ours'] }), startEtcd({ args: ['--initial-cluster-token=foreign'] })]);
  });
  after(async () => {
    for (const each of [ours, foreign]) each?.resume();
    await Promise.all([ours?.stop(), foreign?.stop()]);
  });

  const put = (key: string) => [{ action: 'put', key, expect: '0', value: 'x' }] as const;
  const idOf = async (etcd: Etcd): Promise<string> => {
    const [{ Status }] = JSON.parse(await etcd.etcdctl('endpoint', 'status', '-w', 'json')) as [{ Status: { header: { cluster_id: number } } }];
    return `cluster ${Status.header.cluster_id}`;
  };
  /** The message with the clusters as etcdctl's JSON has them: rounded, as JSON.parse does it. */
  const rounded = (text: string): string => text.replace(/cluster ([0-9a-f]{2,16})/g, (_, id: string) => `cluster ${Number(BigInt(`0x${id}`))}`);
  const kept = (etcd: Etcd): Promise<string> => etcd.etcdctl('get', '', '--prefix', '--keys-only');

  it('are noticed before anything is written, with the members that say so', async () => {
    for (const [one, other] of [[ours, foreign], [foreign, ours]] as const) {
      const failure = await failureOf(withStore(settingsFor(one.endpoint, other.endpoint), (store) => store.commit(put('/a'))));
      expect({ ...failure, message: rounded(failure.message) }).to.deep.equal({
        stage: 'configuration',
        message: `the endpoints of ETCD_ENDPOINTS belong to different clusters: etcd at ${one.endpoint} belongs to ${await idOf(one)}, etcd at ${other.endpoint} belongs to ${await idOf(other)}`,
        hint: `keep those of one cluster; list its members with: etcdctl --endpoints=${one.endpoint} member list`,
      });
    }
    expect([await kept(ours), await kept(foreign)]).to.deep.equal(['', '']);
  });

  it('are noticed before anything is written to the second that was silent before', async () => {
    await foreign.pause();
    await withStore(settingsFor(ours.endpoint, foreign.endpoint), async (store) => {
      expect((await store.commit(put('/b'))).done).to.equal(true);
      foreign.resume();
      await ours.pause();
      // What was sent to the first, which fell silent, may still be carried out there.
      expect(await failureOf(store.commit(put('/c')))).to.deep.include({ stage: 'unknown-outcome' }).and.to.have.property('message').that.matches(/\/c was carried out: the endpoints of ETCD_ENDPOINTS belong to different clusters: /);
    });
    ours.resume();
    expect(await kept(ours)).to.match(/^\/b\n/);
    expect(await kept(foreign)).to.equal('');
  });

  it('are noticed where one read is answered by the one and the next by the other', async () => {
    await foreign.pause();
    await withStore(settingsFor(ours.endpoint, foreign.endpoint), async (store) => {
      await store.get('/b');
      foreign.resume();
      await ours.pause();
      expect((await failureOf(store.get('/b'))).stage).to.equal('configuration');
    });
    ours.resume();
  });
});
