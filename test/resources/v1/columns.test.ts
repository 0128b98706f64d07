import type { Data } from '../../../src/base/data.js';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { ObjectType } from '../../../src/resources/fields/object.js';
import { CLASSIC_KINDS } from '../../../src/resources/registry.js';
import { classicKind, manifest, readBack } from '../../support/classic.js';

const CONTEXT = { globalAsNumber: '64512' };

/** Heading and cell of every column, the short ones first. */
function cells(raw: Data): string[] {
  const document = readBack(raw);
  const { ps, wide, extra = [] } = classicKind(document.kind).columns;
  expect(wide.slice(0, ps.length).map((column) => column.heading)).to.deep.equal(ps.map((column) => column.heading));
  return [...wide, ...extra].map((column) => `${column.heading}=${column.cell(document, CONTEXT)}`);
}

const TABLES: readonly (readonly [raw: Data, cells: string])[] = [
  [manifest('node', { name: 'n1' }), 'NAME=n1 ASN= IPV4= IPV6='],
  [manifest('node', { name: 'n1' }, { bgp: { ipv4Address: '10.0.0.1/24' } }), 'NAME=n1 ASN=(64512) IPV4=10.0.0.1/24 IPV6='],
  [manifest('node', { name: 'n1' }, { bgp: { asNumber: 0, ipv6Address: 'fd00::1' } }), 'NAME=n1 ASN=0 IPV4= IPV6=fd00::1/128'],
  [manifest('bgpPeer', { scope: 'global', peerIP: 'FD00::1' }, { asNumber: '1.10' }), 'SCOPE=global PEERIP=fd00::1 NODE= ASN=65546'],
  [manifest('bgpPeer', { scope: 'node', node: 'n1', peerIP: '10.0.0.1' }), 'SCOPE=node PEERIP=10.0.0.1 NODE=n1 ASN=0'],
  [manifest('ipPool', { cidr: '10.0.0.0/16' }, { ipip: { mode: 'always' } }), 'CIDR=10.0.0.0/16 NAT=false IPIP=false'],
  [manifest('ipPool', { cidr: '10.0.0.0/16' }, { ipip: { enabled: true }, 'nat-outgoing': true }), 'CIDR=10.0.0.0/16 NAT=true IPIP=true'],
  [manifest('policy', { name: 'p' }), 'NAME=p ORDER=<nil> SELECTOR='],
  [manifest('policy', { name: 'p' }, { order: 6543215.321, selector: "a=='b'" }), "NAME=p ORDER=6.543215321e+06 SELECTOR=a=='b'"],
  [manifest('profile', { name: 'p', tags: ['a', 'b'] }), 'NAME=p TAGS=a,b'],
  [
    manifest('hostEndpoint', { name: 'h', node: 'n1' }, { interfaceName: 'eth0', expectedIPs: ['fd00::1', '10.0.0.1'], profiles: ['p', 'q'] }),
    'NODE=n1 NAME=h INTERFACE=eth0 IPS=10.0.0.1,fd00::1 PROFILES=p,q',
  ],
  [
    manifest(
      'workloadEndpoint',
      { name: 'e', node: 'n1', orchestrator: 'o', workload: 'w' },
      {
        interfaceName: 'cali0',
        ipNetworks: ['10.0.0.1', '0:bb::aa'],
        ipNATs: [
          { internalIP: '10.0.0.1', externalIP: '5.6.7.8' },
          { internalIP: '0:bb::aa', externalIP: 'fe80::1' },
        ],
        ipv6Gateway: 'fd00::1',
      },
    ),
    'NODE=n1 ORCHESTRATOR=o WORKLOAD=w NAME=e NETWORKS=10.0.0.1/32,0:bb::aa/128 NATS=10.0.0.1<>5.6.7.8,0:bb::aa<>fe80::1 INTERFACE=cali0 PROFILES= IPV4GATEWAY=<nil> IPV6GATEWAY=fd00::1 MAC=<nil>',
  ],
];

/** The names of all fields in templates, `Spec.BGP.ASNumber`, without those of rules in a second list of them. */
function templateNames(type: ObjectType, prefix: string): string[] {
  return type.fields.flatMap((field) => {
    const name = `${prefix}.${field.goName ?? field.name.charAt(0).toUpperCase() + field.name.slice(1)}`;
    const inner = field.type.fields ?? field.type.element?.fields;
    return inner === undefined || name.endsWith('EgressRules') ? [name] : [name, ...templateNames({ fields: inner } as ObjectType, name)];
  });
}

describe('Classic tables and templates', () => {
  for (const [raw, expected] of TABLES) it(`shows ${expected}`, () => expect(cells(raw).join(' ')).to.equal(expected));

  it('has the names of fields in templates', () => {
    const names = [...new Set(CLASSIC_KINDS.flatMap((kind) => [...templateNames(kind.metadata, 'Metadata'), ...templateNames(kind.spec, 'Spec')]))].sort();
    const rule = ['Action', 'IPVersion', 'Protocol', 'ICMP', 'ICMP.Type', 'ICMP.Code', 'NotProtocol', 'NotICMP', 'NotICMP.Type', 'NotICMP.Code', 'Source', 'Destination'];
    const entity = ['Tag', 'Net', 'Nets', 'Selector', 'Ports', 'NotTag', 'NotNet', 'NotNets', 'NotSelector', 'NotPorts'];
    const metadata = 'Name Node Scope PeerIP CIDR Tags Labels Annotations Workload Orchestrator ActiveInstanceID';
    const spec = 'BGP BGP.ASNumber BGP.IPv4Address BGP.IPv6Address OrchRefs OrchRefs.NodeName OrchRefs.Orchestrator ASNumber IPIP IPIP.Enabled IPIP.Mode NATOutgoing Disabled Order IngressRules EgressRules Selector DoNotTrack PreDNAT Types IPNetworks IPNATs IPNATs.InternalIP IPNATs.ExternalIP IPv4Gateway IPv6Gateway Profiles InterfaceName MAC ExpectedIPs';
    const expected = [
      ...metadata.split(' ').map((name) => `Metadata.${name}`),
      ...spec.split(' ').map((name) => `Spec.${name}`),
      ...rule.map((name) => `Spec.IngressRules.${name}`),
      ...['Source', 'Destination'].flatMap((side) => entity.map((name) => `Spec.IngressRules.${side}.${name}`)),
    ];
    expect(names).to.deep.equal(expected.sort());
  });
});
