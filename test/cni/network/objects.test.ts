import { expect } from 'chai';
import { describe, it } from 'mocha';
import { deleteEndpoint, readEndpoints, readWorkload, writeWorkload, type Wanted } from '../../../src/cni/network/objects.js';
import { endpointDocument } from '../../../src/cni/network/endpoint.js';
import { AroundStore } from '../../../src/datastore/around-store.js';
import type { Commit, Operation } from '../../../src/datastore/store.js';
import { parseIp } from '../../../src/net/address.js';
import { failureOfCommand } from '../../support/failures.js';
import { MemoryStore } from '../../support/memory-store.js';

const RESOURCES = '/calico/resources/v3/projectcalico.org';
const CLUSTER = `${RESOURCES}/clusterinformations/default`;
const cluster = (datastoreReady: boolean): string => JSON.stringify({ kind: 'ClusterInformation', apiVersion: 'projectcalico.org/v3', metadata: { name: 'default' }, spec: { datastoreReady } });
const pod = { node: 'node-a', namespace: 'prod', containerId: 'young', pod: 'web' };
const ENDPOINT = `${RESOURCES}/workloadendpoints/prod/node--a-k8s-web-eth0`;
const OTHER = `${RESOURCES}/workloadendpoints/prod/node--a-k8s-web--1-eth0`;
const PROFILE = `${RESOURCES}/profiles/net1`;

const wanted: Wanted = {
  workload: pod,
  network: 'net1',
  makesProfile: true,
  document: (stored) => endpointDocument({ workload: pod, ifname: 'eth0', hostName: 'cali1', mac: '02:00:00:00:00:01', addresses: [parseIp('10.0.0.7')!], network: 'net1', labels: {} }, stored),
};

const endpointText = (name: string, containerID: string): string =>
  JSON.stringify({ kind: 'WorkloadEndpoint', apiVersion: 'projectcalico.org/v3', metadata: { name, namespace: 'prod', uid: 'kept', creationTimestamp: '2026-01-01T00:00:00Z' }, spec: { orchestrator: 'k8s', node: 'node-a', pod: 'web', containerID, endpoint: 'eth0', ipNetworks: ['10.0.0.1/32'], interfaceName: 'cali1' } });

/** Somebody who is faster each time before a commit, as often as there is something to do. */
class Racing extends AroundStore {
  constructor(
    store: MemoryStore,
    private readonly others: (readonly Operation[])[],
  ) {
    super(store);
  }

  override async commit(operations: readonly Operation[]): Promise<Commit> {
    const other = this.others.shift();
    if (other !== undefined) await this.store.commit(other);
    return super.commit(operations);
  }
}

describe('what the network plugin writes', () => {
  it('is the endpoint and the profile, once', async () => {
    const store = new MemoryStore({ [CLUSTER]: cluster(true), [OTHER]: endpointText('node--a-k8s-web--1-eth0', 'x') });
    const read = await readWorkload(store, pod, 'net1');
    expect(read.endpoint).to.equal(undefined);
    await writeWorkload(store, wanted, read);
    const written = store.content();
    expect(Object.keys(written)).to.have.members([CLUSTER, OTHER, ENDPOINT, PROFILE]);
    await writeWorkload(store, wanted, await readWorkload(store, pod, 'net1'));
    expect(store.content()).to.deep.equal(written);
  });

  it('goes onto what somebody else wrote meanwhile', async () => {
    const store = new MemoryStore({ [CLUSTER]: cluster(true) });
    const racing = new Racing(store, [[{ action: 'put', key: ENDPOINT, expect: '0', value: endpointText('node--a-k8s-web-eth0', 'old') }], [{ action: 'put', key: PROFILE, expect: '0', value: '{}' }]]);
    await writeWorkload(racing, wanted, await readWorkload(store, pod, 'net1'));
    const { metadata, spec } = JSON.parse(store.content()[ENDPOINT]!) as { metadata: { uid: string }; spec: object };
    expect(metadata.uid).to.equal('kept');
    expect(spec).to.deep.include({ containerID: 'young', ipNetworks: ['10.0.0.7/32'] });
    expect(store.content()[PROFILE]).to.equal('{}');
  });

  it('is nothing once the datastore is locked', async () => {
    const store = new MemoryStore({ [CLUSTER]: cluster(true) });
    const read = await readWorkload(store, pod, 'net1');
    const racing = new Racing(store, [[{ action: 'put', key: CLUSTER, expect: read.cluster.modRevision, value: cluster(false) }]]);
    expect(await failureOfCommand(writeWorkload(racing, wanted, read))).to.contain('datastore is locked');
    expect(Object.keys(store.content())).to.deep.equal([CLUSTER]);
  });

  it('is nothing in a datastore that nobody initialised', async () => {
    expect(await failureOfCommand(readWorkload(new MemoryStore({}), pod, 'net1'))).to.equal('resource does not exist: ClusterInformation(default)');
  });

  it('is nothing onto what cannot be read', async () => {
    const store = new MemoryStore({ [CLUSTER]: cluster(true), [ENDPOINT]: '{"kind":' });
    expect(await failureOfCommand(readWorkload(store, pod, 'net1'))).to.contain(`${ENDPOINT} cannot be read`);
  });
});

