import { varies, type HelpOf } from '../field-help.js';
import type { Of } from '../fields/field.js';
import type { metadataType } from './metadata.js';

/** Help for the metadata of v3 documents. What Kubernetes alone uses is read and not stored. */
export const metadataHelp: HelpOf<Of<typeof metadataType>> = {
  name: ['The name of the resource, one of its kind in the cluster or, for kinds with namespaces, in its namespace.', 'default'],
  generateName: ['The beginning of a name to be made up, which Calico on etcd does not do: give a name.', 'name-'],
  namespace: ['The namespace of the resource, for kinds that have them.', 'production', varies('"default" for kinds with namespaces')],
  selfLink: ['A former address of the resource in Kubernetes; not stored.', '/apis/projectcalico.org/v3/tiers/default'],
  uid: ['The identifier that the resource got when it was made; what a document says here is not stored.', '8b3b2b5e-3d84-4f4c-9c1e-5f3f7a1e2d10'],
  resourceVersion: ['The revision at which the resource was read: replace and apply fail where it has changed since.', '1234'],
  generation: ['How often the wanted state has changed, in Kubernetes; not stored.', 1],
  creationTimestamp: ['When the resource was made, in UTC; what a document says here is not stored.', '2026-11-20T23:30:00Z'],
  deletionTimestamp: ['When the resource was asked to go, in Kubernetes; not stored.', '2026-11-20T23:30:00Z'],
  deletionGracePeriodSeconds: ['How many seconds a resource that goes has left, in Kubernetes; not stored.', 30],
  labels: ['Labels, by which selectors choose the resource.', { role: 'web' }],
  annotations: ['Notes for people and programs, up to 262144 bytes in all.', { 'example.com/owner': 'team-network' }],
  ownerReferences: {
    help: 'The objects of Kubernetes that the resource belongs to, and goes with; not stored.',
    example: [{ apiVersion: 'v1', kind: 'Pod', name: 'web-1', uid: '8b3b2b5e-3d84-4f4c-9c1e-5f3f7a1e2d10' }],
    fields: {
      apiVersion: ['The apiVersion of the owner.', 'v1'],
      kind: ['The kind of the owner.', 'Pod'],
      name: ['The name of the owner.', 'web-1'],
      uid: ['The identifier of the owner.', '8b3b2b5e-3d84-4f4c-9c1e-5f3f7a1e2d10'],
      controller: ['Whether the owner is the one that manages the resource.', true],
      blockOwnerDeletion: ['Whether the owner stays until the resource is gone.', true],
    },
  },
  finalizers: ['Programs that have to agree before the resource goes, in Kubernetes; not stored.', ['example.com/cleanup']],
  managedFields: ["Kubernetes' note of who wrote which field; not stored.", []],
};
