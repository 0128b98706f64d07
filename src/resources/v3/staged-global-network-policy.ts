import type { StoredKind } from '../kind.js';
import { policyColumns, policyReferences } from './policy.js';
import { globalPolicyNameProblem, legacyPolicyNames } from './policy-names.js';
import { POLICY_LABELS, policyStorage } from './policy-storage.js';
import { checkStagedPolicy, fillInStagedPolicy, stagedPolicySpec, type StagedPolicySpec } from './staged-policy.js';

/** StagedGlobalNetworkPolicy: a GlobalNetworkPolicy that is reported on and not enforced yet (reference/storage 3.6). */
export const stagedGlobalNetworkPolicy: StoredKind<StagedPolicySpec> = {
  dialect: 'v3',
  kind: 'StagedGlobalNetworkPolicy',
  plural: 'stagedglobalnetworkpolicies',
  namespaced: false,
  words: ['stagedglobalnetworkpolicy', 'stagedglobalnetworkpolicies', 'sgnp', 'sgnps'],
  spec: stagedPolicySpec('StagedGlobalNetworkPolicy', 'global'),
  nameProblem: globalPolicyNameProblem,
  legacyNames: legacyPolicyNames,
  applyDefaults: (object) => fillInStagedPolicy(stagedGlobalNetworkPolicy, object),
  check: (object, problems) => checkStagedPolicy(object, problems, 'global'),
  storage: policyStorage,
  fieldLabels: POLICY_LABELS,
  references: policyReferences,
  columns: policyColumns,
};
