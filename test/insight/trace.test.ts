import { expect } from 'chai';
import { describe, it } from 'mocha';
import { trace, type Trace } from '../../src/insight/trace.js';
import type { WantedEnd } from '../../src/insight/wanted-end.js';
import { compile } from '../../src/policy/compile.js';
import type { StoredObject } from '../../src/resources/kind.js';
import { parseIp } from '../../src/net/address.js';
import { OPEN, policy, resource, TIER, workload } from '../support/policy/resources.js';

function asked(resources: readonly StoredObject[], from: string, to: string, options: { port?: number; protocol?: string } = {}): Trace {
  const all = [TIER, OPEN, ...resources];
  const wanted = (word: string): WantedEnd => {
    const ip = parseIp(word);
    return ip === undefined ? (word === 'internet' ? { word, by: 'internet' } : { word, by: 'name' }) : { word, by: 'address', ip };
  };
  return trace(compile(all), all, { from: wanted(from), to: wanted(to), ...options }, 'v3');
}

const told = ({ verdict, steps, traps }: Trace): readonly string[] => [
  `${verdict.verdict} ${verdict.by}`,
  ...steps.flatMap(({ differences }) => differences.map((each) => `${each.code}${'rule' in each ? ` ${each.rule.id}` : ''}`)),
  ...traps.map(({ code }) => code),
];

const WEB = workload('web', '10.0.0.1/32', { profiles: ['open'] });
const DB = workload('db', '10.0.0.2/32', { profiles: ['open'] });
const FROM_WEB = { source: { selector: "role == 'web'" } };

describe('what is told of a flow', () => {
  const CASES: readonly (readonly [name: string, resources: readonly StoredObject[], wanted: readonly string[]])[] = [
    ['a rule behind a deny', [policy('p', { selector: "role == 'db'", ingress: [{ action: 'Deny' }, { action: 'Allow', ...FROM_WEB }] })],
      ['deny gnp:p/ingress/0', 'without-rule gnp:p/ingress/0', 'behind-deny', 'profile-ignored']],
    ['a deny with nothing behind it', [policy('p', { selector: "role == 'db'", ingress: [{ action: 'Deny' }] })],
      ['deny gnp:p/ingress/0', 'without-rule gnp:p/ingress/0', 'profile-ignored']],
    ['the rule that is nearest, not one of another protocol', [policy('p', { selector: "role == 'db'", ingress: [{ action: 'Allow', protocol: 'UDP', destination: { ports: [53] } }, { action: 'Allow', protocol: 'TCP', destination: { ports: [3306] } }] })],
      ['deny tier-default:default', 'nearly gnp:p/ingress/1', 'profile-ignored']],
    ['a selector that matches nothing', [policy('p', { selector: "role == 'db'", ingress: [{ action: 'Allow', source: { selector: "role == 'wbe'" } }] })],
      ['deny tier-default:default', 'nearly gnp:p/ingress/0', 'profile-ignored', 'empty-selector']],
    ['a policy that only logs', [policy('p', { selector: "role == 'db'", ingress: [{ action: 'Log' }] })],
      ['deny tier-default:default', 'nothing-allows', 'log-only', 'profile-ignored']],
    ['a policy that allows what the profile would not', [resource('Profile', 'open', { egress: [{ action: 'Allow' }], ingress: [{ action: 'Deny' }] }), policy('p', { selector: "role == 'db'", ingress: [{ action: 'Allow' }] })],
      ['allow gnp:p/ingress/0', 'profile-ignored']],
    ['lists that Calico does not enforce', [policy('p', { selector: "role == 'db'", ingress: [{ action: 'Allow', protocol: 'TCP', source: { ports: ['1:2', 40_000, 'a'], nets: ['9.0.0.0/8', '8.0.0.0/8'] }, destination: { ports: [80, 'http'] } }] })],
      ['allow gnp:p/ingress/0', 'not-enforced']],
    ['HTTP', [policy('p', { selector: "role == 'db'", ingress: [{ action: 'Allow', http: { methods: ['GET'] } }] })],
      ['allow gnp:p/ingress/0', 'http-ignored']],
  ];
  for (const [name, resources, wanted] of CASES) it(name, () => expect(told(asked([WEB, DB, ...resources], 'web', 'db', { port: 80 }))).to.deep.equal(wanted));

  it('no port', () => {
    const rules = policy('p', { selector: "role == 'db'", ingress: [{ action: 'Allow', protocol: 'TCP', destination: { ports: [3306] } }] });
    expect(told(asked([WEB, DB, rules], 'web', 'db'))).to.include('no-port');
    expect(told(asked([WEB, DB, rules], 'web', 'db', { port: 80 }))).to.not.include('no-port');
  });

  it('endpoints of no interface, of one interface, and without addresses', () => {
    expect(told(asked([workload('bare', '10.0.0.3/32', { interfaceName: '', profiles: ['open'] }), DB], 'bare', 'db'))).to.include('no-interface');
    expect(told(asked([WEB, workload('zweb', '10.0.0.4/32', { interfaceName: 'caliweb' })], 'zweb', 'web'))).to.include('shared-interface');
    expect(() => asked([workload('none', undefined), DB], 'none', 'db')).to.throw(/has no ipNetworks/);
  });

  it('a profile that nobody stored, and one that is not asked', () => {
    expect(told(asked([WEB, workload('lost', '10.0.0.3/32', { profiles: ['lost'] })], 'web', 'lost'))).to.include('missing-profile');
    expect(told(asked([WEB, DB], 'web', 'db'))).to.deep.equal(['allow profile:open/ingress/0']);
  });

  it('NAT outgoing, unless the other end is in a pool too', () => {
    const far = resource('Node', 'n2', { bgp: { ipv4Address: '192.168.0.2/24' } });
    const pool = (cidr: string, natOutgoing: boolean): StoredObject => resource('IPPool', cidr.replaceAll(/[./]/g, '-'), { cidr, natOutgoing });
    expect(told(asked([WEB, far, pool('10.0.0.0/24', true)], 'web', '192.168.0.2'))).to.include('nat-outgoing');
    expect(told(asked([WEB, far, pool('10.0.0.0/24', false)], 'web', '192.168.0.2'))).to.not.include('nat-outgoing');
    expect(told(asked([WEB, far, pool('10.0.0.0/24', true), pool('192.168.0.0/24', false)], 'web', '192.168.0.2'))).to.not.include('nat-outgoing');
  });

  it('an address for the internet that no set and no rule has', () => {
    const set = resource('GlobalNetworkSet', 'docs', { nets: ['203.0.113.0/24'] });
    const rule = policy('p', { selector: "role == 'db'", ingress: [{ action: 'Allow', source: { nets: ['198.51.100.0/24'] } }, { action: 'Allow', source: { nets: ['0.0.0.0/0'] }, protocol: 'UDP' }] });
    expect(asked([WEB, DB], 'internet', 'db').flow.src).to.equal('203.0.113.1');
    expect(asked([WEB, DB, set, rule], 'internet', 'db').flow.src).to.equal('192.0.2.1');
  });

  it('networks of a set that fare otherwise', () => {
    const set = resource('GlobalNetworkSet', 'some', { nets: ['192.0.2.0/24', '198.51.100.0/24'] }, { labels: { set: 'some' } });
    const rule = policy('p', { selector: "role == 'db'", ingress: [{ action: 'Deny', source: { nets: ['198.51.100.0/25'] } }, { action: 'Allow', source: { selector: "set == 'some'" } }] });
    expect(asked([DB, set, rule], 'some', 'db').otherwise).to.deep.equal(['198.51.100.0']);
  });
});
