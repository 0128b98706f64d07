import { expect } from 'chai';
import { describe, it } from 'mocha';
import { LINT_CODES, type LintCode } from '../../../src/insight/lint/codes.js';
import { lint } from '../../../src/insight/lint/lint.js';
import { compile } from '../../../src/policy/compile.js';
import type { StoredObject } from '../../../src/resources/kind.js';
import { OPEN, policy, resource, TIER, workload } from '../../support/policy/resources.js';

const WEB = workload('web', '10.0.0.1/32', { profiles: ['open'] });
const DB = workload('db', '10.0.0.2/32', { profiles: ['open'], ports: [{ name: 'sql', protocol: 'TCP', port: 3306 }] });
const BASE = [TIER, OPEN, WEB, DB];

const FROM_WEB = { source: { selector: "role == 'web'" } };
const ALLOW = { action: 'Allow' };
const DENY = { action: 'Deny' };
const SQL = { action: 'Allow', protocol: 'TCP', ...FROM_WEB, destination: { ports: [3306] } };

/** A policy for the database. */
const db = (ingress: readonly object[], more: object = {}, name = 'p'): StoredObject => policy(name, { order: 1, selector: "role == 'db'", ingress, ...more });
const egress = (rules: readonly object[], more: object = {}, name = 'p'): StoredObject => policy(name, { order: 1, selector: "role == 'web'", types: ['Egress'], egress: rules, ...more });
const tier = (name: string, order: number, defaultAction = 'Deny'): StoredObject => resource('Tier', name, { order, defaultAction });
const node = (name: string, ip: string): StoredObject => resource('Node', name, { bgp: { ipv4Address: `${ip}/24` } });
const host = (name: string, more: object = {}, on = 'n1'): StoredObject => resource('HostEndpoint', name, { node: on, interfaceName: 'eth0', ...more }, { labels: { host: name } });
const hostPolicy = (spec: object): StoredObject => policy('h', { order: 1, selector: "host == 'h1'", types: ['Ingress', 'Egress'], ...spec });
const without = (profiles: readonly StoredObject[], ...names: readonly string[]): readonly StoredObject[] => profiles.filter(({ metadata }) => !names.includes(metadata.name));

const NODES = [node('n1', '192.168.0.1'), node('n2', '192.168.0.2')];
const TWO_HOSTS = [...NODES, host('h1')];
/** No port is open whatever policies say. */
const NO_FAILSAFE = resource('FelixConfiguration', 'default', { failsafeInboundHostPorts: [], failsafeOutboundHostPorts: [] });
const LIVES = [{ action: 'Allow', protocol: 'TCP', destination: { ports: [2379, 179, 22, 5473] } }];

interface Case {
  /** A network where it is found, besides BASE. */
  readonly found: readonly StoredObject[];
  /** One that is near, where it is not: after the remedy, or where it would be a false alarm. */
  readonly not: readonly (readonly StoredObject[])[];
  /** Instead of BASE. */
  readonly base?: readonly StoredObject[];
}

