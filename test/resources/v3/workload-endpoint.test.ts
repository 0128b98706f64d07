import type { Data } from '../../../src/base/data.js';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { StoredObject } from '../../../src/resources/kind.js';
import { Problems } from '../../../src/resources/problem.js';
import { readStoredDocument } from '../../../src/resources/v3/document.js';
import { workloadEndpointName } from '../../../src/resources/v3/workload-endpoint-name.js';
import { workloadEndpoint } from '../../../src/resources/v3/workload-endpoint.js';
import { cells, document, problemsOf, testGolden } from '../../support/stored.js';

const POD = { orchestrator: 'k8s', node: 'n-1', pod: 'p', endpoint: 'eth0', interfaceName: 'cali1' };

function wrong(spec: Data, metadata: Data = {}): string[] {
  return problemsOf(workloadEndpoint, document(workloadEndpoint, spec, metadata));
}

describe('WorkloadEndpoint', () => {
  testGolden(workloadEndpoint);

  it('has a name made from what identifies it', () => {
    const all = { node: 'my-node', workload: 'w', containerID: 'c', pod: 'frontend-5gs43', endpoint: 'eth0' };
    expect(workloadEndpointName({ ...all, orchestrator: 'k8s' })).to.equal('my--node-k8s-frontend--5gs43-eth0');
    expect(workloadEndpointName({ ...all, orchestrator: 'cni' })).to.equal('my--node-cni-c-eth0');
    expect(workloadEndpointName({ ...all, orchestrator: 'libnetwork' })).to.equal('my--node-libnetwork-libnetwork-eth0');
    expect(workloadEndpointName({ ...all, orchestrator: 'constructor' })).to.equal('my--node-constructor-w-eth0');
    expect(workloadEndpointName({ ...all })).to.equal(undefined);
    expect(workloadEndpointName({ ...all, orchestrator: 'k8s', pod: '' })).to.equal(undefined);
    expect(workloadEndpointName({ ...all, orchestrator: 'cni', containerID: 'c-' })).to.equal(undefined);
  });

  it('takes empty text for none', () => {
    const { spec } = readStoredDocument(workloadEndpoint, document(workloadEndpoint, { ...POD, mac: '', ipv4Gateway: '', containerID: '', serviceAccountName: '' }), new Problems()) as StoredObject;
    expect(spec).to.deep.equal(POD);
    expect(wrong({ ...POD, mac: '', ipv4Gateway: '' })).to.deep.equal([]);
  });

  it('gets its name, namespace and labels', () => {
    const problems = new Problems();
    const raw = document(workloadEndpoint, POD, { labels: { 'projectcalico.org/orchestrator': 'wrong', z: '1' } });
    const { metadata } = readStoredDocument(workloadEndpoint, raw, problems, 'prod') as StoredObject;
    expect({ problems: problems.list, metadata: JSON.stringify(metadata) }).to.deep.equal({
      problems: [],
      metadata: '{"name":"n--1-k8s-p-eth0","namespace":"prod","labels":{"projectcalico.org/namespace":"prod","projectcalico.org/orchestrator":"k8s","z":"1"}}',
    });
  });

  it('says what its name is made from', () => {
    expect(wrong(POD, { name: 'x' })).to.deep.equal([
      'metadata.name: the name "x" is not the one that follows from the spec: expected "n--1-k8s-p-eth0" (leave the name out and it is filled in)',
    ]);
    expect(wrong({ interfaceName: 'cali1', orchestrator: 'cni', node: 'n' }, { name: 'n-cni-c-eth0' })).to.deep.equal([
      'spec.containerID: a workload endpoint of orchestrator cni needs containerID: its name is made from it',
      'spec.endpoint: a workload endpoint of orchestrator cni needs endpoint: its name is made from it',
    ]);
    expect(wrong({ ...POD, orchestrator: 'cni', containerID: 'Up' }, { name: 'n--1-cni-Up-eth0' })).to.deep.equal([
      'metadata.name: "n--1-cni-Up-eth0" is not a name: lower-case letters, digits, "-" and "." are allowed, and each part between dots starts and ends with a letter or digit',
    ]);
  });

  it('says which values its labels cannot take', () => {
    expect(wrong(POD, { namespace: 'a_' })).to.deep.equal([
      'metadata.namespace: the endpoint gets the label projectcalico.org/namespace from this, but "a_" is not a label\'s value: ' +
        'letters, digits, "-", "_" and "." are allowed, with a letter or digit at both ends',
    ]);
    expect(wrong(POD, { namespace: 'a/b' })).to.deep.equal(['metadata.namespace: "a/b" is not a namespace: it may not contain "/"']);
  });

  it('says what is wrong with its addresses', () => {
    expect(wrong({ ...POD, ipNetworks: ['10.0.0.0/24', '1.2.3.4'], ipNATs: [{ internalIP: '10.1.1.1', externalIP: 'fd00::1' }] })).to.deep.equal([
      'spec.ipNetworks[0]: 10.0.0.0/24 is more than one address (write one address, alone or with /32 or /128)',
      'spec.ipNATs[0].internalIP: 10.1.1.1 is not among the ipNetworks of the endpoint',
      'spec.ipNATs[0].externalIP: fd00::1 and the internalIP 10.1.1.1 are of different address families',
    ]);
    expect(wrong({ ...POD, ipNetworks: ['x', '1.2.3.4/8', null], ipNATs: [{}], ipv4Gateway: '10.0.0.1/24', mac: 'zz', allowSpoofedSourcePrefixes: ['10.abcd'] })).to.deep.equal([
      'spec.ipNetworks[0]: "x" is not an IP address, alone or with a prefix length',
      'spec.ipNetworks[1]: 1.2.3.4/8 has bits set after its prefix length (write 1.0.0.0/8, or 1.2.3.4/32)',
      'spec.ipNetworks[2]: expected an IP address, alone or with a prefix length, found nothing (remove the empty entry, or give its value)',
      'spec.ipNATs[0].internalIP: a NAT needs an internalIP',
      'spec.ipNATs[0].externalIP: a NAT needs an externalIP',
      'spec.ipv4Gateway: "10.0.0.1/24" is not an IPv4 address (leave out the prefix length)',
      'spec.mac: "zz" is not a MAC address such as ca:fe:1d:52:bb:e9',
      'spec.allowSpoofedSourcePrefixes[0]: "10.abcd" is neither a network such as 10.0.0.0/16 nor an IP address',
    ]);
  });

  it('says what is wrong with its ports and limits', () => {
    const ports = [{ protocol: 'TCP', port: 1 }, { name: 'a', protocol: 'tcp', port: 1, hostPort: 70000, hostIP: '999.1.1.1' }];
    expect(wrong({ ...POD, ports, qosControls: { ingressBandwidth: '10' } })).to.deep.equal([
      'spec.ports[0].name: a port without a hostPort needs a name',
      'spec.ports[1].protocol: "tcp" is not a protocol that has ports: TCP, UDP or SCTP (did you mean "TCP"?)',
      'spec.ports[1].hostPort: 70000 is not a port number (0 to 65535)',
      'spec.ports[1].hostIP: "999.1.1.1" is not an IP address, alone or with a prefix length',
      'spec.qosControls.ingressBandwidth: expected a whole number, found "10" (write it without quotes)',
    ]);
  });

  it('shows its workload, networks and NATs', () => {
    const spec = { ...POD, ipNetworks: ['10.0.0.1/32', 'fd00::1/128'], profiles: ['a', 'b'], ipNATs: [{ internalIP: '10.0.0.1', externalIP: '192.0.2.5' }] };
    expect(cells(workloadEndpoint, spec)).to.deep.equal({
      ps: ['WORKLOAD=p', 'NODE=n-1', 'NETWORKS=10.0.0.1/32,fd00::1/128', 'INTERFACE=cali1'],
      wide: ['NAME=default', 'WORKLOAD=p', 'NODE=n-1', 'NETWORKS=10.0.0.1/32,fd00::1/128', 'INTERFACE=cali1', 'PROFILES=a,b', 'NATS=10.0.0.1<>192.0.2.5'],
    });
    expect(cells(workloadEndpoint, { workload: 'w' }).ps).to.deep.equal(['WORKLOAD=w', 'NODE=', 'NETWORKS=', 'INTERFACE=']);
    expect(workloadEndpoint.columns.extra?.map((column) => column.heading)).to.deep.equal(['ORCHESTRATOR']);
  });
});
