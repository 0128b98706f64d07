import { expect } from 'chai';
import { after, describe, it } from 'mocha';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Data } from '../../../src/base/data.js';
import { network } from '../../../src/cni/network/plugin.js';
import { autoAssign } from '../../../src/ipam/operations/auto-assign.js';
import { formatIp } from '../../../src/net/address.js';
import { callEnvironment, runHere } from '../../support/cni.js';
import { MemoryStore } from '../../support/memory-store.js';

const folder = mkdtempSync(join(tmpdir(), 'calicoctl-cni-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const RESOURCES = '/calico/resources/v3/projectcalico.org';
const resource = (kind: string, metadata: object, spec: object): string => JSON.stringify({ kind, apiVersion: 'projectcalico.org/v3', metadata, spec });
const CLUSTER = `${RESOURCES}/clusterinformations/default`;
const NODE = `${RESOURCES}/nodes/node-a`;
const NONE = '/run/netns/never-made';

interface Stored {
  readonly node?: string;
  readonly container: string;
  readonly profiles?: readonly string[];
  readonly pod?: string;
}

/** A store with endpoints of containers, each with an address of the network net1. */
async function storeWith(...endpoints: readonly Stored[]): Promise<MemoryStore> {
  const store = new MemoryStore({
    [CLUSTER]: resource('ClusterInformation', { name: 'default' }, { datastoreReady: true }),
    [NODE]: resource('Node', { name: 'node-a' }, {}),
    [`${RESOURCES}/nodes/node-b`]: resource('Node', { name: 'node-b' }, {}),
    [`${RESOURCES}/ippools/four`]: resource('IPPool', { name: 'four' }, { cidr: '10.0.0.0/24', blockSize: 26 }),
  });
  for (const { node = 'node-a', container, profiles = ['net1'], pod } of endpoints) {
    const { addresses } = await autoAssign(store, { host: node, version: 4, count: 1, owner: { handle: `net1.${container}`, attributes: { node } } });
    const name = keyOf({ node, container, ...(pod !== undefined && { pod }) });
    const spec = { orchestrator: pod === undefined ? 'cni' : 'k8s', node, containerID: container, ...(pod !== undefined && { pod }), endpoint: 'eth0', ipNetworks: addresses.map(({ ip }) => `${formatIp(ip)}/32`), profiles, interfaceName: `calix${container}`.slice(0, 15) };
    await store.commit([{ action: 'put', key: name, expect: '0', value: resource('WorkloadEndpoint', { name: name.split('/').at(-1), namespace: 'default' }, spec) }]);
  }
  return store;
}

function keyOf({ node = 'node-a', container, pod }: Stored): string {
  return `${RESOURCES}/workloadendpoints/default/${node.replace('-', '--')}-${pod === undefined ? `cni-${container}` : `k8s-${pod}`}-eth0`;
}

const keys = (store: MemoryStore, part: string): readonly string[] => Object.keys(store.content()).filter((key) => key.includes(part));

async function call(store: MemoryStore, command: string, container: string, { config = {}, args = '' }: { readonly config?: Data; readonly args?: string } = {}): Promise<{ readonly code: number; readonly data: Data; readonly log: string }> {
  const stdin = { cniVersion: '1.1.0', name: 'net1', type: 'calico', nodename: 'node-a', nodename_file_optional: true, ipam_lock_file: join(folder, 'lock'), ipam: { type: 'calico-ipam' }, ...config };
  const { code, stdout, log } = await runHere(network, { env: callEnvironment(command, { CNI_CONTAINERID: container, CNI_NETNS: NONE, CNI_ARGS: args }), stdin, store });
  return { code, data: stdout === '' ? {} : (JSON.parse(stdout) as Data), log };
}

const POD = 'K8S_POD_NAMESPACE=default;K8S_POD_NAME=web';

describe('DEL of the plugin calico', () => {
  it('takes endpoint and address away, also where the node is gone', async () => {
    const store = await storeWith({ container: 'abc' }, { container: 'other' });
    const { modRevision = '' } = (await store.get(NODE)) ?? {};
    await store.commit([{ action: 'delete', key: NODE, expect: modRevision }]);
    expect(await call(store, 'DEL', 'abc')).to.include({ code: 0 });
    expect(keys(store, 'workloadendpoints')).to.deep.equal([keyOf({ container: 'other' })]);
    expect(keys(store, '/handle/')).to.deep.equal(['/calico/ipam/v2/handle/net1.other']);
  });

  it('of the container before leaves a pod its endpoint, and gives that container\'s address back', async () => {
    const store = await storeWith({ container: 'young', pod: 'web' });
    await autoAssign(store, { host: 'node-a', version: 4, count: 1, owner: { handle: 'net1.old', attributes: {} } });
    expect(await call(store, 'DEL', 'old', { args: POD })).to.include({ code: 0 });
    expect(keys(store, 'workloadendpoints')).to.have.length(1);
    expect(keys(store, '/handle/')).to.deep.equal(['/calico/ipam/v2/handle/net1.young']);
  });

  it('finds an endpoint in the namespace that Mesos names', async () => {
    const store = await storeWith({ container: 'abc' });
    const args = { 'org.apache.mesos': { network_info: { labels: { labels: [{ key: 'projectcalico.org/namespace', value: 'default' }] } } } };
    expect(await call(store, 'DEL', 'abc', { config: { args: { 'org.apache.mesos': { network_info: { labels: { labels: [{ key: 'projectcalico.org/namespace', value: 'team' }] } } } } } })).to.include({ code: 0 });
    expect(keys(store, 'workloadendpoints')).to.have.length(1);
    expect(await call(store, 'DEL', 'abc', { config: { args } })).to.include({ code: 0 });
    expect(keys(store, 'workloadendpoints')).to.deep.equal([]);
  });

  it('is to be called again while the datastore is locked, or before the node started', async () => {
    const store = await storeWith({ container: 'abc' });
    const { modRevision = '', value = '' } = (await store.get(CLUSTER)) ?? {};
    await store.commit([{ action: 'put', key: CLUSTER, expect: modRevision, value: value.replace('true', 'false') }]);
    const before = store.content();
    expect((await call(store, 'DEL', 'abc')).data).to.include({ code: 11 });
    expect((await call(store, 'DEL', 'abc', { config: { nodename_file_optional: false, nodename_file: join(folder, 'nodename') } })).data).to.include({ code: 11, msg: `${join(folder, 'nodename')} is not there: the node has not started on this host` });
    expect(store.content()).to.deep.equal(before);
  });
});

describe('GC of the plugin calico', () => {
  const gc = (store: MemoryStore, ...containers: readonly string[]): ReturnType<typeof call> => call(store, 'GC', '', { config: { 'cni.dev/valid-attachments': containers.map((containerID) => ({ containerID, ifname: 'eth0' })) } });

  it('takes away what this network has on this node of containers that are gone', async () => {
    const store = await storeWith({ container: 'there' }, { container: 'gone' }, { container: 'gone-pod', pod: 'web', profiles: ['kns.default'] }, { container: 'elsewhere', node: 'node-b' });
    expect(await gc(store, 'there')).to.include({ code: 0 });
    expect(keys(store, 'workloadendpoints').slice().sort()).to.deep.equal([keyOf({ container: 'there' }), keyOf({ container: 'elsewhere', node: 'node-b' })].sort());
    expect(keys(store, '/handle/').slice().sort()).to.deep.equal(['/calico/ipam/v2/handle/net1.elsewhere', '/calico/ipam/v2/handle/net1.there']);
  });

  it('leaves what is of another network, or cannot be read', async () => {
    const store = await storeWith({ container: 'abc' });
    const broken = `${RESOURCES}/workloadendpoints/default/broken`;
    await store.commit([{ action: 'put', key: broken, expect: '0', value: '{' }]);
    const { code, log } = await call(store, 'GC', '', { config: { name: 'net2', 'cni.dev/valid-attachments': [] } });
    expect(code).to.equal(0);
    expect(log).to.contain(`${broken} cannot be read`);
    expect(keys(store, 'workloadendpoints')).to.have.length(2);
  });

  it('needs to know which containers are there', async () => {
    const store = await storeWith({ container: 'abc' });
    const before = store.content();
    expect((await call(store, 'GC', '')).data).to.deep.include({ code: 7, msg: 'cni.dev/valid-attachments is missing: it is not known which containers are there' });
    expect(store.content()).to.deep.equal(before);
  });
});

describe('ADD of the plugin calico', () => {
  it('is refused before anything is assigned', async () => {
    const store = await storeWith();
    const before = store.content();
    for (const [config, code, message] of [
      [{ dataplane_options: { type: 'grpc', socket: 'unix:///x' } }, 7, 'dataplane_options.type must be linux, not "grpc": there is no other dataplane here'],
      [{ feature_control: { ip_addrs_no_ipam: true } }, 7, 'requested feature is not supported for this runtime: ip_addrs_no_ipam'],
      [{}, 8, `the network namespace ${NONE} does not exist`],
    ] as const) expect((await call(store, 'ADD', 'abc', { config })).data).to.deep.include({ code, msg: message });
    expect((await call(store, 'ADD', 'abc', { args: 'K8S_POD_NAME' })).data).to.include({ code: 999 });
    expect(store.content()).to.deep.equal(before);
  });
});
