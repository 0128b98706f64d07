import type { Data } from '../../../src/base/data.js';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { classicView } from '../../../src/resources/v1/view.js';
import { classicKind, findings, manifest, plain, readBack, storedFor } from '../../support/classic.js';

/** One of the endpoints of the tenant network. */
function tenantEndpoint(name: string, workload: string, node: string, number: number, profiles?: string[]): Data {
  const spec = { interfaceName: `cali0ef24b${number}`, mac: `ca:fe:1d:52:bb:e${number}`, ipNetworks: [`172.16.1.${number}`], ...(profiles === undefined ? {} : { profiles }) };
  return manifest('workloadEndpoint', { name, workload, orchestrator: 'k8s', node, labels: { service: workload, namespace: 'default' } }, spec);
}

const S1 = manifest('bgpPeer', { scope: 'node', node: 'rack1-host1', peerIP: '192.168.1.1' }, { asNumber: 63400 });
const S2 = manifest('ipPool', { cidr: '10.1.0.0/16' }, { ipip: { enabled: true, mode: 'cross-subnet' }, 'nat-outgoing': true, disabled: false });
const S3 = manifest('node', { name: 'node-hostname' }, { bgp: { asNumber: 64512, ipv4Address: '10.244.0.1/24', ipv6Address: '2001:db8:85a3::8a2e:370:7334/120' } });
const S4 = manifest(
  'policy',
  { name: 'allow-tcp-6379' },
  {
    selector: "role == 'database'",
    ingress: [{ action: 'allow', protocol: 'tcp', source: { selector: "role == 'frontend'" }, destination: { ports: [6379] } }],
    egress: [{ action: 'allow' }],
  },
);
const S5 = manifest(
  'profile',
  { name: 'profile1', labels: { profile: 'profile1' } },
  {
    ingress: [
      { action: 'deny', source: { net: '10.0.20.0/24' } },
      { action: 'allow', source: { selector: "profile == 'profile1'" } },
    ],
    egress: [{ action: 'allow' }],
  },
);
const S6 = manifest(
  'workloadEndpoint',
  { name: 'eth0', workload: 'default.frontend-5gs43', orchestrator: 'k8s', node: 'rack1-host1', labels: { app: 'frontend', 'calico/k8s_ns': 'default' } },
  { interfaceName: 'cali0ef24ba', mac: 'ca:fe:1d:52:bb:e9', ipNetworks: ['192.168.0.0/16'], profiles: ['profile1'] },
);
const S7 = manifest(
  'hostEndpoint',
  { name: 'eth0', node: 'myhost', labels: { type: 'production' } },
  { interfaceName: 'eth0', expectedIPs: ['192.168.0.1', '192.168.0.2'], profiles: ['profile1', 'profile2'] },
);
const S8 = [
  tenantEndpoint('slave1-frontend1', 'frontend', 'slave1', 1),
  tenantEndpoint('slave1-frontend2', 'frontend', 'slave1', 2),
  tenantEndpoint('slave2-database', 'database', 'slave2', 3, ['profile-database']),
];
const S9 = manifest(
  'policy',
  { name: 'namespace-default' },
  { selector: "namespace == 'default'", ingress: [{ action: 'allow', source: { selector: "namespace == 'default'" } }], egress: [{ action: 'allow' }] },
);

function databaseProfile(source: Data, rest: Data = {}): Data {
  const selector = "namespace == 'default' && service == 'frontend'";
  return manifest(
    'profile',
    { name: 'profile-database', labels: { profile: 'profile-database' } },
    { ingress: [{ action: 'deny' }, { action: 'allow', source: { selector, ...source }, ...rest }], egress: [{ action: 'allow' }] },
  );
}

const S11 = manifest('policy', { name: 'remark' }, { ingress: [{ action: 'deny' }, { action: 'allow', source: { selector: "namespace == 'default'" } }] });

const UNREACHABLE = 'warning spec.ingress[1]: no packet reaches this rule: rule 1 of the list matches every packet (deny) (move "- action: deny" to the end of the list)';
const EMPTY_SIDES = { source: {}, destination: {} };

