import type { Data } from '../base/data.js';
import { CalicoError } from '../base/errors.js';
import { retry } from '../base/back-off.js';
import type { Sources } from '../changes/initialize.js';
import { networkProfile } from '../cni/network/network-profile.js';
import { creationOf, foundIn, replacementOf } from '../changes/stored-object.js';
import { CHANGING } from '../datastore/draft.js';
import type { Entry, Operation, Store } from '../datastore/store.js';
import { DOCKER_ENDPOINT_PREFIX, dockerEndpointKey } from '../resources/docker-keys.js';
import { keyOf, prefixOf } from '../resources/keys.js';
import { decodeStored, isCorrupt } from '../resources/stored-value.js';
import { API_VERSION } from '../resources/v3/document.js';
import { profile } from '../resources/v3/profile.js';
import { workloadEndpoint } from '../resources/v3/workload-endpoint.js';
import { workloadEndpointName } from '../resources/v3/workload-endpoint-name.js';
import { hostInterface } from './interface.js';
import { profileNameOf } from './profile-name.js';

/** What stands for orchestrator and workload in the endpoints of Docker's containers. */
const LIBNETWORK = 'libnetwork';
const NAMESPACE = 'default';

/** An endpoint of a container on this node, as it is to be stored. */
export interface DockerEndpoint {
  readonly id: string;
  readonly node: string;
  readonly network: string;
  readonly mac: string;
  /** Each as a network of its own. */
  readonly networks: readonly string[];
  readonly hasProfile: boolean;
}

/** An endpoint of one of Docker's containers, as it is stored. */
export interface StoredEndpoint {
  readonly entry: Entry;
  /** Which network it is in; absent where another driver than ours made it. */
  readonly membership: Entry | undefined;
  /** The engine's id of it. */
  readonly id: string;
  readonly node: string;
  readonly addresses: readonly string[];
  /** In milliseconds since 1970. */
  readonly created: number;
}

function documentOf({ id, node, network, mac, networks, hasProfile }: DockerEndpoint): Data {
  return {
    kind: 'WorkloadEndpoint',
    apiVersion: API_VERSION,
    metadata: { namespace: NAMESPACE },
    spec: { node, orchestrator: LIBNETWORK, workload: LIBNETWORK, endpoint: id, interfaceName: hostInterface(id), mac, ipNetworks: networks, ...(hasProfile && { profiles: [profileNameOf(network)] }) },
  };
}

/** Writes an endpoint, what network it is in, and the profile of that unless there is one: in one transaction. Throws CalicoError. */
export async function writeEndpoint(store: Store, endpoint: DockerEndpoint, sources: Sources): Promise<void> {
  const { node, id, network, hasProfile } = endpoint;
  const document = documentOf(endpoint);
  const creation = creationOf(workloadEndpoint, document, sources);
  const membership = { key: dockerEndpointKey(node, id), value: JSON.stringify({ network }) };
  const profileCreation = hasProfile ? [creationOf(profile, networkProfile(profileNameOf(network), false), sources)] : [];
  await decided(store, endpoint, async () => {
    const { ranges } = await store.snapshot([creation, membership, ...profileCreation].map(({ key }) => ({ key })));
    const [there, wasMember, hadProfile] = ranges.map((entries) => entries[0]);
    return [
      there === undefined ? creation : replacementOf(workloadEndpoint, { entry: there }, { ...foundIn(workloadEndpoint, there).object, spec: document['spec'] }),
      { action: 'put', ...membership, expect: wasMember?.modRevision ?? '0' },
      ...(hadProfile === undefined ? profileCreation : []),
    ];
  });
}

/** Gives an endpoint labels, besides those that it has; one that is gone gets none. Throws CalicoError. */
export async function writeLabels(store: Store, { node, id }: Pick<DockerEndpoint, 'node' | 'id'>, labels: Readonly<Record<string, string>>): Promise<void> {
  await decided(store, { node, id }, async () => {
    const entry = await store.get(endpointKey(node, id));
    if (entry === undefined) return [];
    const { object } = foundIn(workloadEndpoint, entry);
    return [replacementOf(workloadEndpoint, { entry }, { ...object, metadata: { ...object.metadata, labels: { ...object.metadata.labels, ...labels } } })];
  });
}

