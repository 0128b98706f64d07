import { statSync } from 'node:fs';
import { CalicoError, InvalidRequest } from '../base/errors.js';
import type { Sources } from '../changes/initialize.js';
import type { ReadTargets } from '../changes/read-targets.js';
import type { ByteStream } from '../base/byte-stream.js';
import type { Store } from '../datastore/store.js';
import { freeNetwork, MOST_HOSTS, type Encapsulation, type LabHost } from '../lab/plan.js';
import type { StoredObject } from '../resources/kind.js';

/** What a lab is made from: its hosts, and what fills its store where that is not the tenant network. */
export interface LabSource {
  readonly hosts: readonly LabHost[];
  /** The network of the bridge. */
  readonly network: string;
  readonly fill?: (store: Store) => Promise<unknown>;
}

interface Reading {
  readonly read: (files: readonly string[]) => Promise<ReadTargets>;
  readonly stdin: ByteStream;
  readonly sources: Sources;
  /** Of pools that are missing. */
  readonly encapsulation: Encapsulation;
}

const USUAL_HOSTS = 3;

/** Reads what --from names, and works out which hosts there are. Throws InvalidRequest, and what reading throws. */
export async function labSource({ from, nodes }: { readonly from: string | undefined; readonly nodes: number | undefined }, reading: Reading): Promise<LabSource> {
  if (from === undefined) return { hosts: numbered(named([], nodes ?? USUAL_HOSTS)), network: freeNetwork([]) };
  const { resources, fill } = isManifest(from) ? await manifests(from, reading) : await keysAndValues(from, reading);
  const { networksIn, nodesIn } = await import('../lab/workloads.js');
  const names = nodesIn(resources);
  if (nodes !== undefined && nodes < names.length) throw new InvalidRequest(`--nodes ${nodes}: ${from} names ${names.length} nodes (${names.slice(0, 5).join(', ')}${names.length > 5 ? ' ...' : ''}), and each is a host`, 'leave out --nodes');
  return { hosts: numbered(named(names, nodes ?? (names.length === 0 ? USUAL_HOSTS : names.length))), network: freeNetwork(networksIn(resources)), fill };
}

/** The names that there are, and node1, node2 ... up to a number. */
function named(names: readonly string[], count: number): readonly string[] {
  const more = Array.from({ length: count + names.length }, (_, at) => `node${at + 1}`).filter((name) => !names.includes(name));
  return [...names, ...more.slice(0, Math.max(0, count - names.length))];
}

function numbered(names: readonly string[]): readonly LabHost[] {
  if (names.length > MOST_HOSTS) throw new InvalidRequest(`a lab has at most ${MOST_HOSTS} hosts, not ${names.length}`, 'make one of a part of it');
  return names.map((name, at) => ({ name, number: at + 1 }));
}

function isManifest(path: string): boolean {
  return /\.ya?ml$/i.test(path) || statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

async function manifests(path: string, { read, sources, encapsulation }: Reading): Promise<{ readonly resources: readonly StoredObject[]; readonly fill: (store: Store) => Promise<unknown> }> {
  const { targets } = await read([path]);
  const { addMissingPools, applyTargets } = await import('../lab/fill.js');
  return { resources: targets.map(({ object }) => object), fill: async (store) => {
    await applyTargets(store, targets, sources);
    await addMissingPools(store, encapsulation, sources);
  } };
}

async function keysAndValues(path: string, { stdin }: Reading): Promise<{ readonly resources: readonly StoredObject[]; readonly fill: (store: Store) => Promise<unknown> }> {
  const [{ openEntryFile }, { FileStore }, { readNetwork }, { copyFile }, { node }, { workloadEndpoint }, { ipPool }] = await Promise.all([
    import('../datastore/file/open.js'), import('../datastore/file/file-store.js'), import('../policy/stored-network.js'), import('../lab/fill.js'),
    import('../resources/v3/node.js'), import('../resources/v3/workload-endpoint.js'), import('../resources/v3/ip-pool.js'),
  ]);
  const file = await openEntryFile(path, stdin);
  const { ranges } = await new FileStore(file).snapshot([{ prefix: '/calico/resources/v3/' }]);
  if (ranges.flat().length === 0) throw new CalicoError('invalid-document', `${path} holds nothing of Calico 3`, { hint: 'manifests end in .yaml, or are in a directory' });
  return { resources: readNetwork(ranges.flat(), [node, workloadEndpoint, ipPool]).resources, fill: (store) => copyFile(file, store).finally(() => file.close()) };
}
