import { NAMESPACE_LABEL } from '../field-labels.js';
import { listOf } from '../fields/collections.js';
import { field, type Of } from '../fields/field.js';
import { objectOf } from '../fields/object.js';
import type { Columns, ReadObject, StoredObject } from '../kind.js';
import type { Problems } from '../problem.js';
import { listColumn, nameColumn } from './columns.js';
import { cidrOrAddressText } from './networks.js';

/** The spec of network sets, global or of a namespace (reference/storage 3.11). */
export function networkSetSpec(kind: string) {
  return objectOf(`the spec of a ${kind}`, [field('nets', listOf(cidrOrAddressText), { mistakenFor: ['cidrs', 'networks'] })]);
}

/** The spec of a network set. */
export type NetworkSetSpec = Of<ReturnType<typeof networkSetSpec>>;

/** Calico itself uses one label to tell namespaces (reference/storage 1.4). */
export function checkNetworkSet(object: ReadObject<NetworkSetSpec>, problems: Problems): void {
  if (object.metadata.labels?.[NAMESPACE_LABEL] !== undefined) {
    problems.add('rule', ['metadata', 'labels', NAMESPACE_LABEL], `the label ${NAMESPACE_LABEL} is reserved for Calico`, { onKey: true });
  }
}

export const networkSetColumns: Columns<StoredObject<NetworkSetSpec>> = {
  ps: [nameColumn],
  wide: [nameColumn, listColumn('NETS', 'nets')],
};
