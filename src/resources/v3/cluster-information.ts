import { field, type Of } from '../fields/field.js';
import { objectOf } from '../fields/object.js';
import { bool, text } from '../fields/scalars.js';
import type { StoredKind } from '../kind.js';
import { nameColumn, specColumn } from './columns.js';
import { singletonProblem } from './names.js';
import { STORED_AS } from './stored-as.js';

const spec = objectOf('the spec of a ClusterInformation', [
  field('clusterGUID', text()),
  field('clusterType', text()),
  field('calicoVersion', text()),
  field('datastoreReady', bool, { write: 'given' }),
  field('variant', text()),
]);

/** The spec of the ClusterInformation (reference/storage 2.6). */
export type ClusterInformationSpec = Of<typeof spec>;

const columns = [
  nameColumn,
  specColumn<ClusterInformationSpec>('CLUSTERGUID', 'clusterGUID'),
  specColumn<ClusterInformationSpec>('CLUSTERTYPE', 'clusterType'),
  specColumn<ClusterInformationSpec>('CALICOVERSION', 'calicoVersion'),
  specColumn<ClusterInformationSpec>('DATASTOREREADY', 'datastoreReady'),
];

/** ClusterInformation: what Calico itself notes about the cluster (reference/storage 2.6, 3.11). */
export const clusterInformation: StoredKind<ClusterInformationSpec> = {
  dialect: 'v3',
  ...STORED_AS.ClusterInformation,
  words: ['clusterinformation', 'clusterinformations', 'clusterinfo', 'clusterinfos'],
  spec,
  nameProblem: singletonProblem,
  columns: { ps: columns, wide: columns },
  readOnly: () => 'ClusterInformation is read-only: Calico keeps it itself',
};
