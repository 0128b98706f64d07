import type { StoredKind } from '../kind.js';
import { subdomainProblem } from './names.js';
import { checkNetworkSet, networkSetColumns, networkSetSpec, type NetworkSetSpec } from './network-set-spec.js';

/** GlobalNetworkSet: addresses with labels, for any policy (reference/storage 3.11). */
export const globalNetworkSet: StoredKind<NetworkSetSpec> = {
  dialect: 'v3',
  kind: 'GlobalNetworkSet',
  plural: 'globalnetworksets',
  namespaced: false,
  words: ['globalnetworkset', 'globalnetworksets', 'gnetsets'],
  spec: networkSetSpec('GlobalNetworkSet'),
  nameProblem: subdomainProblem,
  check: checkNetworkSet,
  columns: networkSetColumns,
};
