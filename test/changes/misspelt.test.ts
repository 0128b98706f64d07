import { isMap, type Data } from '../../src/base/data.js';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { problems, readFiles } from '../support/changes.js';

const V3 = 'projectcalico.org/v3';

const classic = (kind: string, metadata: Data, spec: Data): Data => ({ apiVersion: 'v1', kind, metadata, spec });
const stored = (kind: string, spec: Data): Data => ({ apiVersion: V3, kind, metadata: { name: 'default' }, spec });

const RULE = { action: 'allow', protocol: 'tcp', source: { selector: 'a == "b"' }, destination: { ports: [80] } };
const ICMP = { action: 'allow', protocol: 'icmp', icmp: { type: 3, code: 1 } };
const ENDPOINT = { node: 'n1', orchestrator: 'k8s', workload: 'ns.pod', name: 'eth0' };
const NAT = { internalIP: '10.0.0.1', externalIP: '192.0.2.1' };

/** Right documents, in which every field is needed or may be left out. */
const DOCUMENTS: readonly Data[] = [
  classic('bgpPeer', { scope: 'node', node: 'n1', peerIP: '10.0.0.1' }, { asNumber: 64512 }),
  classic('hostEndpoint', { name: 'h', node: 'n1' }, { interfaceName: 'eth0' }),
  classic('hostEndpoint', { name: 'h', node: 'n1' }, { expectedIPs: ['192.0.2.1'] }),
  classic('ipPool', { cidr: '10.0.0.0/16' }, { ipip: { enabled: true, mode: 'always' }, 'nat-outgoing': true }),
  classic('node', { name: 'n1' }, { bgp: { asNumber: 64512, ipv4Address: '10.0.0.1' } }),
  classic('policy', { name: 'p' }, { order: 5, selector: 'all()', ingress: [RULE, ICMP] }),
  classic('profile', { name: 'p' }, { egress: [RULE] }),
  classic('workloadEndpoint', ENDPOINT, { interfaceName: 'cali1', ipNetworks: ['10.0.0.1/32'], ipNATs: [NAT] }),
  stored('BGPConfiguration', { communities: [{ name: 'a', value: '1:2' }], prefixAdvertisements: [{ cidr: '10.0.0.0/8', communities: ['a'] }] }),
  stored('BGPFilter', { exportV4: [{ action: 'Accept', cidr: '10.0.0.0/8', matchOperator: 'In' }] }),
  stored('GlobalNetworkPolicy', { ingress: [{ ...RULE, action: 'Allow', protocol: 'TCP' }, { action: 'Allow', protocol: 'TCP', http: { paths: [{ exact: '/a' }] } }, { action: 'Deny', protocol: 'ICMP', icmp: { type: 3, code: 1 } }] }),
  stored('HostEndpoint', { node: 'n1', interfaceName: 'eth0', ports: [{ name: 'a', protocol: 'TCP', port: 80 }] }),
  stored('IPPool', { cidr: '10.0.0.0/16' }),
];

/** Copies of a value in each of which one key has a letter too much. */
function* misspelt(value: unknown): Generator<readonly [key: string, copy: unknown]> {
  const entries: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : isMap(value) ? Object.entries(value) : [];
  for (const [key, inner] of entries) {
    if (Array.isArray(value)) for (const [name, copy] of misspelt(inner)) yield [name, value.map((each: unknown, index) => (index === key ? copy : each))];
    else {
      if (key !== 'kind' && key !== 'apiVersion') yield [`${key}q`, Object.fromEntries(entries.map(([name, each]) => [name === key ? `${name}q` : name, each]))];
      for (const [name, copy] of misspelt(inner)) yield [name, { ...(value as Data), [key]: copy }];
    }
  }
}

describe('a misspelt field', () => {
  for (const document of DOCUMENTS) {
    it(`is told once: ${JSON.stringify(document)}`, async () => {
      expect(await problems(readFiles('validate', { 'a.json': document }))).to.deep.equal([]);
      const wrong: string[] = [];
      let tried = 0;
      for (const [key, copy] of misspelt(document)) {
        const found = await problems(readFiles('validate', { 'a.json': copy }));
        tried++;
        if (found.length !== 1 || found[0]?.endsWith(`unknown field "${key}"`) !== true) wrong.push(`${key}: ${found.join(' + ')}`);
      }
      expect(wrong).to.deep.equal([]);
      expect(tried).to.be.above(3);
    });
  }

  const whole: readonly (readonly [what: string, document: Data, found: readonly string[]])[] = [
    ['what is missing beside another field is told', classic('workloadEndpoint', ENDPOINT, { colour: 1 }), ['spec.interfaceName: a workload endpoint needs an interfaceName', 'spec.colour: unknown field "colour"']],
    ['other identifiers are told', classic('bgpPeer', { scop: 'global' }, {}), ["metadata: insufficient identifiers, missing 'peerIP'", 'metadata.scop: unknown field "scop"']],
    ['a field of the other section is told there', classic('policy', {}, { name: 'p' }), ['spec.name: unknown field "name"']],
    ['old names are known', classic('hostEndpoint', { name: 'h', hostname: 'n1' }, { interface: 'eth0' }), ['metadata.hostname: unknown field "hostname"', 'spec.interface: unknown field "interface"']],
    ['the name of a pool', classic('ipPool', { name: 'a' }, {}), ['metadata.name: unknown field "name"']],
  ];
  for (const [what, document, found] of whole) {
    it(what, async () => expect((await problems(readFiles('validate', { 'a.json': document }))).map((line) => line.replace(/^a\.json:1 /, ''))).to.deep.equal(found));
  }
});
