import type { Data } from '../../../src/base/data.js';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { findings, manifest, plain, policyWith, readBack } from '../../support/classic.js';

function endpoint(spec: Data, metadata: Data = {}): Data {
  return manifest('workloadEndpoint', { name: 'e', workload: 'w', orchestrator: 'o', node: 'n', ...metadata }, { interfaceName: 'cali0', ...spec });
}

function specOf(raw: Data): Data {
  return plain(readBack(raw)).spec;
}

describe('Reading classic documents', () => {
  it('prints what the classic tool always prints', () => {
    expect(JSON.stringify(readBack({ kind: 'policy', apiVersion: 'v1', metadata: null }))).to.equal('{"kind":"policy","apiVersion":"v1","metadata":{},"spec":{"selector":"","types":["ingress"]}}');
    expect(JSON.stringify(readBack({ kind: 'bgpPeer', apiVersion: 'v1' }))).to.equal('{"kind":"bgpPeer","apiVersion":"v1","metadata":{"scope":"","peerIP":""},"spec":{"asNumber":0}}');
    expect(JSON.stringify(readBack(manifest('ipPool', {})))).to.equal('{"kind":"ipPool","apiVersion":"v1","metadata":{"cidr":""},"spec":{}}');
    expect(JSON.stringify(readBack(manifest('node', { name: 'n' }, { orchRefs: [{ nodeName: 'k' }] })).spec)).to.equal('{"orchRefs":[{"nodeName":"k","orchestrator":""}]}');
  });

  it('keeps what is zero apart from what is not there', () => {
    expect(specOf(manifest('policy', { name: 'p' }, { order: 0 }))).to.deep.equal({ order: 0, selector: '', types: ['ingress'] });
    expect(specOf(manifest('node', { name: 'n' }, { bgp: { asNumber: 0, ipv4Address: '10.0.0.1' } }))).to.deep.equal({ bgp: { asNumber: 0, ipv4Address: '10.0.0.1/32' } });
  });

  it('has keys in the order in which they are printed', () => {
    const rule = { destination: { notPorts: [1], net: '1.2.3.4/8', tag: 't' }, source: { net: '10.1.2.3/8', selector: 'a == "b"' }, protocol: 6, action: 'allow', icmp: {} };
    expect(JSON.stringify(specOf(policyWith(rule))['ingress'])).to.equal(
      '[{"action":"allow","protocol":6,"source":{"nets":["10.1.2.3/8"],"selector":"a == \\"b\\""},"destination":{"tag":"t","nets":["1.0.0.0/8"],"notPorts":[1]}}]',
    );
  });

  it('computes the types of policies, and keeps a given order', () => {
    const rules = [{ action: 'allow' }];
    const types = (spec: Data): unknown => specOf(manifest('policy', { name: 'p' }, spec))['types'];
    expect([types({ ingress: rules }), types({ egress: rules }), types({ ingress: rules, egress: rules }), types({ types: ['egress', 'ingress'] })]).to.deep.equal([
      ['ingress'],
      ['egress'],
      ['ingress', 'egress'],
      ['egress', 'ingress'],
    ]);
  });

  it('prints IPv4 before IPv6', () => {
    const nats = [
      { internalIP: 'fd00::1', externalIP: 'fd00::2' },
      { internalIP: '10.0.0.1', externalIP: '1.1.1.1' },
    ];
    expect(specOf(endpoint({ ipNetworks: ['FD00::1', '10.0.0.2', '10.0.0.1/32'], ipNATs: nats, mac: 'CA-FE-1D-52-BB-E9' }))).to.deep.equal({
      ipNetworks: ['10.0.0.2/32', '10.0.0.1/32', 'fd00::1/128'],
      ipNATs: [nats[1], nats[0]],
      interfaceName: 'cali0',
      mac: 'ca:fe:1d:52:bb:e9',
    });
    expect(specOf(manifest('hostEndpoint', { name: 'e', node: 'n' }, { expectedIPs: ['fe80::1', '10.0.0.1'] }))).to.deep.equal({ expectedIPs: ['10.0.0.1', 'fe80::1'] });
  });

  it('leaves out settings that are off', () => {
    const pool = (spec: Data): Data => specOf(manifest('ipPool', { cidr: '10.0.0.0/16' }, spec));
    expect([pool({ ipip: {} }), pool({ ipip: { enabled: false } }), pool({ ipip: { mode: 'always' }, disabled: false })]).to.deep.equal([{}, {}, { ipip: { mode: 'always' } }]);
  });

  it('reads numbers and booleans as text where text is meant', () => {
    expect(plain(readBack(manifest('profile', { name: 12, tags: [1.5], labels: { a: true, b: null } })).metadata)).to.deep.equal({ name: '12', tags: ['1.5'], labels: { a: 'true', b: '' } });
  });

  it('reads keys in any case, and reports them as they are written', () => {
    const raw = { Kind: 'policy', kind: 'policy', apiVersion: 'v1', Metadata: { NAME: 'p' }, SPEC: { Ingress: [{ Action: 'allow', Source: { Ports: [1], Nets: ['10.0.0.0/8', 'fd00::/8'] } }] } };
    expect(findings(raw)).to.deep.equal([
      'error kind: "kind" and "Kind" are the same field, given twice',
      'error SPEC.Ingress[0].Source.Ports: ports need a protocol that has ports, tcp or udp: the rule names none (add "protocol: tcp" to the rule, beside "source" and "destination")',
      'error SPEC.Ingress[0].Source.Nets: a rule cannot have both IPv4 and IPv6 networks (write one rule for each family)',
    ]);
  });

  it('reads null as nothing, but not as an element', () => {
    expect(findings(manifest('node', { name: 'n' }, { bgp: null, orchRefs: null }))).to.deep.equal([]);
    expect(findings(policyWith(null, { action: 'allow', protocol: 'tcp', source: { ports: [null], nets: [null], net: '' } }))).to.deep.equal([
      'error spec.ingress[0]: expected a rule, found nothing (remove the empty entry, or give its value)',
      'error spec.ingress[1].source.net: "" is not a network such as 10.0.0.0/16',
      'error spec.ingress[1].source.nets[0]: expected a network such as 10.0.0.0/16, found nothing (remove the empty entry, or give its value)',
      'error spec.ingress[1].source.ports[0]: expected a port: a number from 1 to 65535, or a range such as "8000:8100", found nothing (remove the empty entry, or give its value)',
    ]);
  });

  it('refuses the empty addresses that break the classic tool', () => {
    expect(findings(endpoint({ ipNetworks: [''], ipNATs: [{ internalIP: '10.0.0.1' }] }))).to.deep.equal([
      'error spec.ipNetworks[0]: "" is not an address such as 10.0.0.1/32 (write the address of the endpoint, alone or with /32 (IPv4) or /128 (IPv6))',
      'error spec.ipNATs[0].externalIP: a NAT needs an externalIP',
    ]);
    expect(findings(manifest('hostEndpoint', { name: 'e', node: 'n' }, { expectedIPs: [''] }))).to.deep.equal(['error spec.expectedIPs[0]: "" is not an IP address']);
    expect(findings(manifest('node', { name: 'n' }, { bgp: { ipv4Address: '' } }))).to.deep.equal([
      'error spec.bgp.ipv4Address: "" is not an IPv4 address with a prefix length, such as 10.0.0.1/24',
    ]);
  });

  it('finds all problems of a document', () => {
    expect(findings({ ...manifest('ipPool', { cidr: '169.254.1.1/30' }, { ipip: { mode: 'off' }, 'nat-outgoing': 'yes' }), status: {} })).to.deep.equal([
      'error status: unknown field "status" (the fields here are kind, apiVersion, metadata, spec)',
      'error spec.ipip.mode: "off" is not an IPIP mode: expected always or cross-subnet; enabled: false switches it off',
      'error spec.nat-outgoing: expected true or false, found "yes" (write true)',
      'error metadata.cidr: the pool 169.254.1.1/30 is too small: /26 is the smallest from which addresses can be assigned',
      'error metadata.cidr: 169.254.1.1/30 has bits set after its prefix length (write 169.254.1.0/30)',
      'error metadata.cidr: 169.254.1.1/30 overlaps with the link-local range 169.254.0.0/16',
    ]);
  });
});
