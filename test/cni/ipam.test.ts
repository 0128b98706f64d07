import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'mocha';
import { DEAD_ENDPOINT } from '../../scripts/support/etcd.js';
import { violations } from '../../scripts/support/ipam-invariants.js';
import type { Environment } from '../../src/cni/call.js';
import { ipam } from '../../src/cni/ipam/plugin.js';
import type { End } from '../../src/cni/run.js';
import { callEnvironment, cniRecordings, runHere } from '../support/cni.js';
import { fakeKubernetes, type FakeKubernetes } from '../support/kubernetes-api.js';
import { MemoryStore } from '../support/memory-store.js';

const folder = mkdtempSync(join(tmpdir(), 'calicoctl-cni-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const CONFIG = { cniVersion: '1.1.0', name: 'net1', type: 'calico', nodename: 'node-a', ipam_lock_file: join(folder, 'ipam.lock') };
const KEYS = '/calico/resources/v3/projectcalico.org';
const POD_ARGS = 'K8S_POD_NAMESPACE=default;K8S_POD_NAME=web';

let store: MemoryStore;
beforeEach(() => {
  store = new MemoryStore(cniRecordings().find(({ load }) => `${KEYS}/ippools/six` in load)!.load);
});

async function call(command: string, env: Environment = {}, config: object = {}): Promise<End & { log: string; answer: { code?: number; msg?: string; ips?: { address: string }[] } }> {
  const end = await runHere(ipam, { env: callEnvironment(command, env), stdin: { ...CONFIG, ...config }, store });
  return { ...end, answer: end.stdout === '' ? {} : (JSON.parse(end.stdout) as object) };
}

async function add(container: string, config: object = {}): Promise<string[]> {
  const { code, answer } = await call('ADD', { CNI_CONTAINERID: container }, config);
  expect(code, answer.msg).to.equal(0);
  return answer.ips!.map(({ address }) => address);
}

function handles(): string[] {
  return Object.keys(store.content()).filter((key) => key.includes('/handle/')).map((key) => key.slice(key.indexOf('/handle/') + 8));
}

/** Puts spec fields into a stored pool or the like. */
function change(key: string, spec: object): void {
  const stored = JSON.parse(store.content()[`${KEYS}/${key}`]!) as { spec: object };
  store.set(`${KEYS}/${key}`, JSON.stringify({ ...stored, spec: { ...stored.spec, ...spec } }));
}

/** Affinity is strict, and a block with an address is nobody's. */
function blockOfNobody(): void {
  store.set('/calico/ipam/v2/config', '{"strict_affinity":true,"auto_allocate_blocks":true}');
  store.set('/calico/ipam/v2/assignment/ipv4/block/10.1.80.0-29', JSON.stringify({ cidr: '10.1.80.0/29', affinity: null, allocations: [0, ...Array<null>(7).fill(null)], unallocated: [1, 2, 3, 4, 5, 6, 7], attributes: [{ handle_id: 'x' }], deleted: false }));
}

describe('ADD of calico-ipam', () => {
  it('takes true and false beside their texts', async () => {
    expect(await add('a', { ipam: { assign_ipv4: false, assign_ipv6: true } })).to.have.lengthOf(1).and.to.have.nested.property('[0]').that.matches(/^fd00:1:80::.*\/122$/);
  });

  it('with neither family wanted gives nothing', async () => {
    const { answer } = await call('ADD', {}, { ipam: { assign_ipv4: 'false' } });
    expect(answer).to.deep.equal({ cniVersion: '1.1.0' });
  });

  it('takes the network of a pool with any address of it', async () => {
    expect(await add('a', { ipam: { ipv4_pools: ['10.1.80.9/26'] } })).to.have.lengthOf(1);
  });

  it('answers an IPv6 address that was asked for with the length 128', async () => {
    const { answer } = await call('ADD', { CNI_ARGS: 'IP=fd00:1:80::1' });
    expect(answer.ips).to.deep.equal([{ address: 'fd00:1:80::1/128' }]);
  });

  it('takes an empty IP for none', async () => {
    expect((await call('ADD', { CNI_ARGS: 'IP=' })).answer.ips).to.have.lengthOf(1);
  });

  const refusals: readonly (readonly [title: string, msg: string, env: Environment, config?: object, prepare?: () => void])[] = [
    ['an address that is none', 'ARGS: error parsing value of pair "IP=10.1": invalid IP address: 10.1', { CNI_ARGS: 'IP=10.1' }],
    ['arguments of Kubernetes that it was not told to ignore', 'ARGS: unknown args ["K8S_POD_NAMESPACE=default" "K8S_POD_NAME=web"]', { CNI_ARGS: POD_ARGS }],
    ['an address outside the pools', 'The provided IP address is not in a configured pool\n', { CNI_ARGS: 'IP=192.0.2.1' }],
    ['a pool of the other family', '"10.1.80.0" isn\'t a IPv6 address', {}, { ipam: { ipv6_pools: ['four'] } }],
    ['pools that select other nodes', 'no configured Calico pools for node node-a', {}, {}, () => change('ippools/four', { nodeSelector: "rack == 'b'" })],
    ['pools for tunnels', 'cannot find a qualified ippool, no pools match the required use (Workload)', {}, {}, () => change('ippools/four', { allowedUses: ['Tunnel'] })],
    ['no pool', 'cannot find a qualified ippool', {}, {}, () => change('ippools/four', { disabled: true })],
    ['as many blocks as a host may have', 'cannot allocate new block due to per host block limit', {}, {}, () => {
      store.set('/calico/ipam/v2/config', '{"strict_affinity":true,"auto_allocate_blocks":true,"maxBlocksPerHost":1}');
      store.set('/calico/ipam/v2/assignment/ipv4/block/10.1.80.0-29', JSON.stringify({ cidr: '10.1.80.0/29', affinity: 'host:node-a', allocations: [0, 0, 0, 0, 0, 0, 0, 0], unallocated: [], attributes: [{ handle_id: 'x' }], deleted: false }));
      store.set('/calico/ipam/v2/host/node-a/ipv4/block/10.1.80.0-29', '{"state":"confirmed","deleted":false}');
    }],
    ['an address of another host while affinity is strict', 'Block host affinity does not match', { CNI_ARGS: 'IP=10.1.80.1' }, {}, () => {
      store.set('/calico/ipam/v2/config', '{"strict_affinity":true,"auto_allocate_blocks":true}');
      store.set('/calico/ipam/v2/assignment/ipv4/block/10.1.80.0-29', JSON.stringify({ cidr: '10.1.80.0/29', affinity: 'host:node-b', allocations: Array<null>(8).fill(null), unallocated: [0, 1, 2, 3, 4, 5, 6, 7], attributes: [], deleted: false }));
    }],
    ['an address of a block of nobody while affinity is strict, assigned or not', 'Attempt to assign from block 10.1.80.0/29 with no affinity', { CNI_ARGS: 'IP=10.1.80.0' }, {}, blockOfNobody],
    ['an address of a block of nobody while affinity is strict', 'Attempt to assign from block 10.1.80.0/29 with no affinity', { CNI_ARGS: 'IP=10.1.80.1' }, {}, blockOfNobody],
  ];
  for (const [title, msg, env, config, prepare] of refusals) {
    it(`says of ${title} what the official plugin says`, async () => {
      prepare?.();
      const before = store.content();
      const { code, answer } = await call('ADD', env, config);
      expect({ code, answer }).to.deep.equal({ code: 1, answer: { code: 999, msg } });
      const untouched = Object.fromEntries(Object.entries(store.content()).filter(([key]) => key !== '/calico/ipam/v2/config' || key in before));
      expect(untouched).to.deep.equal(before);
    });
  }

  it('gives nothing while the datastore is locked, and may be tried again', async () => {
    change('clusterinformations/default', { datastoreReady: false });
    expect((await call('ADD')).answer).to.deep.include({ code: 11 });
    expect(handles()).to.deep.equal([]);
  });

  it('may be tried again where etcd is away', async () => {
    const { stdout } = await runHere(ipam, { env: callEnvironment('ADD'), stdin: CONFIG, endpoint: DEAD_ENDPOINT });
    expect(JSON.parse(stdout)).to.deep.include({ code: 11 });
  });

  it('goes on without the lock where there can be none, and says so', async () => {
    const { code, log } = await call('ADD', {}, { ipam_lock_file: '/proc/no/such/lock' });
    expect(code).to.equal(0);
    expect(log).to.match(/\[WARNING\].*\/proc\/no\/such\/lock cannot be locked.*going on without the lock/);
  });
});

describe('ADD of calico-ipam for a pool that selects namespaces', () => {
  const args = 'IgnoreUnknown=1;K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web';
  let api: FakeKubernetes;
  before(async () => void (api = await fakeKubernetes()));
  after(() => api.close());
  beforeEach(() => {
    change('ippools/four', { namespaceSelector: "team == 'shop'", allowedUses: ['Workload'] });
    api.asked.length = 0;
    api.objects.set('/api/v1/namespaces/shop', { metadata: { name: 'shop', labels: { team: 'shop' } } });
  });
  const config = (): object => ({ policy: { type: 'k8s' }, kubernetes: { k8s_api_root: api.url } });

  it('asks Kubernetes for the labels of the namespace', async () => {
    expect((await call('ADD', { CNI_ARGS: args }, config())).code).to.equal(0);
    expect(api.asked.map(({ path }) => path)).to.deep.equal(['/api/v1/namespaces/shop']);
  });

  it('finds no pool for a namespace with other labels', async () => {
    api.objects.set('/api/v1/namespaces/shop', { metadata: { name: 'shop' } });
    expect((await call('ADD', { CNI_ARGS: args }, config())).answer).to.deep.equal({ code: 999, msg: 'no configured Calico pools for node node-a' });
  });

  it('asks nobody where the configuration leaves policies to Calico, or no pool selects by them', async () => {
    expect((await call('ADD', { CNI_ARGS: args }, { kubernetes: { k8s_api_root: api.url } })).code).to.equal(1);
    expect((await call('ADD', { CNI_ARGS: args }, { ...config(), ipam: { assign_ipv4: false, assign_ipv6: true } })).code).to.equal(0);
    expect(api.asked).to.deep.equal([]);
  });
});

describe('CHECK of calico-ipam', () => {
  it('is content with what ADD answered, until it is released', async () => {
    const ips = (await add('a', { ipam: { assign_ipv6: true } })).map((address) => ({ address }));
    const check = (): ReturnType<typeof call> => call('CHECK', { CNI_CONTAINERID: 'a' }, { prevResult: { cniVersion: '1.1.0', ips } });
    expect(await check()).to.deep.include({ code: 0, stdout: '' });
    await call('DEL', { CNI_CONTAINERID: 'a' });
    expect((await check()).answer).to.deep.equal({ code: 999, msg: '10.1.80.8, fd00:1:80::ae80 are not assigned to net1.a any more' });
  });

  it('needs the answer of the ADD', async () => {
    expect((await call('CHECK')).answer).to.deep.equal({ code: 7, msg: 'prevResult is missing: CHECK compares with what ADD answered' });
    const odd = { prevResult: { ips: [{ address: 'ten' }] } };
    expect((await call('CHECK', {}, odd)).answer).to.deep.equal({ code: 7, msg: 'prevResult.ips[0].address must be an address with the length of its network, not "ten"' });
    // What other plugins of a chain made of the result is nothing for a DEL to fail at.
    expect((await call('DEL', {}, odd)).code).to.equal(0);
    expect((await call('DEL', {}, { prevResult: 'ten' })).code).to.equal(0);
  });
});

describe('GC of calico-ipam', () => {
  const gc = (valid: readonly string[], config: object = {}): ReturnType<typeof call> => call('GC', {}, { 'cni.dev/valid-attachments': valid.map((containerID) => ({ containerID, ifname: 'eth0' })), ...config });

  it('gives back what is of containers that are gone, and nothing else', async () => {
    await add('there');
    await add('gone');
    await add('gone', { name: 'net2' });
    await add('gone-elsewhere', { nodename: 'node-b' });
    await call('ADD', { CNI_CONTAINERID: 'with.dots' });
    expect(await gc(['there'])).to.deep.include({ code: 0, stdout: '' });
    expect(handles()).to.have.members(['net1.there', 'net2.gone', 'net1.gone-elsewhere', 'net1.with.dots']);
    expect(violations(store.content())).to.deep.equal([]);
  });

  it('takes away a handle that counts more addresses than there are', async () => {
    await add('gone');
    const key = '/calico/ipam/v2/handle/net1.gone';
    store.set(key, store.content()[key]!.replace(':1', ':5'));
    await gc([]);
    expect(handles()).to.deep.equal([]);
  });

  it('keeps an address that an endpoint has', async () => {
    const [address] = await add('gone');
    store.set(`${KEYS}/workloadendpoints/default/node--a-cni-other-eth0`, JSON.stringify({ kind: 'WorkloadEndpoint', metadata: { name: 'node--a-cni-other-eth0', namespace: 'default' }, spec: { orchestrator: 'cni', node: 'node-a', containerID: 'other', endpoint: 'eth0', interfaceName: 'cali1', ipNetworks: [`${address!.split('/')[0]}/32`] } }));
    const { log } = await gc([]);
    expect(log).to.match(/\[WARNING\].*net1\.gone keeps 10\.1\.80\.8/);
    expect(handles()).to.deep.equal(['net1.gone']);
  });

  it('takes null for an empty list, as Go writes one', async () => {
    await add('a');
    expect((await call('GC', {}, { 'cni.dev/valid-attachments': null })).code).to.equal(0);
    expect(handles()).to.deep.equal([]);
  });

  it('gives back nothing where it is not told what is there', async () => {
    await add('a');
    expect((await call('GC')).answer).to.deep.include({ code: 7 });
    expect(handles()).to.deep.equal(['net1.a']);
  });
});

describe('STATUS of calico-ipam', () => {
  it('is well where an ADD would be', async () => {
    expect(await call('STATUS', {}, { ipam: { assign_ipv6: true } })).to.deep.include({ code: 0, stdout: '' });
  });

  const ills: readonly (readonly [title: string, msg: string, prepare: () => void])[] = [
    ['the node is not there', 'there is no node node-a: calico-node has not started here yet', () => store.set(`${KEYS}/nodes/node-a`, undefined)],
    ['the datastore is locked', 'the datastore is locked', () => change('clusterinformations/default', { datastoreReady: false })],
    ['there is no pool', 'there is no enabled IPv4 pool', () => change('ippools/four', { disabled: true })],
  ];
  for (const [title, msg, prepare] of ills) {
    it(`says so where ${title}`, async () => {
      prepare();
      expect((await call('STATUS')).answer).to.deep.equal({ code: 50, msg });
    });
  }

  it('says so where etcd does not answer', async () => {
    const { stdout } = await runHere(ipam, { env: callEnvironment('STATUS'), stdin: CONFIG, endpoint: DEAD_ENDPOINT });
    expect(JSON.parse(stdout)).to.deep.include({ code: 50 });
  });
});
