import { randomUUID } from 'node:crypto';
import { retry } from '../../base/back-off.js';
import type { Data } from '../../base/data.js';
import { CalicoError } from '../../base/errors.js';
import { DECIDING } from '../../changes/commit.js';
import type { Sources } from '../../changes/initialize.js';
import { creationOf, foundIn, replacementOf, type Found } from '../../changes/stored-object.js';
import type { Entry, Operation, Store } from '../../datastore/store.js';
import { CLUSTER_KEY, clusterFacts, LockedError, noCluster } from '../../ipam/cluster/facts.js';
import { cutId } from '../../host/workload/attach.js';
import { keyOf, nameInKey } from '../../resources/keys.js';
import { profile } from '../../resources/v3/profile.js';
import { workloadEndpoint } from '../../resources/v3/workload-endpoint.js';
import { endpointName, endpointPrefix, endpointsBeginning, isNamedAfter, type Workload } from './identity.js';
import { networkProfile } from './network-profile.js';

/** Where times and identifiers of new objects come from. */
export const SOURCES: Sources = { now: () => new Date(), uuid: randomUUID };

/** What is said where the datastore is locked. */
const NOTHING_DONE = 'nothing was done';

/** What is stored that an ADD depends on. */
export interface StoredWorkload {
  /** The endpoint of the workload, whatever its interface is called. */
  readonly endpoint: Found | undefined;
  readonly profile: Entry | undefined;
  /** What has to stay as it was read. */
  readonly cluster: Entry;
}

/** Reads what an ADD depends on, in one round trip. Throws CalicoError where the datastore is locked, was never initialised, or an object cannot be read. */
export async function readWorkload(store: Store, workload: Workload, network: string): Promise<StoredWorkload> {
  const prefix = keyOf(workloadEndpoint, endpointPrefix(workload), workload.namespace);
  const { ranges } = await store.snapshot([{ key: CLUSTER_KEY }, { prefix }, { key: keyOf(profile, network) }]);
  const [[cluster], endpoints = [], [stored]] = [ranges[0] ?? [], ranges[1], ranges[2] ?? []];
  if (cluster === undefined) throw noCluster();
  if (clusterFacts(cluster).locked) throw new LockedError();
  const own = endpoints.find(({ key }) => isNamedAfter(workload, nameInKey(workloadEndpoint, key)?.name ?? ''));
  return { cluster, endpoint: own && foundIn(workloadEndpoint, own), profile: stored };
}

/** The container that has an interface of this name on the workload's node, as its endpoint says: names are cut, and another id may begin as this one does. */
export async function holderOf(store: Store, workload: Workload, interfaceName: string): Promise<string | undefined> {
  const { ranges } = await store.snapshot([{ prefix: keyOf(workloadEndpoint, endpointsBeginning(workload, cutId(workload.containerId)), workload.namespace) }]);
  const specs = (ranges[0] ?? []).map((entry) => foundIn(workloadEndpoint, entry).object.spec);
  const holder = specs.find((spec) => spec['interfaceName'] === interfaceName && spec['containerID'] !== workload.containerId);
  return holder && String(holder['containerID']);
}

/** What an ADD leaves in the datastore. */
export interface Wanted {
  readonly workload: Workload;
  readonly network: string;
  /** Whether the network's profile is made where it is missing. */
  readonly makesProfile: boolean;
  /** The document of the endpoint, onto the one that is stored, where there is one. */
  document(stored: Found['object'] | undefined): Data;
}

/** What is written. Throws CalicoError where no client would take it. */
export function operationsFor({ workload, network, makesProfile, document }: Wanted, { endpoint, profile: before, cluster }: StoredWorkload): readonly Operation[] {
  const wanted = document(endpoint?.object);
  const write = endpoint === undefined ? creationOf(workloadEndpoint, wanted, SOURCES) : replacementOf(workloadEndpoint, endpoint, wanted);
  const isMissing = makesProfile && before === undefined;
  const made = isMissing ? creationOf(profile, networkProfile(network, workload.pod !== undefined), SOURCES) : undefined;
  const writes = [write, made].filter((each) => each !== undefined);
  return writes.length === 0 ? [] : [...writes, { action: 'check', key: cluster.key, expect: cluster.modRevision }];
}

