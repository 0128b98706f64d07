import type { HelpOf, KindHelp } from '../field-help.js';
import type { ClusterInformationSpec } from './cluster-information.js';
import { metadataHelp } from './metadata.help.js';

const spec: HelpOf<ClusterInformationSpec> = {
  clusterGUID: ['An identifier of the cluster, made up when its datastore was first used.', '9c1e5f3f7a1e2d108b3b2b5e3d844f4c'],
  clusterType: ['What the cluster is made of, words between commas.', 'k8s,bgp'],
  calicoVersion: ['The release of Calico that the cluster runs.', 'v3.32.1'],
  datastoreReady: ['Whether Calico may use the datastore: false while it is locked for a migration.', true],
  variant: ['The edition of Calico.', 'Calico'],
};

/** Help for ClusterInformation. */
export const clusterInformationHelp: KindHelp = {
  help: 'What Calico itself notes about the cluster; it cannot be written.',
  example: { metadata: { name: 'default' }, spec: { calicoVersion: 'v3.32.1', datastoreReady: true } },
  metadata: metadataHelp,
  spec,
};
