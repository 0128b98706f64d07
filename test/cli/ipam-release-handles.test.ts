import { expect } from 'chai';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import { connect } from '../../src/datastore/etcd/connect.js';
import type { Store } from '../../src/datastore/store.js';
import { autoAssign } from '../../src/ipam/operations/auto-assign.js';
import { settingsFor, stored } from '../support/datastore.js';
import { Workplace } from '../support/workplace.js';

const RESOURCES = '/calico/resources/v3/projectcalico.org/';
const HANDLES = '/calico/ipam/v2/handle/';

describe('calicoctl ipam release of several handles', function () {
  this.timeout(120_000);
  let workplace: Workplace;
  let store: Store;

  before(async () => {
    workplace = await Workplace.open();
    store = await connect(settingsFor(workplace.etcd.endpoint), { timeoutMs: 60_000 });
  });
  after(async () => {
    store.close();
    await workplace.close();
  });
  beforeEach(() =>
    workplace.put({
      [`${RESOURCES}ippools/pool`]: JSON.stringify({ kind: 'IPPool', metadata: { name: 'pool' }, spec: { cidr: '10.0.0.0/16', blockSize: 20, nodeSelector: 'all()' } }),
      [`${RESOURCES}nodes/host`]: JSON.stringify({ kind: 'Node', metadata: { name: 'host' }, spec: {} }),
    }));
  afterEach(() => workplace.wipe());

  async function assign(handle: string, count = 1): Promise<void> {
    await autoAssign(store, { host: 'host', version: 4, count, owner: { handle, attributes: { node: 'host' } } });
  }

  async function handles(): Promise<string[]> {
    return [...(await stored(store)).keys()].filter((key) => key.startsWith(HANDLES)).map((key) => key.slice(HANDLES.length));
  }

  it('goes on where nobody reads what it says', async () => {
    await assign('big', 2000);
    for (const handle of ['h2', 'h3']) await assign(handle);
    const { stdout, stderr } = await workplace.shell('calicoctl ipam release --handle big --dry-run; calicoctl ipam release --handle big --handle h2 --handle h3 | true');
    expect(Buffer.byteLength(stdout)).to.be.greaterThan(65_536);
    expect(stderr).to.equal('');
    expect(await handles()).to.deep.equal([]);
  });

  for (const order of [['nobody', 'h1'], ['h1', 'nobody']]) {
    it(`ends with the failure, whatever comes after it or before: ${order.join(', ')}`, async () => {
      await assign('h1');
      const { code } = await workplace.run(['ipam', 'release', ...order.map((handle) => `--handle=${handle}`)]);
      expect([code, await handles()]).to.deep.equal([5, []]);
    });
  }
});
