import { expect } from 'chai';
import { describe, it } from 'mocha';
import { objectsOf, policiesOf } from '../../src/insight/applies.js';
import { evaluated } from '../../src/insight/evaluated.js';
import { labelOrigins } from '../../src/insight/labels.js';
import { compile } from '../../src/policy/compile.js';
import { effectiveLabels, ProfileLabels } from '../../src/policy/effective-labels.js';
import type { StoredObject } from '../../src/resources/kind.js';

const resource = (kind: string, name: string, spec: object, metadata: object = {}): StoredObject => ({ kind, apiVersion: 'projectcalico.org/v3', metadata: { name, ...metadata }, spec: { ...spec } });
const workload = (name: string, address: string, labels: object, spec: object = {}): StoredObject =>
  resource('WorkloadEndpoint', name, { orchestrator: 'k8s', node: 'n1', pod: name, endpoint: 'eth0', interfaceName: `cali${name}`, ipNetworks: [address], ...spec }, { namespace: 'shop', labels });
const rules = (name: string, selector: string, ingress: readonly object[]): StoredObject => resource('GlobalNetworkPolicy', name, { tier: 'default', types: ['Ingress'], selector, ingress });

describe('what mentions endpoints', () => {
  it('rules of other policies that mean it, by selector or network, and not those for everybody', () => {
    const resources = [
      workload('web', '10.0.0.1/32', { role: 'web' }), workload('db', '10.0.0.2/32', { role: 'db' }),
      rules('p', "role == 'db'", [
        { action: 'Allow', source: { selector: "role == 'web'" } }, { action: 'Allow', source: { nets: ['10.0.0.0/30'] } }, { action: 'Allow' },
        { action: 'Allow', source: { notSelector: "role == 'x'" } }, { action: 'Allow', source: { selector: "role == 'web'", notNets: ['10.0.0.1/32'] } },
      ]),
      rules('own', "role == 'web'", [{ action: 'Allow', source: { selector: 'all()' } }]),
    ];
    const model = compile(resources);
    const web = model.endpoint('wep:shop/web')!;
    expect(policiesOf(model, web).mentions.map(({ rule, sides }) => `${rule.id} ${sides.join()}`)).to.deep.equal(['gnp:p/ingress/0 source', 'gnp:p/ingress/1 source']);
    const { selects, rules: found } = objectsOf(model, model.parts.policies.policies.find(({ name }) => name === 'p')!);
    expect(selects.map(({ id }) => id)).to.deep.equal(['wep:shop/db']);
    expect(found.map(({ source }) => source?.map(({ id }) => id))).to.deep.equal([['wep:shop/web'], ['wep:shop/web', 'wep:shop/db'], undefined, ['wep:shop/web', 'wep:shop/db'], []]);
  });
});

describe('labels that selectors see', () => {
  const profiles = [resource('Profile', 'p1', { labelsToApply: { role: 'p1', zone: 'z', 'pcns.team': 'red' } }), resource('Profile', 'p2', { labelsToApply: { zone: 'other', more: 'm' } })];
  const endpoint = workload('web', '10.0.0.1/32', { role: 'web', 'pcns.team': 'blue' }, { profiles: ['p1', 'none', 'p2'], serviceAccountName: 'robot' });

  it('come from the object, its fields, and the first profile that has them', () => {
    const known = new ProfileLabels(profiles);
    const origins = labelOrigins(endpoint, effectiveLabels(endpoint, known), known).map(({ key, value, from }) => `${key}=${value} ${from.kind}${'name' in from ? ` ${from.name}` : ''}`);
    expect(origins).to.deep.equal(['more=m profile p2', 'pcns.team=red profile p1', 'projectcalico.org/serviceaccount=robot field', 'role=web own', 'zone=z profile p1']);
  });

  it('make a selector match, which says which of them did', () => {
    const { matched, of } = evaluated("role == 'db' || (zone == 'z' && !has(gone))", [...profiles, endpoint, workload('db', '10.0.0.2/32', { role: 'db' }), workload('x', '10.0.0.3/32', {})]);
    expect(of).to.equal(3);
    expect(matched.map(({ id, because }) => `${id} ${because.map(({ key }) => key).join()}`)).to.deep.equal(['wep:shop/web zone', 'wep:shop/db role']);
  });
});