describe('the endpoint that DEL deletes', () => {
  it('is that of the container, also where somebody changes it meanwhile', async () => {
    const store = new MemoryStore({ [CLUSTER]: cluster(true), [ENDPOINT]: endpointText('node--a-k8s-web-eth0', 'young') });
    const { modRevision = '' } = (await store.get(ENDPOINT)) ?? {};
    const racing = new Racing(store, [[{ action: 'put', key: ENDPOINT, expect: modRevision, value: endpointText('node--a-k8s-web-eth0', 'young').replace('kept', 'anew') }]]);
    expect((await deleteEndpoint(racing, pod, 'eth0'))?.object.metadata.uid).to.equal('anew');
    expect(Object.keys(store.content())).to.deep.equal([CLUSTER]);
  });

  it('is none of a container that was started since', async () => {
    const store = new MemoryStore({ [ENDPOINT]: endpointText('node--a-k8s-web-eth0', 'younger') });
    expect(await deleteEndpoint(store, pod, 'eth0')).to.equal(undefined);
    expect(Object.keys(store.content())).to.deep.equal([ENDPOINT]);
  });

  it('is that of the interface, and known beside one that the container has by another name', async () => {
    const [here, other] = [ENDPOINT, ENDPOINT.replace('eth0', 'net1')];
    const store = new MemoryStore({ [CLUSTER]: cluster(true), [here]: endpointText('node--a-k8s-web-eth0', 'young'), [OTHER]: endpointText('node--a-k8s-web--1-eth0', 'young') });
    const names = async (ifname: string): Promise<unknown> => {
      const { own, other: also } = await readEndpoints(store, pod, ifname);
      return [own, also].map((found) => found?.object.metadata.name);
    };
    expect(await names('eth0')).to.deep.equal(['node--a-k8s-web-eth0', undefined]);
    expect(await names('eth1')).to.deep.equal([undefined, 'node--a-k8s-web-eth0']);
    await store.commit([{ action: 'put', key: other, expect: '0', value: '{"kind":' }]);
    expect(await names('eth0')).to.deep.equal(['node--a-k8s-web-eth0', undefined]);
    expect(await failureOfCommand(readEndpoints(store, pod, 'net1'))).to.contain('cannot be read');
    await store.commit([{ action: 'put', key: here, expect: (await store.get(here))!.modRevision, value: endpointText('node--a-k8s-web-eth0', 'old') }]);
    expect(await names('eth1')).to.deep.equal([undefined, undefined]);
  });

  it('stays while the datastore is locked', async () => {
    const store = new MemoryStore({ [CLUSTER]: cluster(false), [ENDPOINT]: endpointText('node--a-k8s-web-eth0', 'young') });
    expect(await failureOfCommand(deleteEndpoint(store, pod, 'eth0'))).to.contain('datastore is locked');
  });
});