const CASES: Readonly<Record<LintCode, Case>> = {
  'behind-deny': {
    found: [db([{ ...DENY, ...FROM_WEB }, SQL])],
    not: [
      [db([SQL, { ...DENY, ...FROM_WEB }])],
      [db([{ ...DENY, source: { notSelector: "role == 'web'" } }, SQL])],
      [db([{ ...DENY, source: { notNets: ['10.0.0.1/32'] } }, SQL])],
      [db([{ ...DENY, protocol: 'TCP', destination: { notPorts: [3306] } }, SQL])],
    ],
  },
  shadowed: { found: [db([{ ...ALLOW, ...FROM_WEB }, { ...DENY, protocol: 'TCP', ...FROM_WEB }])], not: [[db([{ ...DENY, protocol: 'TCP', ...FROM_WEB }, { ...ALLOW, ...FROM_WEB }])], [db([{ ...ALLOW, notProtocol: 'TCP', ...FROM_WEB }, { ...DENY, protocol: 'TCP', ...FROM_WEB }])]] },
  'shadowed-in-part': {
    found: [db([{ ...DENY, protocol: 'TCP', destination: { ports: ['1:100'] } }, { ...ALLOW, protocol: 'TCP', destination: { ports: [80, 443] } }])],
    not: [[db([{ ...DENY, protocol: 'TCP', destination: { ports: ['1:100'] } }, { ...ALLOW, protocol: 'TCP', destination: { ports: [443] } }])], [db([{ ...DENY, protocol: 'TCP', ...FROM_WEB, destination: { ports: ['1:100'] } }, { ...ALLOW, protocol: 'TCP', destination: { ports: [80, 443] } }])]],
  },
  redundant: { found: [db([{ ...ALLOW, protocol: 'TCP' }, SQL])], not: [[db([{ ...ALLOW, protocol: 'TCP' }])], [db([{ ...ALLOW, protocol: 'TCP', destination: { notPorts: [3306] } }, SQL])]] },
  overlapping: { found: [db([{ ...DENY, ...FROM_WEB }, { ...ALLOW, protocol: 'TCP', destination: { ports: [80] } }])], not: [[db([{ ...DENY, protocol: 'TCP', ...FROM_WEB, destination: { ports: [80] } }, { ...ALLOW, protocol: 'TCP', destination: { ports: [80] } }])]] },
  'allow-all-early': { found: [db([ALLOW, SQL, { ...DENY, ...FROM_WEB }])], not: [[db([SQL, { ...DENY, ...FROM_WEB }, ALLOW])], [db([{ ...ALLOW, ipVersion: 4 }, { ...DENY, ipVersion: 6 }])]] },
  'behind-tier-end': {
    found: [tier('first', 10), policy('f', { tier: 'first', selector: "role == 'db'", ingress: [{ ...ALLOW, protocol: 'UDP' }] }), db([SQL])],
    not: [
      [tier('first', 10), policy('f', { tier: 'first', selector: "role == 'db'", ingress: [{ ...ALLOW, protocol: 'UDP' }, { action: 'Pass' }] }), db([SQL])],
      [tier('first', 10, 'Pass'), policy('f', { tier: 'first', selector: "role == 'db'", ingress: [{ ...ALLOW, protocol: 'UDP' }] }), db([SQL])],
    ],
  },
  'log-after-decision': { found: [db([SQL, { action: 'Log', protocol: 'TCP', ...FROM_WEB, destination: { ports: [3306] } }])], not: [[db([{ action: 'Log', protocol: 'TCP', ...FROM_WEB, destination: { ports: [3306] } }, SQL])]] },
  'never-matches': {
    found: [db([{ ...ALLOW, destination: { nets: ['10.9.0.0/16'] } }])],
    not: [
      [db([{ ...ALLOW, destination: { nets: ['10.0.0.0/16'] } }])],
      [db([{ ...ALLOW, source: { nets: ['224.0.0.0/4'] } }])],
      [db([{ ...ALLOW, source: { selector: "role == 'db'" } }])],
      [...TWO_HOSTS, hostPolicy({ ingress: [{ ...ALLOW, destination: { nets: ['172.17.0.1/32'] } }, ...LIVES] })],
    ],
  },
  'ignored-direction': { found: [db([SQL], { types: ['Egress'] })], not: [[db([SQL], { types: ['Egress', 'Ingress'] })]] },
  'empty-selector': { found: [db([{ ...ALLOW, source: { selector: "role == 'wbe'" } }])], not: [[db([{ ...ALLOW, ...FROM_WEB }])], [db([{ ...ALLOW, source: { selector: "role == 'far'" } }]), resource('GlobalNetworkSet', 'far', { nets: ['9.0.0.0/8'] }, { labels: { role: 'far' } })]] },
  'unknown-port-name': { found: [db([{ ...ALLOW, protocol: 'TCP', destination: { ports: ['http'] } }])], not: [[db([{ ...ALLOW, protocol: 'TCP', destination: { ports: ['sql'] } }])]] },
  'port-without-protocol': { found: [db([{ ...ALLOW, destination: { ports: [3306] } }])], not: [[db([SQL])], [db([{ ...ALLOW, destination: { ports: ['sql'] } }])]] },
  'one-family': {
    found: [db([{ ...ALLOW, source: { notNets: ['fd00::/8'] } }])],
    not: [[db([{ ...ALLOW, ipVersion: 6, source: { notNets: ['fd00::/8'] } }])], [db([{ ...ALLOW, source: { notNets: ['fd00::/8', '9.0.0.0/8'] } }])]],
  },
  'not-enforced': {
    found: [db([{ ...ALLOW, protocol: 'TCP', source: { ports: ['a', 'b'], nets: ['9.0.0.0/8', '8.0.0.0/8'] }, destination: { ports: ['sql', 'http'] } }])],
    not: [[db([{ ...ALLOW, protocol: 'TCP', source: { ports: ['a', 'b'], nets: ['9.0.0.0/8'] }, destination: { ports: ['sql', 'http'] } }])]],
  },
  'http-ignored': { found: [db([{ ...SQL, http: { methods: ['GET'] } }])], not: [[db([SQL])]] },
  'breaks-felix': { found: [db([{ ...SQL, notProtocol: 'UDP' }])], not: [[db([SQL])], [resource('FelixConfiguration', 'default', { iptablesFilterDenyAction: 'Drop' })]] },
  'selects-nothing': { found: [policy('p', { selector: "role == 'bd'", ingress: [SQL] })], not: [[db([SQL])]] },
  'log-only': { found: [db([{ action: 'Log' }])], not: [[db([{ action: 'Log' }, ALLOW])], [db([{ action: 'Log' }], { order: 1 }), db([ALLOW], { order: 2 }, 'q')]] },
  'deny-only': { found: [db([{ ...DENY, ...FROM_WEB }])], not: [[db([{ ...DENY, ...FROM_WEB }, { action: 'Pass' }])], [db([{ ...DENY, ...FROM_WEB }]), db([ALLOW], { order: 2 }, 'q')], [db([DENY])]] },
  'pass-in-last-tier': { found: [db([{ action: 'Pass' }])], not: [[tier('late', 2e6), db([{ action: 'Pass' }]), db([SQL], { tier: 'late' }, 'q')], [db([ALLOW])]] },
  'order-by-name': { found: [db([SQL], {}, 'a'), db([DENY], {}, 'b')], not: [[db([SQL], {}, 'a'), db([DENY], { order: 2 }, 'b')], [db([SQL], {}, 'a'), db([{ ...DENY, protocol: 'UDP' }], {}, 'b')], [db([SQL], {}, 'a'), db([ALLOW], {}, 'b')]] },
  'tier-order-by-name': {
    found: [tier('one', 10, 'Pass'), tier('two', 10, 'Pass'), db([SQL], { tier: 'one' }), db([DENY], { tier: 'two' }, 'q')],
    not: [[tier('one', 10, 'Pass'), tier('two', 11, 'Pass'), db([SQL], { tier: 'one' }), db([DENY], { tier: 'two' }, 'q')], [tier('one', 10, 'Pass'), tier('two', 10, 'Pass'), db([SQL], { tier: 'one' }), egress([DENY], { tier: 'two' }, 'q')]],
  },
  'unknown-tier': { found: [db([SQL], { tier: 'gone' })], not: [[db([SQL], { tier: 'gone' }), tier('gone', 5)], [db([SQL])]] },
  'missing-profile': { found: [workload('c', '10.0.0.3/32', { profiles: ['lost'] })], not: [[workload('c', '10.0.0.3/32', { profiles: ['open'] })], [workload('c', '10.0.0.3/32', { profiles: ['lost'] }), resource('Profile', 'lost', {})]] },
  'profile-ignored': { base: [TIER, OPEN, DB], found: [db([SQL, { ...DENY, protocol: 'UDP' }])], not: [[egress([ALLOW])], [db([SQL, { action: 'Pass' }])], []] },
  'unused-profile': { found: [resource('Profile', 'spare', { ingress: [ALLOW] })], not: [[resource('Profile', 'spare', { labelsToApply: { a: 'b' } })], [resource('Profile', 'kns.empty', { ingress: [ALLOW] })]] },
  'unknown-node': { found: [node('n2', '192.168.0.2')], not: [[node('n1', '192.168.0.1')], []] },
  'duplicate-address': { found: [workload('c', '10.0.0.2/32')], not: [[workload('c', '10.0.0.3/32')], [...NODES, host('h1', { expectedIPs: ['192.168.0.1'] }), host('h2', { expectedIPs: ['192.168.0.1'], interfaceName: 'eth1' })]] },
  'outside-pools': { found: [resource('IPPool', 'a', { cidr: '10.9.0.0/16' })], not: [[resource('IPPool', 'a', { cidr: '10.0.0.0/16' })], [resource('IPPool', 'six', { cidr: 'fd00::/64' })], []] },
  'no-interface': { found: [workload('c', '10.0.0.3/32', { interfaceName: '' })], not: [[workload('c', '10.0.0.3/32')]] },
  'shared-interface': { found: [workload('c', '10.0.0.3/32', { interfaceName: 'cali-web', node: 'n1' }), workload('d', '10.0.0.4/32', { interfaceName: 'cali-web', node: 'n1' })], not: [[workload('c', '10.0.0.3/32', { interfaceName: 'cali-web' }), workload('d', '10.0.0.4/32', { interfaceName: 'cali-web', node: 'n2' })]] },
  'governs-nothing': { found: [...NODES, host('h1'), host('h2')], not: [TWO_HOSTS] },
  'closes-calico-port': {
    found: [...TWO_HOSTS, NO_FAILSAFE, hostPolicy({ ingress: [DENY], egress: [DENY] })],
    not: [
      [...TWO_HOSTS, hostPolicy({ ingress: [DENY], egress: [DENY] })],
      [...TWO_HOSTS, NO_FAILSAFE, hostPolicy({ ingress: LIVES, egress: LIVES })],
      [...TWO_HOSTS, NO_FAILSAFE, hostPolicy({ ingress: [{ ...ALLOW, source: { nets: ['192.168.0.0/24'] } }], egress: [{ ...ALLOW, destination: { nets: ['192.168.0.0/24'] } }] })],
    ],
  },
  'closes-typha': {
    found: [...TWO_HOSTS, resource('FelixConfiguration', 'default', { failsafeOutboundHostPorts: [{ protocol: 'TCP', port: 2379 }] }), hostPolicy({ ingress: [DENY], egress: [DENY] })],
    not: [[...TWO_HOSTS, resource('FelixConfiguration', 'default', { failsafeOutboundHostPorts: [{ protocol: 'TCP', port: 2379 }, { protocol: 'TCP', port: 5473 }] }), hostPolicy({ ingress: [DENY], egress: [DENY] })]],
  },
  'cuts-neighbour-discovery': {
    found: [...NODES, host('h1', { expectedIPs: ['fd00::1'] }), hostPolicy({ ingress: LIVES, egress: [ALLOW] })],
    not: [
      [...NODES, host('h1', { expectedIPs: ['192.168.0.1'] }), hostPolicy({ ingress: LIVES, egress: [ALLOW] })],
      [...NODES, host('h1', { expectedIPs: ['fd00::1'] }), hostPolicy({ ingress: [...LIVES, ...[135, 136].map((type) => ({ ...ALLOW, protocol: 'ICMPv6', icmp: { type } }))], egress: [ALLOW] })],
    ],
  },
  'unknown-suppression': {
    found: [policy('p', { selector: "role == 'db'", ingress: [ALLOW] }, { annotations: { 'calicoctl.projectcalico.org/lint-ignore': 'redundnat' } })],
    not: [[policy('p', { selector: "role == 'db'", ingress: [ALLOW] }, { annotations: { 'calicoctl.projectcalico.org/lint-ignore': 'redundant, all' } })]],
  },
};