/** Writes the endpoint of a workload, and the profile of its network. Where somebody was faster, it looks again. Throws CalicoError. */
export async function writeWorkload(store: Store, wanted: Wanted, read: StoredWorkload): Promise<void> {
  let known: StoredWorkload | undefined = read;
  const done = await retry(DECIDING, async () => {
    const operations = operationsFor(wanted, known ?? (await readWorkload(store, wanted.workload, wanted.network)));
    known = undefined;
    return operations.length === 0 || (await store.commit(operations)).done ? true : undefined;
  });
  if (done === undefined) throw new CalicoError('changed', `gave up writing the endpoint of container ${wanted.workload.containerId}: other clients keep changing it`);
}

/** The endpoint of one interface, whether or not the datastore was ever initialised. Throws CalicoError where the datastore is locked, or the endpoint cannot be read. */
export async function readEndpoint(store: Store, workload: Workload, ifname: string): Promise<Found | undefined> {
  const { ranges } = await store.snapshot([{ key: CLUSTER_KEY }, { key: keyOf(workloadEndpoint, endpointName(workload, ifname), workload.namespace) }]);
  const [[cluster], [entry]] = [ranges[0] ?? [], ranges[1] ?? []];
  if (cluster !== undefined && clusterFacts(cluster).locked) throw new LockedError(NOTHING_DONE);
  return entry && foundIn(workloadEndpoint, entry);
}

/** The endpoint of an interface of a workload, and one that the same container has by the name of another interface. */
export interface WorkloadEndpoints {
  readonly own: Found | undefined;
  readonly other: Found | undefined;
}

/** Both, as readEndpoint reads the one. One of another interface that cannot be read is not looked at. Throws CalicoError as readEndpoint does. */
export async function readEndpoints(store: Store, workload: Workload, ifname: string): Promise<WorkloadEndpoints> {
  const { ranges } = await store.snapshot([{ key: CLUSTER_KEY }, { prefix: keyOf(workloadEndpoint, endpointPrefix(workload), workload.namespace) }]);
  const [[cluster], endpoints] = [ranges[0] ?? [], ranges[1] ?? []];
  if (cluster !== undefined && clusterFacts(cluster).locked) throw new LockedError(NOTHING_DONE);
  const key = keyOf(workloadEndpoint, endpointName(workload, ifname), workload.namespace);
  const own = endpoints.find((entry) => entry.key === key);
  const others = endpoints.filter((entry) => entry.key !== key && isNamedAfter(workload, nameInKey(workloadEndpoint, entry.key)?.name ?? ''));
  return { own: own && foundIn(workloadEndpoint, own), other: others.map(readable).find((found) => found?.object.spec['containerID'] === workload.containerId) };
}

function readable(entry: Entry): Found | undefined {
  try {
    return foundIn(workloadEndpoint, entry);
  } catch (error) {
    if (error instanceof CalicoError) return undefined;
    throw error;
  }
}

/** Whether an endpoint is that of another container: of a pod that was started anew since. */
export function isForeign({ object }: Found, { containerId }: Workload): boolean {
  const stored = object.spec['containerID'];
  return typeof stored === 'string' && stored !== '' && stored !== containerId;
}

/**
 * Deletes the endpoint of an interface of a workload, unless it is that of another container. Throws CalicoError.
 * @param read what readEndpoint said, where it was asked already
 */
export async function deleteEndpoint(store: Store, workload: Workload, ifname: string, read?: { readonly found: Found | undefined }): Promise<Found | undefined> {
  let deleted: Found | undefined;
  let known = read;
  const done = await retry(DECIDING, async () => {
    const { found } = known ?? { found: await readEndpoint(store, workload, ifname) };
    known = undefined;
    if (found === undefined || isForeign(found, workload)) return true;
    deleted = found;
    return (await removeFound(store, found)) ? true : undefined;
  });
  if (done === undefined) throw new CalicoError('changed', `gave up deleting the endpoint of container ${workload.containerId}: other clients keep changing it`);
  return deleted;
}

/** Deletes an object as it was found; false where somebody was faster. */
export async function removeFound(store: Store, { entry }: Found): Promise<boolean> {
  return (await store.commit([{ action: 'delete', key: entry.key, expect: entry.modRevision }])).done;
}
