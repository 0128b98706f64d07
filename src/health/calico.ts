import { CALICO_VERSION } from '../base/calico-version.js';
import type { Store } from '../datastore/store.js';
import { clusterFacts, clusterProblem, CLUSTER_KEY } from '../ipam/cluster/facts.js';
import { fine, type Check } from './check.js';
import { failed } from './members.js';
import { PREFIXES } from './requests.js';

/** Which Calico data is there: v3, the v2 store's of Calico 2.x, Kubernetes' own; the cluster's state, and the objects by kind. */
export async function* checkCalico(store: Store, leftovers: Check): AsyncGenerator<Check> {
  try {
    const counts = await countKeys(store);
    yield dataCheck(counts);
    yield leftovers;
    for await (const page of store.list('/registry/', { keysOnly: true, pageSize: 1 })) {
      if ([...page.entries].length > 0) yield fine('data', 'Kubernetes keeps its own objects here too, under /registry/');
      break;
    }
    yield* clusterChecks(await store.get(CLUSTER_KEY));
    const kinds = [...counts].sort(([one], [other]) => (one < other ? -1 : 1)).map(([kind, count]) => `${count} ${kind}`);
    yield fine('objects', kinds.length === 0 ? 'none' : kinds.join(', '));
  } catch (error) {
    yield failed('data', error);
  }
}

/** How many keys there are of each kind of resource, and of each other part of Calico's tree. */
async function countKeys(store: Store): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for await (const { entries } of store.list('/calico/', { keysOnly: true })) {
    for (const { key } of entries) {
      const kind = key.startsWith(PREFIXES[0]) ? key.slice(PREFIXES[0].length).split('/')[0] : key.split('/').slice(2, 5).filter((part) => !/^v\d+$/.test(part)).slice(0, 2).join(' ');
      counts.set(kind ?? '', (counts.get(kind ?? '') ?? 0) + 1);
    }
  }
  return counts;
}

function dataCheck(counts: ReadonlyMap<string, number>): Check {
  if (counts.has('clusterinformations')) return fine('data', 'Calico v3 is there, under /calico/');
  const message = counts.size === 0 ? 'there is no Calico data' : 'there are keys under /calico/, but no ClusterInformation';
  return { step: 'data', state: 'warning', message, remedy: 'is it the right cluster? Of a new one, the first create or apply, or the first node, writes what it begins with' };
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
