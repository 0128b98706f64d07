import { expect } from 'chai';
import { describe, it } from 'mocha';
import { selectionOf } from '../../src/policy/selection.js';
import type { StoredObject } from '../../src/resources/kind.js';

const IN_SHOP = { role: 'web', 'projectcalico.org/namespace': 'shop', 'pcns.team': 'blue', 'projectcalico.org/serviceaccount': 'till', 'pcsa.level': '3' };
const OF_HOST = { role: 'web' };

function policy(spec: Record<string, unknown>, namespace?: string): StoredObject {
  return { kind: 'GlobalNetworkPolicy', apiVersion: 'projectcalico.org/v3', metadata: { name: 'p', ...(namespace === undefined ? {} : { namespace }) }, spec };
}

describe('what a policy selects', () => {
  const cases: readonly (readonly [what: string, object: StoredObject, inShop: boolean, ofHost: boolean])[] = [
    ['everything without a selector', policy({}), true, true],
    ['by labels', policy({ selector: "role == 'db'" }), false, false],
    ['only in its namespace', policy({ selector: "role == 'web'" }, 'shop'), true, false],
    ['not in another namespace', policy({}, 'yard'), false, false],
    ['by labels of the namespace', policy({ namespaceSelector: "team == 'blue'" }), true, false],
    ['any namespace by all()', policy({ namespaceSelector: 'all()' }), true, false],
    ['no namespace by global()', policy({ namespaceSelector: 'global()' }), false, true],
    ['what its namespace does not have', policy({ namespaceSelector: '!has(team)' }), false, true],
    ['by labels of the account', policy({ serviceAccountSelector: "level == '3'" }), true, false],
    ['any account by all()', policy({ serviceAccountSelector: 'all()' }), true, false],
    ['nothing by a selector that cannot be read', policy({ selector: 'role ==' }), false, false],
  ];
  for (const [what, object, inShop, ofHost] of cases) {
    it(what, () => expect([selectionOf(object).selects(IN_SHOP), selectionOf(object).selects(OF_HOST)]).to.deep.equal([inShop, ofHost]));
  }

  const pod = { ...IN_SHOP, 'projectcalico.org/orchestrator': 'k8s' };
  const ofKubernetes = (podSelector: object, namespace = 'shop'): StoredObject => ({ ...policy({ podSelector }, namespace), kind: 'StagedKubernetesNetworkPolicy' });
  const pods: readonly (readonly [what: string, object: StoredObject, selects: boolean])[] = [
    ['all pods of its namespace', ofKubernetes({}), true],
    ['none of another', ofKubernetes({}, 'yard'), false],
    ['by labels', ofKubernetes({ matchLabels: { role: 'db' } }), false],
    ['by every requirement', ofKubernetes({ matchLabels: { role: 'web' }, matchExpressions: [{ key: 'role', operator: 'In', values: ['x', 'web'] }, { key: 'old', operator: 'DoesNotExist' }] }), true],
    ['not where one is not met', ofKubernetes({ matchExpressions: [{ key: 'role', operator: 'Exists' }, { key: 'role', operator: 'NotIn', values: ['web'] }] }), false],
  ];
  for (const [what, object, selects] of pods) it(`of Kubernetes: ${what}`, () => expect([selectionOf(object).selects(pod), selectionOf(object).selects(IN_SHOP)]).to.deep.equal([selects, false]));

  it('and what its rules match', () => {
    const { rulesMatch } = selectionOf(policy({ ingress: [{ action: 'Allow', source: { selector: "role == 'web'" } }, { action: 'Deny' }], egress: [{ action: 'Allow', destination: { selector: "set == 'dns'" } }] }));
    expect([rulesMatch({ role: 'web' }), rulesMatch({ set: 'dns' }), rulesMatch({ role: 'db' })]).to.deep.equal([true, true, false]);
  });
});
