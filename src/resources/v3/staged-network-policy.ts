import type { StoredKind } from '../kind.js';
import { policyColumns, policyReferences } from './policy.js';
import { legacyPolicyNames, policyNameProblem } from './policy-names.js';
import { POLICY_LABELS, policyStorage } from './policy-storage.js';
import { checkStagedPolicy, fillInStagedPolicy, stagedPolicySpec, type StagedPolicySpec } from './staged-policy.js';

/** StagedNetworkPolicy: a NetworkPolicy that is reported on and not enforced yet (reference/storage 3.6). */
export const stagedNetworkPolicy: StoredKind<StagedPolicySpec> = {
  dialect: 'v3',
  kind: 'StagedNetworkPolicy',
  plural: 'stagednetworkpolicies',
  namespaced: true,
  words: ['stagednetworkpolicy', 'stagednetworkpolicies', 'stagedpolicy', 'stagedpolicies', 'snp', 'spol', 'spols'],
  spec: stagedPolicySpec('StagedNetworkPolicy', 'namespaced'),
  nameProblem: policyNameProblem,
  legacyNames: legacyPolicyNames,
  applyDefaults: (object) => fillInStagedPolicy(stagedNetworkPolicy, object),
  check: (object, problems) => checkStagedPolicy(object, problems, 'namespaced'),
  storage: policyStorage,
  fieldLabels: POLICY_LABELS,
  references: policyReferences,
  columns: policyColumns,
};