/** What the classic tool prints for the seeds where that differs from what they say. */
const READ_BACK: readonly (readonly [name: string, raw: Data, spec: Data])[] = [
  ['S1', S1, { asNumber: 63400 }],
  ['S2', S2, { ipip: { enabled: true, mode: 'cross-subnet' }, 'nat-outgoing': true }],
  ['S3', S3, { bgp: { asNumber: 64512, ipv4Address: '10.244.0.1/24', ipv6Address: '2001:db8:85a3::8a2e:370:7334/120' } }],
  [
    'S4',
    S4,
    {
      ingress: [{ action: 'allow', protocol: 'tcp', source: { selector: "role == 'frontend'" }, destination: { ports: [6379] } }],
      egress: [{ action: 'allow', ...EMPTY_SIDES }],
      selector: "role == 'database'",
      types: ['ingress', 'egress'],
    },
  ],
  [
    'S5',
    S5,
    {
      ingress: [
        { action: 'deny', source: { nets: ['10.0.20.0/24'] }, destination: {} },
        { action: 'allow', source: { selector: "profile == 'profile1'" }, destination: {} },
      ],
      egress: [{ action: 'allow', ...EMPTY_SIDES }],
    },
  ],
  ['S7', S7, { interfaceName: 'eth0', expectedIPs: ['192.168.0.1', '192.168.0.2'], profiles: ['profile1', 'profile2'] }],
  ...S8.map((raw, index): [string, Data, Data] => [`S8, ${index + 1}`, raw, { ...(raw['spec'] as Data), ipNetworks: [`172.16.1.${index + 1}/32`] }]),
  [
    'S9',
    S9,
    {
      ingress: [{ action: 'allow', source: { selector: "namespace == 'default'" }, destination: {} }],
      egress: [{ action: 'allow', ...EMPTY_SIDES }],
      selector: "namespace == 'default'",
      types: ['ingress', 'egress'],
    },
  ],
];

describe('The manifests of the seeds', () => {
  for (const [name, raw, spec] of READ_BACK) {
    it(`${name}: ${String(raw['kind'])} reads back, from the document and from the store`, () => {
      const expected = { ...raw, spec };
      expect(findings(raw)).to.deep.equal([]);
      expect(plain(readBack(raw))).to.deep.equal(expected);
      expect(plain(classicView(classicKind(String(raw['kind'])), storedFor(raw)))).to.deep.equal({ document: expected, exact: true });
    });
  }

  it('S6: an endpoint cannot have a whole network', () => {
    expect(findings(S6)).to.deep.equal([
      'error spec.ipNetworks[0]: 192.168.0.0/16 contains more than one address (write the address of the endpoint, alone or with /32 (IPv4) or /128 (IPv6))',
    ]);
  });

  it('S10: finds everything that is wrong', () => {
    expect(findings(databaseProfile({ ports: [{ int: 3306 }] }))).to.deep.equal([
      'error spec.ingress[1].source.ports[0]: expected a port: a number from 1 to 65535, or a range such as "8000:8100", found a map (write only the number: 3306)',
      UNREACHABLE,
    ]);
    expect(findings(databaseProfile({ ports: [3306] }))).to.deep.equal([
      'error spec.ingress[1].source.ports: ports need a protocol that has ports, tcp or udp: the rule names none (add "protocol: tcp" to the rule, beside "source" and "destination")',
      UNREACHABLE,
    ]);
    expect(findings(databaseProfile({}, { protocol: 'tcp', destination: { ports: [3306] } }))).to.deep.equal([UNREACHABLE]);
  });

  it('S10: a remark that became part of the action', () => {
    const raw = manifest('profile', { name: 'p' }, { ingress: [{ action: 'deny      <-- all others' }] });
    expect(findings(raw)).to.deep.equal(['error spec.ingress[0].action: "deny      <-- all others" is not an action: expected allow, deny, log or pass']);
  });

  it('S11: warns of the rule behind a deny', () => expect(findings(S11)).to.deep.equal([UNREACHABLE]));
});
