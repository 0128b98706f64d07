import { expect } from 'chai';
import { describe, it } from 'mocha';
import { compile } from '../../src/policy/compile.js';
import { foundIn } from '../../src/policy/condition.js';
import { evaluate } from '../../src/policy/evaluate.js';
import type { Flow } from '../../src/policy/flow.js';
import type { StoredObject } from '../../src/resources/kind.js';

const TCP: Flow = { src: '10.0.0.1', dst: '10.0.0.2', protocol: 'tcp', sport: 40000, dport: 8080 };
const PING: Flow = { src: '10.0.0.1', dst: '10.0.0.2', protocol: 'icmp', type: 8, code: 0 };

function stored(kind: string, name: string, spec: Record<string, unknown>, metadata: Partial<StoredObject['metadata']> = {}): StoredObject {
  return { kind, apiVersion: 'projectcalico.org/v3', metadata: { name, ...metadata }, spec };
}

function workload(name: string, address: string, spec: Record<string, unknown> = {}): StoredObject {
  return stored('WorkloadEndpoint', name, { orchestrator: 'k8s', node: 'n', pod: name, endpoint: 'eth0', interfaceName: `cali${name}`, ipNetworks: [address], ...spec }, { namespace: 'shop', labels: { app: name } });
}

/** The first condition of a rule that fails for a flow: its field, what the rule wants, and what is there; undefined where it matches. */
function failing(rule: Record<string, unknown>, flow: Flow): unknown {
  const policy = stored('GlobalNetworkPolicy', 'p', { types: ['Ingress'], selector: "app == 'db'", ingress: [{ action: 'Allow', ...rule }] });
  const open = stored('Profile', 'open', { egress: [{ action: 'Allow' }] });
  const model = compile([policy, open, workload('web', '10.0.0.1/32', { profiles: ['open'] }), workload('db', '10.0.0.2/32', { ports: [{ name: 'sql', protocol: 'TCP', port: 3306 }] })]);
  const { steps, packet } = evaluate(model, flow);
  const failed = steps.find(({ dir }) => dir === 'ingress')?.visits[0]?.failed;
  return failed === undefined ? undefined : [failed.field, failed.wants, foundIn(failed, packet)];
}

const WEB = { value: '10.0.0.1', objects: ['wep:shop/web'] };

describe('the first condition of a rule that does not hold', () => {
  const cases: readonly (readonly [what: string, rule: Record<string, unknown>, flow: Flow, wanted: unknown])[] = [
    ['none, where it matches', {}, TCP, undefined],
    ['its IP version', { ipVersion: 6 }, TCP, ['ipVersion', 6, { value: 4 }]],
    ['a protocol of the other IP version', { protocol: 'ICMPv6' }, TCP, ['protocol', 'ICMPv6', { value: 4 }]],
    ['its protocol', { protocol: 'UDP' }, TCP, ['protocol', 'UDP', { value: 6 }]],
    ['the protocol that it excludes', { notProtocol: 'TCP' }, TCP, ['notProtocol', 'TCP', { value: 6 }]],
    ['its ICMP type', { protocol: 'ICMP', icmp: { type: 3 } }, PING, ['icmp', { type: 3 }, { value: '8/0' }]],
    ['its selector, the whole of it', { source: { selector: "app == 'cache'", namespaceSelector: 'all()' } }, TCP, ['source.selector', '(has(projectcalico.org/namespace) && app == "cache")', WEB]],
    ['what its selector excludes', { source: { notSelector: "app == 'web'" } }, TCP, ['source.notSelector', 'app == "web"', WEB]],
    ['its networks', { source: { nets: ['10.1.0.0/16'] } }, TCP, ['source.nets', ['10.1.0.0/16'], WEB]],
    ['networks of the other IP version, which leave nothing', { source: { notNets: ['fd00::/8'] } }, TCP, ['source.notNets', ['fd00::/8'], { value: 4 }]],
    ['its port', { protocol: 'TCP', destination: { ports: [3306] } }, TCP, ['destination.ports', [3306], { value: 8080, objects: ['wep:shop/db'] }]],
    ['a port by its name', { protocol: 'TCP', destination: { ports: ['sql'] } }, TCP, ['destination.ports', ['sql'], { value: 8080, objects: ['wep:shop/db'] }]],
    ['services, which nobody knows', { destination: { services: { name: 'x' } } }, TCP, ['destination.services', { name: 'x' }, { value: undefined }]],
    ['addresses before ports', { protocol: 'TCP', source: { nets: ['10.1.0.0/16'] }, destination: { ports: [3306] } }, TCP, ['source.nets', ['10.1.0.0/16'], WEB]],
  ];
  for (const [what, rule, flow, wanted] of cases) it(what, () => expect(failing(rule, flow)).to.deep.equal(wanted));

  it('says what cannot be read', () => {
    const ask = (flow: Partial<Flow>): unknown => evaluate(compile([]), { ...TCP, ...flow });
    expect(() => ask({ src: 'web' })).to.throw('"web" is not an address');
    expect(() => ask({ protocol: 'tpc' })).to.throw('"tpc" is not a protocol');
    expect(() => ask({ dst: 'fd00::1' })).to.throw('not of one IP version');
  });

  it('finds the interfaces of hosts in Node resources, called as a host endpoint says', () => {
    const node = stored('Node', 'n', { bgp: { ipv4Address: '10.9.0.1/24' } });
    const endpoint = stored('HostEndpoint', 'h', { node: 'n', interfaceName: 'ens3' });
    const into = (resources: readonly StoredObject[]): unknown => evaluate(compile(resources), { ...TCP, src: '192.0.2.1', dst: '10.9.0.1' }).by;
    expect([into([node]), into([node, endpoint])]).to.deep.equal(['no-endpoint', 'no-profile']);
  });
});
