import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'mocha';
import { testConnection } from '../../src/cni/test-connection.js';
import type { Store } from '../../src/datastore/store.js';
import { fakeKubernetes } from '../support/kubernetes-api.js';
import { MemoryStore } from '../support/memory-store.js';

const CLUSTER = '/calico/resources/v3/projectcalico.org/clusterinformations/default';
const cluster = (datastoreReady: boolean): MemoryStore => new MemoryStore({ [CLUSTER]: JSON.stringify({ kind: 'ClusterInformation', apiVersion: 'projectcalico.org/v3', metadata: { name: 'default' }, spec: { datastoreReady } }) });

const folder = mkdtempSync(join(tmpdir(), 'calicoctl-connection-'));
after(() => rmSync(folder, { recursive: true }));

async function told(config: object, store: Store): Promise<unknown> {
  const { code, stdout } = await testConnection({ env: {}, pid: 1, stdin: () => JSON.stringify(config), stderr: () => undefined, signal: new AbortController().signal, connect: () => Promise.resolve(store) });
  return code === 0 ? stdout : JSON.parse(stdout);
}

describe('the test of a connection', () => {
  it('is good where the datastore answers, whatever else the configuration says', async () => {
    expect(await told({ name: 'net1' }, cluster(true))).to.equal('');
    expect(await told({}, cluster(true))).to.equal('');
  });

  it('says what an ADD would fail at', async () => {
    expect(await told({}, cluster(false))).to.include({ code: 11, msg: 'datastore is locked: no container gets an interface' });
    expect(await told({}, new MemoryStore({}))).to.include({ code: 999, msg: 'resource does not exist: ClusterInformation(default)' });
    expect(await told({ mtu: 'x' }, cluster(true))).to.include({ code: 7 });
  });

  it('asks the API of a kubeconfig', async () => {
    const api = await fakeKubernetes();
    const kubeconfig = join(folder, 'kubeconfig');
    writeFileSync(kubeconfig, JSON.stringify({ clusters: [{ name: 'c', cluster: { server: api.url } }], contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }], users: [{ name: 'u', user: {} }], 'current-context': 'x' }));
    const config = { kubernetes: { kubeconfig } };
    try {
      expect(await told(config, cluster(true))).to.have.property('msg', `Kubernetes' API at ${api.url} was asked for its version: it is not there (404):  "version" not found`);
      api.objects.set('/version', { major: '1' });
      expect(await told(config, cluster(true))).to.equal('');
      expect(api.asked.map(({ path }) => path)).to.deep.equal(['/version', '/version']);
    } finally {
      await api.close();
    }
  });
});
