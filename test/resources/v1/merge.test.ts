import type { Data } from '../../../src/base/data.js';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Metadata, StoredObject } from '../../../src/resources/kind.js';
import { OWN_WORDS } from '../../../src/resources/v1/own-words.js';
import { classicKind, manifest, plain, storedFor } from '../../support/classic.js';

const METADATA: Metadata = { name: 'any', uid: 'u', creationTimestamp: 't', labels: { a: 'b' }, annotations: { note: 'x' } };

function merged(raw: Data, spec: Data, metadata: Data = {}): StoredObject {
  const kind = classicKind(String(raw['kind']));
  const existing: StoredObject = { kind: kind.stored.kind, apiVersion: 'projectcalico.org/v3', metadata: { ...METADATA, ...metadata }, spec };
  const before = plain(existing);
  const result = plain(kind.mergeOnto?.(existing, storedFor(raw))) as StoredObject;
  expect(plain(existing)).to.deep.equal(before);
  return result;
}

describe('A classic document applied to an object of a v3 tool', () => {
  it('keeps what makes up a pool, and its name', () => {
    const existing = { cidr: '10.0.0.0/16', vxlanMode: 'Always', ipipMode: 'Never', natOutgoing: true, blockSize: 28, nodeSelector: "a == 'b'", allowedUses: ['Workload'], assignmentMode: 'Manual', disableBGPExport: true };
    const { metadata, spec } = merged(manifest('ipPool', { cidr: '10.0.0.0/16' }, { disabled: true }), existing);
    expect(metadata).to.deep.equal(METADATA);
    expect(spec).to.deep.equal({ cidr: '10.0.0.0/16', vxlanMode: 'Always', ipipMode: 'Never', disabled: true, disableBGPExport: true, blockSize: 28, nodeSelector: "a == 'b'", allowedUses: ['Workload'], assignmentMode: 'Manual' });
    const ipip = merged(manifest('ipPool', { cidr: '10.0.0.0/16' }, { ipip: { enabled: true, mode: 'always' } }), existing);
    expect([ipip.spec['ipipMode'], ipip.spec['vxlanMode']]).to.deep.equal(['Always', 'Never']);
  });

  it("keeps a node's tunnels and interfaces", () => {
    const foreign = { ipv4VXLANTunnelAddr: '10.9.0.2', wireguard: { interfaceIPv4Address: '10.9.0.3' }, addresses: [{ address: '10.0.0.1' }], interfaces: [{ name: 'eth0' }] };
    const existing = { bgp: { asNumber: 5, ipv6Address: 'fd00::1/64', ipv4IPIPTunnelAddr: '10.9.0.1' }, ...foreign, orchRefs: [{ orchestrator: 'k8s' }] };
    expect(merged(manifest('node', { name: 'n1' }, { bgp: { ipv4Address: '10.0.0.1/24' } }), existing).spec).to.deep.equal({ bgp: { ipv4Address: '10.0.0.1/24', ipv4IPIPTunnelAddr: '10.9.0.1' }, ...foreign });
    expect(merged(manifest('node', { name: 'n1' }), existing).spec).to.deep.equal({ bgp: { ipv4IPIPTunnelAddr: '10.9.0.1' }, ...foreign });
  });

  it("keeps a peer's password, and how it was written", () => {
    const existing = { peerIP: '10.0.0.1:1790', asNumber: 1, password: { secretKeyRef: { name: 's', key: 'k' } } };
    expect(merged(manifest('bgpPeer', { scope: 'global', peerIP: '10.0.0.1' }, { asNumber: 2 }), existing).spec).to.deep.equal({ ...existing, asNumber: 2 });
  });

  it('replaces the rules and annotations of a policy, and keeps its tier and other selectors', () => {
    const existing = { tier: 'security', order: 5, ingress: [{ action: 'Allow', source: {}, destination: {} }], namespaceSelector: 'all()', applyOnForward: true, types: ['Ingress'] };
    const { metadata, spec } = merged(manifest('policy', { name: 'p', annotations: { why: 'y' } }, { egress: [{ action: 'deny' }] }), existing);
    expect(metadata).to.deep.equal({ ...METADATA, annotations: { why: 'y' } });
    expect(spec).to.deep.equal({ tier: 'security', egress: [{ action: 'Deny', source: {}, destination: {} }], types: ['Egress'], applyOnForward: true, namespaceSelector: 'all()' });
    expect(merged(manifest('policy', { name: 'p' }), { doNotTrack: true, applyOnForward: true }).spec).to.deep.equal({ tier: 'default', types: ['Ingress'] });
  });

  it('replaces the labels of endpoints, and keeps ports', () => {
    const existing = { node: 'n1', expectedIPs: ['10.0.0.1'], ports: [{ name: 'http', protocol: 'TCP', port: 80 }] };
    const { metadata, spec } = merged(manifest('hostEndpoint', { name: 'e', node: 'n1' }, { interfaceName: 'eth0' }), existing);
    expect(metadata).to.deep.equal({ name: 'any', uid: 'u', creationTimestamp: 't', annotations: { note: 'x' } });
    expect(spec).to.deep.equal({ node: 'n1', interfaceName: 'eth0', ports: existing.ports });
  });

  it('keeps the container of an endpoint for which v1 has no word', () => {
    const raw = manifest('workloadEndpoint', { name: 'e', workload: 'w', orchestrator: 'mesos', node: 'n1' }, { interfaceName: 'cali1' });
    const existing = { orchestrator: 'mesos', workload: 'w', node: 'n1', containerID: 'c', endpoint: 'e', mac: 'ca:fe:1d:52:bb:e9', allowSpoofedSourcePrefixes: ['10.0.0.0/8'] };
    expect(merged(raw, existing, { namespace: 'default' })).to.deep.equal({
      kind: 'WorkloadEndpoint',
      apiVersion: 'projectcalico.org/v3',
      metadata: { ...METADATA, namespace: 'default', labels: { 'projectcalico.org/namespace': 'default', 'projectcalico.org/orchestrator': 'mesos' } },
      spec: { orchestrator: 'mesos', workload: 'w', node: 'n1', containerID: 'c', endpoint: 'e', interfaceName: 'cali1', allowSpoofedSourcePrefixes: ['10.0.0.0/8'] },
    });
  });

  it('keeps the labels of a profile, which are not those it applies', () => {
    const { metadata, spec } = merged(manifest('profile', { name: 'p', labels: { c: 'd' } }), { ingress: [{ action: 'Allow' }], labelsToApply: { e: 'f' } });
    expect([metadata.labels, spec]).to.deep.equal([{ a: 'b' }, { labelsToApply: { c: 'd' } }]);
  });

  it("exchanges the document's own words", () => {
    const tagged = (tag: string): Data => manifest('profile', { name: 'p', tags: [tag] });
    const annotations = { note: 'x', [OWN_WORDS]: 'old' };
    expect(merged(tagged('t'), {}, { annotations }).metadata.annotations).to.deep.equal({ note: 'x', [OWN_WORDS]: '{"metadata":{"name":"p","tags":["t"]},"spec":{}}' });
    expect(merged(manifest('profile', { name: 'p' }), {}, { annotations }).metadata.annotations).to.deep.equal({ note: 'x' });
    expect(merged(manifest('profile', { name: 'p' }), {}, { annotations: { [OWN_WORDS]: 'old' } }).metadata.annotations).to.equal(undefined);
  });

  it('changes nothing when it is applied again', () => {
    for (const raw of [manifest('node', { name: 'N1' }, { bgp: { ipv4Address: '10.0.0.1' } }), manifest('ipPool', { cidr: 'fd00::/64' }), manifest('policy', { name: 'A/b' }, { doNotTrack: true })]) {
      const stored = storedFor(raw);
      expect(merged(raw, stored.spec, stored.metadata)).to.deep.include({ spec: stored.spec, metadata: { ...METADATA, ...stored.metadata } });
    }
  });
});
