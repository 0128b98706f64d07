import { objectOf } from '../fields/object.js';
import type { StoredKind } from '../kind.js';
import { fillInPolicy, GLOBAL_POLICY_SCHEMA, policyColumns, policyFields, policyReferences, type PolicySpec } from './policy.js';
import { checkPolicy } from './policy-check.js';
import { globalPolicyNameProblem, legacyPolicyNames } from './policy-names.js';
import { POLICY_LABELS, policyStorage } from './policy-storage.js';

/** GlobalNetworkPolicy: rules for endpoints anywhere in the network (reference/storage 3.5). */
export const globalNetworkPolicy: StoredKind<PolicySpec> = {
  dialect: 'v3',
  kind: 'GlobalNetworkPolicy',
  plural: 'globalnetworkpolicies',
  namespaced: false,
  words: ['globalnetworkpolicy', 'globalnetworkpolicies', 'gnp', 'gnps'],
  spec: objectOf('the spec of a GlobalNetworkPolicy', policyFields('global'), { json: GLOBAL_POLICY_SCHEMA }),
  nameProblem: globalPolicyNameProblem,
  legacyNames: legacyPolicyNames,
  applyDefaults: (object) => fillInPolicy(globalNetworkPolicy, object),
  check: (object, problems) => checkPolicy(object, problems, 'global'),
  storage: policyStorage,
  fieldLabels: POLICY_LABELS,
  references: policyReferences,
  columns: policyColumns,
};
