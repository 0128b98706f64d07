import { DatastoreError } from '../base/errors.js';
import { intoTransactions } from '../datastore/batches.js';
import type { Entry, Operation, Store } from '../datastore/store.js';
import { parseIp, type Ip } from '../net/address.js';
import { isMap } from '../base/data.js';
import { tunnelFields } from '../ipam/cluster/owners.js';
import { removeIpamHost } from '../ipam/operations/affinities.js';
import { releaseAddresses } from '../ipam/operations/release.js';
import type { StoredObject } from '../resources/kind.js';
import { dockerEndpointKey, dockerHostPrefix } from '../resources/docker-keys.js';
import { plainText } from '../resources/plain-text.js';
import { decodeStored, isCorrupt } from '../resources/stored-value.js';
import { node, type NodeSpec } from '../resources/v3/node.js';
import { workloadEndpoint, type WorkloadEndpointSpec } from '../resources/v3/workload-endpoint.js';
import { changedMeanwhile, commitOrRefuse, commitSteps, intoBatches } from './commit.js';
import { namersOf, type Namer } from './effects/namers.js';
import { DeleteStep, type Step } from './step.js';
import { storedTarget } from '../objects/target.js';

/**
 * Deletes a node with what is only its own (reference/storage 2.7): the addresses of its endpoints and tunnels, its
 * endpoints, its blocks, its peers and settings, what it has of Docker's networks, and last the node itself, so that a
 * command that was killed can be run again.
 */
export async function deleteNode(store: Store, step: Step): Promise<void> {
  const name = step.target.object.metadata.name;
  const { revision, ranges } = await store.snapshot([{ key: step.key }]);
  const entry = ranges[0]?.[0];
  if (entry === undefined) return;
  const belongings = await belongingsOf(store, name, revision);
  const itself = decodeStored(node, entry);
  const addresses = [...belongings.flatMap(({ kind, object }) => (kind === workloadEndpoint ? addressesOfEndpoint(object) : [])), ...(isCorrupt(itself) ? [] : tunnelsOf(itself))];
  await releaseAddresses(store, addresses.map((ip) => ({ ip })));
  await removeAll(store, belongings.filter(({ kind }) => kind === workloadEndpoint));
  await removeIpamHost(store, name);
  await removeAll(store, belongings.filter(({ kind }) => kind !== workloadEndpoint));
  await forgetDocker(store, name, step);
  await commitOrRefuse(store, [{ action: 'delete', key: step.key, expect: entry.modRevision }], step);
}

/** Deletes what says which of Docker's networks a node has, and which of them its endpoints were in (reference/libnetwork 4.1). */
async function forgetDocker(store: Store, node: string, step: Step): Promise<void> {
  const entries = await dockerEntries(store, node);
  for await (const operations of intoTransactions(entries.map(({ key, modRevision }): Operation => ({ action: 'delete', key, expect: modRevision })))) {
    if (!(await store.commit(operations)).done) throw changedMeanwhile(step);
  }
}

/** What there is of it; nothing where this user may not look: who has no networks of Docker need not be granted that. */
async function dockerEntries(store: Store, node: string): Promise<readonly Entry[]> {
  try {
    const { ranges } = await store.snapshot([{ prefix: dockerHostPrefix(node) }, { prefix: dockerEndpointKey(node) }]);
    return ranges.flat();
  } catch (error) {
    if (error instanceof DatastoreError && error.stage === 'permission') return [];
    throw error;
  }
}

/** Everything that goes with a node: all that names it, as of a revision. */
async function belongingsOf(store: Store, name: string, revision: string): Promise<readonly Namer[]> {
  const belongings: Namer[] = [];
  for await (const namer of namersOf(store, new Map([[node, new Set([name])]]), revision)) belongings.push(namer);
  return belongings;
}

async function removeAll(store: Store, belongings: readonly Namer[]): Promise<void> {
  const steps = belongings.map(({ kind, entry: { key, modRevision }, object }) => new DeleteStep(storedTarget(kind, object), key, modRevision));
  const { refused } = await commitSteps(store, await intoBatches(steps));
  const [first] = refused;
  if (first !== undefined) throw changedMeanwhile(first.step);
}

/** The addresses of an endpoint, which it gives back with its node. */
export function addressesOfEndpoint({ spec: { ipNetworks: networks } }: StoredObject<WorkloadEndpointSpec>): readonly Ip[] {
  return Array.isArray(networks) ? networks.flatMap((network) => ipOf(plainText(network).split('/')[0])) : [];
}

function tunnelsOf({ spec }: StoredObject<NodeSpec>): readonly Ip[] {
  const { bgp, wireguard } = spec;
  return Object.values(tunnelFields(spec, isMap(bgp) ? bgp : {}, isMap(wireguard) ? wireguard : {})).flatMap(([, text]) => ipOf(text));
}

function ipOf(text: unknown): Ip[] {
  const ip = typeof text === 'string' ? parseIp(text) : undefined;
  return ip === undefined ? [] : [ip];
}
