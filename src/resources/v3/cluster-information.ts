import { field } from '../fields/field.js';
import { objectOf } from '../fields/object.js';
import { bool, text } from '../fields/scalars.js';
import type { StoredKind } from '../kind.js';
import { nameColumn, specColumn } from './columns.js';
import { singletonProblem } from './names.js';

const columns = [
  nameColumn,
  specColumn('CLUSTERGUID', 'clusterGUID'),
  specColumn('CLUSTERTYPE', 'clusterType'),
  specColumn('CALICOVERSION', 'calicoVersion'),
  specColumn('DATASTOREREADY', 'datastoreReady'),
];

/** ClusterInformation: what Calico itself notes about the cluster (reference/storage 2.6, 3.11). */
export const clusterInformation: StoredKind = {
  dialect: 'v3',
  kind: 'ClusterInformation',
  plural: 'clusterinformations',
  namespaced: false,
  words: ['clusterinformation', 'clusterinformations', 'clusterinfo', 'clusterinfos'],
  spec: objectOf('the spec of a ClusterInformation', [
    field('clusterGUID', text()),
    field('clusterType', text()),
    field('calicoVersion', text()),
    field('datastoreReady', bool, { write: 'given' }),
    field('variant', text()),
  ]),
  nameProblem: singletonProblem,
  columns: { ps: columns, wide: columns },
  readOnly: () => 'ClusterInformation is read-only: Calico keeps it itself',
};
