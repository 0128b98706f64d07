import { isMap } from '../../base/data.js';
import { CalicoError, ListedError } from '../../base/errors.js';
import type { Entry, Store } from '../../datastore/store.js';
import { CLUSTER_KEY } from '../../ipam/cluster/facts.js';
import { IPAM_PREFIX } from '../../ipam/records/keys.js';
import { presentable } from '../../objects/view.js';
import { prefixOf } from '../../resources/keys.js';
import type { StoredKind, StoredObject } from '../../resources/kind.js';
import { decodeStored, isCorrupt } from '../../resources/stored-value.js';
import { clusterInformation } from '../../resources/v3/cluster-information.js';
import { felixConfiguration } from '../../resources/v3/felix-configuration.js';
import { bgpConfiguration } from '../../resources/v3/bgp-configuration.js';
import { node, type NodeSpec } from '../../resources/v3/node.js';
import { exportedIpam, type IpamExport, type NodeNames } from './ipam.js';
import { MIGRATED } from './kinds.js';

/** A datastore for another one: as `datastore migrate export` prints it. */
export interface Exported {
  readonly revision: string;
  readonly lists: readonly { readonly kind: StoredKind; readonly items: readonly StoredObject[] }[];
  readonly cluster: StoredObject;
  readonly ipam: IpamExport;
}

/**
 * Reads all that an export holds, at one revision. Nodes are called as Kubernetes calls them, and with them what names them
 * (reference/storage 5.4). Throws CalicoError where the datastore is not locked, and where something cannot be read or exported.
 */
export async function readExport(store: Store): Promise<Exported> {
  const ranges = [{ key: CLUSTER_KEY }, { prefix: IPAM_PREFIX }, ...MIGRATED.map((kind) => ({ prefix: prefixOf(kind) }))];
  const { revision, ranges: [cluster = [], ipam = [], ...found] } = await store.snapshot(ranges);
  const information = lockedCluster(cluster[0]);
  const problems: string[] = [];
  const lists = MIGRATED.map((kind, index) => ({ kind, items: readList(kind, found[index] ?? [], problems) }));
  const nodes = nodeNames(lists.find(({ kind }) => kind === node)?.items ?? [], problems);
  const addresses = exportedIpam(ipam, nodes, problems);
  if (problems.length > 0) throw new ListedError('unreadable', problems, { hint: 'datastore backup copies a store as it is' });
  return { revision, cluster: information, ipam: addresses, lists: lists.map(({ kind, items }) => ({ kind, items: items.map((object) => exportedObject(kind, object, nodes)) })) };
}

function lockedCluster(entry: Entry | undefined): StoredObject {
  const object = entry && decodeStored(clusterInformation, entry);
  if (object !== undefined && isCorrupt(object)) throw new CalicoError('unreadable', `${object.key} cannot be read: ${object.reason}`);
  if (object?.spec.datastoreReady === false) return object;
  throw new CalicoError('precondition', 'datastore is not locked. Run the `calicoctl datastore migrate lock` command in order to begin migration');
}

/** The objects of a kind in the order of its listings, without policies of Kubernetes: these come back by themselves. */
function readList(kind: StoredKind, entries: readonly Entry[], problems: string[]): readonly StoredObject[] {
  const objects = entries.flatMap((entry): readonly StoredObject[] => {
    const object = entry.invalid === true ? { key: entry.key, reason: 'not UTF-8' } : decodeStored(kind, entry);
    if (!isCorrupt(object)) return kind.readOnly?.(object, 'apply') === undefined ? [object] : [];
    problems.push(`${object.key} cannot be read: ${object.reason}`);
    return [];
  });
  return kind.compare === undefined ? objects : objects.sort((left, right) => kind.compare?.(left, right) ?? 0);
}

/** How Kubernetes calls each node. */
function nodeNames(nodes: readonly StoredObject<NodeSpec>[], problems: string[]): NodeNames {
  const names = new Map<string, string>();
  for (const { metadata: { name }, spec } of nodes) {
    const references = Array.isArray(spec.orchRefs) ? (spec.orchRefs as readonly unknown[]).filter(isMap) : [];
    const known = references.findLast(({ orchestrator }) => orchestrator === 'k8s')?.['nodeName'];
    if (typeof known === 'string' && known !== '') names.set(name, known);
    else problems.push(`node ${name} missing a 'k8s' orchestrator reference. Unable to export data unless every node has a 'k8s' orchestrator reference`);
  }
  return names;
}

/** An object without what belongs to its cluster, under the name it will have. */
function exportedObject(kind: StoredKind, object: StoredObject, nodes: NodeNames): StoredObject {
  const { uid: _uid, resourceVersion: _revision, creationTimestamp: _created, deletionTimestamp: _deleted, deletionGracePeriodSeconds: _grace, name, ...metadata } = object.metadata;
  const { spec } = presentable(object);
  return { ...object, metadata: { name: newName(kind, name, nodes), ...metadata }, spec: kind === felixConfiguration ? withTitles(spec) : spec };
}

function newName(kind: StoredKind, name: string, nodes: NodeNames): string {
  if (kind === node) return nodes.get(name) ?? name;
  const own = /^node\.(.*)$/s.exec(name)?.[1];
  const known = own !== undefined && (kind === felixConfiguration || kind === bgpConfiguration) ? nodes.get(own) : undefined;
  return known === undefined ? name : `node.${known}`;
}

const ACTIONS: readonly string[] = ['defaultEndpointToHostAction', 'iptablesFilterAllowAction', 'iptablesMangleAllowAction', 'iptablesFilterDenyAction'];

/** Actions as v3 writes them: those of the classic release were upper case. */
function withTitles(spec: StoredObject['spec']): StoredObject['spec'] {
  const titled = Object.entries(spec).map(([name, value]) => [name, ACTIONS.includes(name) && typeof value === 'string' ? value.slice(0, 1).toUpperCase() + value.slice(1).toLowerCase() : value]);
  return Object.fromEntries(titled) as StoredObject['spec'];
}
