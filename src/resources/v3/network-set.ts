import type { StoredKind } from '../kind.js';
import { subdomainProblem } from './names.js';
import { checkNetworkSet, networkSetColumns, networkSetSpec, type NetworkSetSpec } from './network-set-spec.js';

/** NetworkSet: addresses with labels, for the policies of a namespace (reference/storage 3.11). */
export const networkSet: StoredKind<NetworkSetSpec> = {
  dialect: 'v3',
  kind: 'NetworkSet',
  plural: 'networksets',
  namespaced: true,
  words: ['networkset', 'networksets', 'netsets'],
  spec: networkSetSpec('NetworkSet'),
  nameProblem: subdomainProblem,
  check: checkNetworkSet,
  columns: networkSetColumns,
};
