import { expect } from 'chai';
import { describe, it } from 'mocha';
import { creationOf, foundIn, replacementOf } from '../../../src/changes/stored-object.js';
import { endpointDocument, withProfile, type EndpointParts } from '../../../src/cni/network/endpoint.js';
import { networkProfile } from '../../../src/cni/network/network-profile.js';
import type { PodFacts } from '../../../src/cni/kubernetes/pod-facts.js';
import { parseIp } from '../../../src/net/address.js';
import { profile } from '../../../src/resources/v3/profile.js';
import { workloadEndpoint } from '../../../src/resources/v3/workload-endpoint.js';
import type { StoredKind } from '../../../src/resources/kind.js';
import type { Data } from '../../../src/base/data.js';

const sources = { now: () => new Date('2026-11-30T12:00:00Z'), uuid: () => '6a1b0f0e-1c2d-4e3f-8a9b-0123456789ab' };
const IDENTITY = '"uid":"6a1b0f0e-1c2d-4e3f-8a9b-0123456789ab","creationTimestamp":"2026-11-30T12:00:00Z"';

const container = { node: 'node-a', namespace: 'default', containerId: '8b53639f152c8fc6' };
const pod = { ...container, namespace: 'prod', pod: 'web-1' };
const parts: EndpointParts = { workload: container, ifname: 'eth0', hostName: 'cali8b53639f152', mac: '02:42:7d:c6:f0:80', addresses: [parseIp('10.0.0.7')!], network: 'net1', labels: {} };
const facts: PodFacts = {
  labels: { app: 'web' },
  profiles: ['kns.prod', 'ksa.prod.default'],
  generateName: 'web-',
  serviceAccountName: 'default',
  ports: [{ name: 'http', protocol: 'TCP', port: 80, hostPort: 0, hostIP: '' }],
  addresses: { from: 'pools' },
  floatingIps: ['192.0.2.7'],
  allowedSourcePrefixes: ['198.51.100.0/24'],
  mac: undefined,
  qosControls: undefined,
  namespaceLabels: {},
  doubts: [],
};

function stored(kind: StoredKind, document: Data): string {
  const operation = creationOf(kind, document, sources);
  return `${operation.key} ${operation.value}`;
}