/** Writes what is decided in sight of the store, until nobody is faster. What is undefined is no change. */
async function decided(store: Store, { node, id }: Pick<DockerEndpoint, 'node' | 'id'>, decide: () => Promise<readonly (Operation | undefined)[]>): Promise<void> {
  const done = await retry(CHANGING, async () => {
    const operations = (await decide()).filter((each) => each !== undefined);
    return operations.length === 0 || (await store.commit(operations)).done ? true : undefined;
  });
  if (done === undefined) throw new CalicoError('changed', `endpoint ${id} on ${node} is changed by somebody else again and again`);
}

/** Deletes the endpoint with an id on a node; harmless where there is none. What address management says of its addresses stays. Throws CalicoError. */
export async function deleteEndpoint(store: Store, node: string, id: string): Promise<void> {
  await decided(store, { node, id }, async () => {
    const { ranges } = await store.snapshot([endpointKey(node, id), dockerEndpointKey(node, id)].map((key) => ({ key })));
    return ranges.flat().map(deletionOf);
  });
}

/** Deletes an endpoint as it was read; false where it is another by now, or gone. */
export async function deleteStored(store: Store, { entry, membership }: StoredEndpoint): Promise<boolean> {
  return (await store.commit([deletionOf(entry), ...(membership === undefined ? [] : [deletionOf(membership)])])).done;
}

function deletionOf({ key, modRevision }: Entry): Operation {
  return { action: 'delete', key, expect: modRevision };
}

/** The endpoint with an id on a node; undefined where there is none that can be read. */
export async function readStoredEndpoint(store: Store, node: string, id: string): Promise<StoredEndpoint | undefined> {
  const entry = await store.get(endpointKey(node, id));
  return entry === undefined ? undefined : storedEndpoint(entry);
}

/** Endpoints of Docker's containers that can be read, on whatever node, and what says of others, which are gone, in which network they were. */
export async function dockerEndpoints(store: Store): Promise<{ readonly endpoints: readonly StoredEndpoint[]; readonly orphans: readonly Entry[] }> {
  const { ranges: [memberships = []] } = await store.snapshot([{ prefix: DOCKER_ENDPOINT_PREFIX }]);
  const left = new Map(memberships.map((entry) => [entry.key, entry]));
  const endpoints: StoredEndpoint[] = [];
  for await (const { entries } of store.list(prefixOf(workloadEndpoint, NAMESPACE))) {
    for (const entry of entries) {
      const endpoint = entry.value.includes(LIBNETWORK) ? storedEndpoint(entry, left) : undefined;
      if (endpoint === undefined) continue;
      endpoints.push(endpoint);
      left.delete(dockerEndpointKey(endpoint.node, endpoint.id));
    }
  }
  return { endpoints, orphans: [...left.values()] };
}

/** The network that a membership names; undefined where it cannot be read. */
export function networkIn({ value }: Pick<Entry, 'value'>): string | undefined {
  try {
    const { network } = JSON.parse(value) as { readonly network?: unknown };
    return typeof network === 'string' ? network : undefined;
  } catch {
    return undefined;
  }
}

function storedEndpoint(entry: Entry, memberships: ReadonlyMap<string, Entry> = new Map()): StoredEndpoint | undefined {
  const object = decodeStored(workloadEndpoint, entry);
  if (isCorrupt(object) || object.spec.orchestrator !== LIBNETWORK) return undefined;
  const { metadata, spec } = object;
  const [id, node] = [String(spec.endpoint), String(spec.node)];
  const networks = Array.isArray(spec.ipNetworks) ? spec.ipNetworks.map(String) : [];
  const addresses = networks.map((each) => each.replace(/\/\d+$/, ''));
  return { entry, membership: memberships.get(dockerEndpointKey(node, id)), id, node, addresses, created: Date.parse(String(metadata['creationTimestamp'])) || 0 };
}

function endpointKey(node: string, id: string): string {
  const name = workloadEndpointName({ node, orchestrator: LIBNETWORK, workload: LIBNETWORK, endpoint: id });
  if (name === undefined) throw new CalicoError('invalid-request', `the endpoint ${JSON.stringify(id)} on node ${JSON.stringify(node)} has no name in the datastore`);
  return keyOf(workloadEndpoint, name, NAMESPACE);
}
