import { objectOf } from '../fields/object.js';
import type { StoredKind } from '../kind.js';
import { fillInPolicy, policyColumns, policyFields, policyReferences, type PolicySpec } from './policy.js';
import { checkPolicy } from './policy-check.js';
import { isKubernetesPolicyName, legacyPolicyNames, policyNameProblem } from './policy-names.js';
import { POLICY_LABELS, policyStorage } from './policy-storage.js';

/** NetworkPolicy: rules for the endpoints of a namespace (reference/storage 3.6). */
export const networkPolicy: StoredKind<PolicySpec> = {
  dialect: 'v3',
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  namespaced: true,
  words: ['networkpolicy', 'networkpolicies', 'policy', 'policies', 'pol', 'pols', 'np'],
  spec: objectOf('the spec of a NetworkPolicy', policyFields('namespaced')),
  nameProblem: policyNameProblem,
  legacyNames: legacyPolicyNames,
  applyDefaults: (object) => fillInPolicy(networkPolicy, object),
  check: (object, problems) => checkPolicy(object, problems, 'namespaced'),
  storage: policyStorage,
  fieldLabels: POLICY_LABELS,
  references: policyReferences,
  columns: policyColumns,
  readOnly: ({ metadata }) => (isKubernetesPolicyName(metadata.name) ? `${metadata.name} comes from Kubernetes: change the policy there` : undefined),
};
