import { listOf } from '../fields/collections.js';
import { describe, field, type Of } from '../fields/field.js';
import { objectOf } from '../fields/object.js';
import { text } from '../fields/scalars.js';
import type { ReadObject, StoredKind } from '../kind.js';
import type { Problems } from '../problem.js';
import { nameColumn } from './columns.js';
import { kubernetesRules } from './kubernetes-rule.js';
import { kubernetesSelector, kubernetesSelectorText } from './kubernetes-selector.js';
import { subdomainProblem } from './names.js';
import { checkDeletion, DEFAULT_STAGED_ACTION, isDeletion, stagedAction } from './staged-policy.js';

const POLICY_TYPES: readonly string[] = ['Ingress', 'Egress'];

const spec = objectOf('the spec of a StagedKubernetesNetworkPolicy', [
  stagedAction,
  field('podSelector', kubernetesSelector, { write: 'always', mistakenFor: ['selector'] }),
  kubernetesRules('ingress'),
  kubernetesRules('egress'),
  field('policyTypes', listOf(text(), { name: 'a list of policy types' }), { mistakenFor: ['types'] }),
]);

/** The spec of a StagedKubernetesNetworkPolicy (reference/storage 3.6). */
export type StagedKubernetesPolicySpec = Of<typeof spec>;

function check(object: ReadObject<StagedKubernetesPolicySpec>, problems: Problems): void {
  const { podSelector = {}, policyTypes = [] } = object.spec;
  if (isDeletion(object)) checkDeletion(object, problems, Object.keys(podSelector).length === 0 ? ['podSelector'] : []);
  for (const [index, type] of policyTypes.entries()) {
    if (!POLICY_TYPES.includes(type)) problems.warn('ignored', ['spec', 'policyTypes', index], `Calico ignores ${describe(type)}: the types are Ingress and Egress`);
  }
}

/** StagedKubernetesNetworkPolicy: a policy of Kubernetes that is reported on and not enforced yet (reference/storage 3.6). */
export const stagedKubernetesNetworkPolicy: StoredKind<StagedKubernetesPolicySpec> = {
  dialect: 'v3',
  kind: 'StagedKubernetesNetworkPolicy',
  plural: 'stagedkubernetesnetworkpolicies',
  namespaced: true,
  words: ['stagedkubernetesnetworkpolicy', 'stagedkubernetesnetworkpolicies', 'stagedkubernetespolicy', 'stagedkubernetespolicies', 'sknp', 'skpol', 'skpols'],
  spec,
  nameProblem: subdomainProblem,
  applyDefaults(object) {
    object.spec = { stagedAction: DEFAULT_STAGED_ACTION, ...object.spec };
  },
  check,
  columns: {
    ps: [nameColumn],
    wide: [nameColumn, { heading: 'PODSELECTOR', cell: (object) => kubernetesSelectorText(object.spec.podSelector) }],
  },
};
