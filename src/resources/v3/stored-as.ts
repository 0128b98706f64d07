import type { StoredKind } from '../kind.js';
import type { ClusterInformationSpec } from './cluster-information.js';
import type { HostEndpointSpec } from './host-endpoint.js';
import type { IpPoolSpec } from './ip-pool.js';
import type { IpReservationSpec } from './ip-reservation.js';
import type { NodeSpec } from './node.js';
import type { WorkloadEndpointSpec } from './workload-endpoint.js';

/** The specs of the kinds that address management reads. */
export interface Specs {
  readonly ClusterInformation: ClusterInformationSpec;
  readonly HostEndpoint: HostEndpointSpec;
  readonly IPPool: IpPoolSpec;
  readonly IPReservation: IpReservationSpec;
  readonly Node: NodeSpec;
  readonly WorkloadEndpoint: WorkloadEndpointSpec;
}

/** How a kind is named in etcd. */
export type StoredAs = Pick<StoredKind, 'kind' | 'plural' | 'namespaced'>;

/** How these kinds are named in etcd. The commands for addresses load this and not the kinds, of which they need nothing else (reference/speed 2.2). */
export const STORED_AS: { readonly [Kind in keyof Specs]: StoredAs } = {
  ClusterInformation: { kind: 'ClusterInformation', plural: 'clusterinformations', namespaced: false },
  HostEndpoint: { kind: 'HostEndpoint', plural: 'hostendpoints', namespaced: false },
  IPPool: { kind: 'IPPool', plural: 'ippools', namespaced: false },
  IPReservation: { kind: 'IPReservation', plural: 'ipreservations', namespaced: false },
  Node: { kind: 'Node', plural: 'nodes', namespaced: false },
  WorkloadEndpoint: { kind: 'WorkloadEndpoint', plural: 'workloadendpoints', namespaced: true },
};