describe('the endpoint that the network plugin writes', () => {
  it('is that of a container, byte for byte', () => {
    expect(stored(workloadEndpoint, endpointDocument(parts))).to.equal(
      '/calico/resources/v3/projectcalico.org/workloadendpoints/default/node--a-cni-8b53639f152c8fc6-eth0 ' +
        `{"kind":"WorkloadEndpoint","apiVersion":"projectcalico.org/v3","metadata":{"name":"node--a-cni-8b53639f152c8fc6-eth0","namespace":"default",${IDENTITY},` +
        '"labels":{"projectcalico.org/namespace":"default","projectcalico.org/orchestrator":"cni"}},' +
        '"spec":{"orchestrator":"cni","node":"node-a","containerID":"8b53639f152c8fc6","endpoint":"eth0","ipNetworks":["10.0.0.7/32"],"profiles":["net1"],"interfaceName":"cali8b53639f152","mac":"02:42:7d:c6:f0:80"}}',
    );
  });

  it('is that of a pod of which nobody was asked', () => {
    expect(stored(workloadEndpoint, endpointDocument({ ...parts, workload: pod, labels: { mesos: 'x' } }))).to.contain(
      '"labels":{"projectcalico.org/namespace":"prod","projectcalico.org/orchestrator":"k8s"}},' +
        '"spec":{"orchestrator":"k8s","node":"node-a","containerID":"8b53639f152c8fc6","pod":"web-1","endpoint":"eth0","ipNetworks":["10.0.0.7/32"],"profiles":["net1"],"interfaceName":"cali8b53639f152","mac":"02:42:7d:c6:f0:80"}}',
    );
  });

  it('has what Kubernetes says of a pod', () => {
    const text = stored(workloadEndpoint, endpointDocument({ ...parts, workload: pod, facts }));
    expect(text).to.contain(`"metadata":{"name":"node--a-k8s-web--1-eth0","generateName":"web-","namespace":"prod",${IDENTITY},"labels":{"app":"web","projectcalico.org/namespace":"prod","projectcalico.org/orchestrator":"k8s"}}`);
    expect(text).to.contain(
      '"serviceAccountName":"default","ipNetworks":["10.0.0.7/32"],"ipNATs":[{"internalIP":"10.0.0.7","externalIP":"192.0.2.7"}],"profiles":["kns.prod","ksa.prod.default"],"interfaceName":"cali8b53639f152",' +
        '"mac":"02:42:7d:c6:f0:80","ports":[{"name":"http","protocol":"TCP","port":80,"hostPort":0,"hostIP":""}],"allowSpoofedSourcePrefixes":["198.51.100.0/24"]}}',
    );
  });

  it('keeps what somebody else wrote into that of a pod, and nothing of what the pod was before', () => {
    const before = { kind: 'WorkloadEndpoint', apiVersion: 'projectcalico.org/v3', metadata: { name: 'node--a-k8s-web--1-eth0', generateName: 'old-', namespace: 'prod', uid: 'u', creationTimestamp: '2026-01-01T00:00:00Z', labels: { old: 'x' }, annotations: { note: 'kept' } }, spec: { orchestrator: 'k8s', node: 'node-a', containerID: 'before', pod: 'web-1', endpoint: 'eth0', ipNetworks: ['10.0.0.1/32'], ipv4Gateway: '169.254.1.1', profiles: ['old'], interfaceName: 'cali1', ports: [{ name: 'old', protocol: 'TCP', port: 1, hostPort: 0, hostIP: '' }], newField: 1 } };
    const found = foundIn(workloadEndpoint, { key: '/calico/resources/v3/projectcalico.org/workloadendpoints/prod/node--a-k8s-web--1-eth0', value: JSON.stringify(before), modRevision: '7' });
    const operation = replacementOf(workloadEndpoint, found, endpointDocument({ ...parts, workload: pod }, found.object));
    const value = operation && (JSON.parse(operation.value) as typeof before);
    expect(operation?.expect).to.equal('7');
    expect(value?.metadata).to.deep.equal({ name: 'node--a-k8s-web--1-eth0', namespace: 'prod', uid: 'u', creationTimestamp: '2026-01-01T00:00:00Z', labels: { 'projectcalico.org/namespace': 'prod', 'projectcalico.org/orchestrator': 'k8s' }, annotations: { note: 'kept' } });
    expect(value?.spec).to.deep.equal({ orchestrator: 'k8s', node: 'node-a', containerID: '8b53639f152c8fc6', pod: 'web-1', endpoint: 'eth0', ipNetworks: ['10.0.0.7/32'], ipv4Gateway: '169.254.1.1', profiles: ['net1'], interfaceName: 'cali8b53639f152', mac: '02:42:7d:c6:f0:80', newField: 1 });
  });

  it('does not translate to an address of a family that the pod has none of', () => {
    expect(() => endpointDocument({ ...parts, workload: pod, facts: { ...facts, floatingIps: ['fd00::1'] } })).to.throw('fd00::1 cannot be translated to one of the pod: it has no IPv6 address');
  });

  it('gets the profile of another network once', () => {
    const first = foundIn(workloadEndpoint, { key: '/calico/resources/v3/projectcalico.org/workloadendpoints/default/node--a-cni-8b53639f152c8fc6-eth0', value: JSON.stringify(endpointDocument(parts)), modRevision: '7' }).object;
    const second = withProfile(first, 'net2') as typeof first;
    expect(second.spec['profiles']).to.deep.equal(['net1', 'net2']);
    expect(withProfile(second, 'net2')).to.equal(second);
  });
});

describe('the profile of a network', () => {
  it('lets in what is in the network too', () => {
    expect(stored(profile, networkProfile('k8s-pod-network', false))).to.equal(
      '/calico/resources/v3/projectcalico.org/profiles/k8s-pod-network ' +
        `{"kind":"Profile","apiVersion":"projectcalico.org/v3","metadata":{"name":"k8s-pod-network",${IDENTITY}},"spec":{"ingress":[{"action":"Allow","source":{"selector":"has(k8s-pod-network)"},"destination":{}}],` +
        '"egress":[{"action":"Allow","source":{},"destination":{}}],"labelsToApply":{"k8s-pod-network":""}}}',
    );
  });

  it('lets in everything where it is made for a pod', () => {
    expect(stored(profile, networkProfile('net1', true))).to.contain('"ingress":[{"action":"Allow","source":{},"destination":{}}]');
  });
});
