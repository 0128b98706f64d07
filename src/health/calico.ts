import { KindCounts } from '../backup/key-name.js';
import { CALICO_VERSION } from '../base/calico-version.js';
import { DatastoreError } from '../base/errors.js';
import type { Store } from '../datastore/store.js';
import { clusterFacts, clusterProblem, CLUSTER_KEY } from '../ipam/cluster/facts.js';
import { fine, skipped, type Check } from './check.js';
import { failed } from './members.js';
import { PREFIXES } from './requests.js';

/**
 * Which Calico data is there: v3, the v2 store's of Calico 2.x, Kubernetes' own; the cluster's state, and the objects by kind.
 * `readable` are the prefixes that this user may read.
 */
export async function* checkCalico(store: Store, leftovers: Check, readable: readonly string[]): AsyncGenerator<Check> {
  const counts = await countKeys(store, readable).catch((error: unknown) => failed('data', error));
  yield 'step' in counts ? counts : dataCheck(counts);
  yield leftovers;
  yield* await kubernetesCheck(store).catch((error: unknown) => [failed('data', error)]);
  yield* await store.get(CLUSTER_KEY).then(
    (entry) => [...clusterChecks(entry)],
    (error: unknown) => [failed('cluster', error)],
  );
  if ('step' in counts) {
    yield* skipped('objects');
    return;
  }
  const sorted = new Map([...counts].sort(([one], [other]) => (one < other ? -1 : 1)));
  const told = sorted.size === 0 ? 'none' : [...sorted].map(([kind, count]) => `${kind}: ${count}`).join(', ');
  const unread = PREFIXES.filter((prefix) => !readable.includes(prefix));
  yield { ...fine('objects', `${told}${unread.length === 0 ? '' : `; not counted, as it may not be read: ${unread.join(', ')}`}`), counts: sorted };
}

/** How many keys there are of each kind: everywhere under /calico/, or where that may not be read, under the prefixes that may. */
async function countKeys(store: Store, readable: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const kinds = new KindCounts();
  try {
    await addKeys(kinds, store, '/calico/');
  } catch (error) {
    if (!(error instanceof DatastoreError) || error.stage !== 'permission' || readable.length === 0) throw error;
    for (const prefix of readable) await addKeys(kinds, store, prefix);
  }
  return kinds.counts;
}

async function addKeys(kinds: KindCounts, store: Store, prefix: string): Promise<void> {
  for await (const { entries } of store.list(prefix, { keysOnly: true })) for (const { key } of entries) kinds.add(key);
}

async function kubernetesCheck(store: Store): Promise<readonly Check[]> {
  for await (const { entries } of store.list('/registry/', { keysOnly: true, pageSize: 1 })) {
    return [...entries].length > 0 ? [fine('data', 'Kubernetes keeps its own objects here too, under /registry/')] : [];
  }
  return [];
}

function dataCheck(counts: ReadonlyMap<string, number>): Check {
  if (counts.has('ClusterInformation')) return fine('data', 'Calico v3 is there, under /calico/');
  const message = counts.size === 0 ? 'there is no Calico data' : 'there are keys under /calico/, but no ClusterInformation';
  return { step: 'data', state: 'warning', message, remedy: 'check that this is the right cluster; in a new one the first create or apply, or the first node, stores what Calico begins with' };
}

function* clusterChecks(entry: Awaited<ReturnType<Store['get']>>): Generator<Check> {
  if (entry === undefined) return;
  const problem = clusterProblem(entry);
  if (problem !== undefined) {
    yield { step: 'cluster', state: 'problem', message: `ClusterInformation cannot be read: ${problem}`, remedy: `look at it with etcdctl get ${CLUSTER_KEY}` };
    return;
  }
  const { locked, version, guid } = clusterFacts(entry);
  if (locked) yield { step: 'cluster', state: 'problem', message: 'the datastore is locked: Felix and the network plugins wait', remedy: 'once no migration or restore is under way: calicoctl datastore migrate unlock' };
  else yield fine('cluster', `ready; cluster ${guid === '' ? 'without a GUID' : guid}`);
  if (version === '') yield fine('cluster', 'no node has noted its Calico release yet');
  else if (release(version) !== release(CALICO_VERSION)) yield { step: 'cluster', state: 'warning', message: `the cluster runs Calico ${version}; this tool writes what ${CALICO_VERSION} does`, remedy: 'use the calicoctl of that release for what ipam changes, or update the nodes' };
  else yield fine('cluster', `Calico ${version}`);
}

function release(version: string): string {
  return version.replace(/^v/, '').split('.').slice(0, 2).join('.');
}
