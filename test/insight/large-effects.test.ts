import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Directory } from '../../src/insight/directory.js';
import { largeEffects } from '../../src/insight/large-effects.js';
import { compileAll } from '../../src/policy/compile.js';
import type { StoredObject } from '../../src/resources/kind.js';

function resource(kind: string, name: string, spec: object, metadata: object = {}): StoredObject {
  return { kind, apiVersion: 'projectcalico.org/v3', metadata: { name, ...metadata }, spec: { ...spec } };
}

const NETWORK = [
  resource('Profile', 'open', { ingress: [{ action: 'Allow' }], egress: [{ action: 'Allow' }] }),
  ...['web', 'web', 'db', 'db'].map((app, at) => resource('WorkloadEndpoint', `w${at}`, { orchestrator: 'k8s', node: 'n1', pod: `pod-${at}`, endpoint: 'eth0', interfaceName: `cali${at}`, ipNetworks: [`10.65.0.${at}/32`], profiles: ['open'] }, { namespace: 'shop', labels: { app, 'projectcalico.org/namespace': 'shop' } })),
];

function effects(policies: readonly StoredObject[], milliseconds = 60_000, now?: () => number): ReturnType<typeof largeEffects> {
  const [before, after] = compileAll([NETWORK, [...NETWORK, ...policies]]);
  return largeEffects(before!, after!, new Directory([...NETWORK, ...policies], 'v3'), { milliseconds, ...(now && { now }) });
}

const policy = (spec: object): StoredObject => resource('GlobalNetworkPolicy', 'default.p', spec);

describe('large effects of a change', () => {
  it('names the group that nobody reaches any more', () => {
    const { cutOff, isComplete } = effects([policy({ selector: "app == 'db'", types: ['Ingress'] })]);
    expect(cutOff.map(({ name, direction }) => [name, direction])).to.deep.equal([['app=db', 'ingress']]);
    expect(isComplete).to.equal(true);
  });

  it('names nobody where one sender is left', () => {
    const { cutOff, changedShare } = effects([policy({ selector: "app == 'db'", types: ['Ingress'], ingress: [{ action: 'Allow', protocol: 'TCP', source: { nets: ['192.0.2.1/32'] }, destination: { ports: [5432] } }] })]);
    expect(cutOff).to.deep.equal([]);
    expect(changedShare).to.be.greaterThan(0.2).and.to.be.lessThan(0.5);
  });

  it('has the share of pairs between which something changes: all, and none', () => {
    expect(effects([policy({ selector: 'all()' })]).changedShare).to.be.greaterThan(0.5);
    expect(effects([policy({ selector: 'all()', ingress: [{ action: 'Allow' }], egress: [{ action: 'Allow' }] })])).to.deep.equal({ changedShare: 0, cutOff: [], isComplete: true });
  });

  it('gives up where there is no time, and says so', () => {
    let time = 0;
    expect(effects([policy({ selector: 'all()' })], 3, () => time++)).to.deep.equal({ changedShare: undefined, cutOff: [], isComplete: false });
  });
});