const codesIn = (resources: readonly StoredObject[]): readonly string[] => lint(compile(resources), resources).findings.map(({ code }) => code);

describe('what lint finds, and what it does not', () => {
  for (const code of Object.keys(LINT_CODES) as LintCode[]) {
    const { found, not, base = BASE } = CASES[code];
    const known = (own: readonly StoredObject[]): readonly StoredObject[] => [...without(base, ...own.filter(({ kind }) => kind === 'Tier').map(({ metadata }) => metadata.name)), ...own];
    it(code, () => {
      expect(codesIn(known(found))).to.include(code);
      for (const near of not) expect(codesIn(known(near)), JSON.stringify(near)).to.not.include(code);
    });
  }

  it('a rule behind a deny also where nobody asks it: in a profile that policies hide, in a policy that selects nobody, without endpoints', () => {
    const rules = [DENY, { ...ALLOW, protocol: 'TCP', source: { selector: "role == 'db'" }, destination: { ports: [3306] } }];
    const hidden = resource('Profile', 'hidden', { ingress: rules });
    const known = [TIER, OPEN, DB, workload('c', '10.0.0.3/32', { profiles: ['hidden'] }), hidden];
    expect(codesIn([...known, policy('all', { order: 1, ingress: [ALLOW] })])).to.deep.equal(['behind-deny', 'profile-ignored', 'profile-ignored']);
    expect(codesIn([TIER, OPEN, DB, policy('none', { selector: "role == 'x'", ingress: rules })])).to.deep.equal(['behind-deny', 'selects-nothing']);
    expect(codesIn([TIER, policy('none', { ingress: rules })]), 'a selector that matches nobody is no rule behind a deny').to.deep.equal([]);
    expect(codesIn([TIER, policy('none', { ingress: [DENY, { ...ALLOW, source: { nets: ['10.0.0.0/8'] } }] })])).to.deep.equal(['behind-deny']);
  });

  it('nothing in a network without faults', () => {
    expect(codesIn([...BASE, db([SQL, { action: 'Pass' }]), tier('late', 2e6), db([ALLOW], { tier: 'late' }, 'q')])).to.deep.equal([]);
  });
});
