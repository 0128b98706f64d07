import type { Store } from '../../datastore/store.js';
import { formatCidr } from '../../net/address.js';
import { isUnreadable, type Unreadable } from '../../ipam/records/block-codec.js';
import { ENDPOINT_PREFIX } from '../../ipam/cluster/resources.js';
import { affinityPrefix, parseAffinityKey } from '../../ipam/records/keys.js';
import { usesOfEndpoint, usesOfNode, type UseOf } from '../../ipam/cluster/uses.js';
import { nameInKey } from '../../resources/keys.js';
import type { StoredKind } from '../../resources/kind.js';
import { bgpFilter } from '../../resources/v3/bgp-filter.js';
import { ipPool } from '../../resources/v3/ip-pool.js';
import { node } from '../../resources/v3/node.js';
import { profile } from '../../resources/v3/profile.js';
import { workloadEndpoint } from '../../resources/v3/workload-endpoint.js';
import type { Step } from '../step.js';
import { v3Identity } from '../../objects/target.js';
import { affected, type Deleted, type Effects, type DeletedTogether } from './draft.js';
import { namersOf } from './namers.js';
import { findPoolUses } from './pool-uses.js';
import { findReleased } from './released.js';
import { findSetNamers, SETS } from './set-namers.js';

/** What becomes of an object that names what is no longer there (reference/policy 4, reference/node 11). */
const LACKING = new Map<StoredKind, (name: string) => string>([
  [profile, (name) => `names the profile ${name}; a missing profile denies all traffic to it`],
  [bgpFilter, (name) => `names the filter ${name}; a missing filter accepts all routes`],
]);

/** Whether the deletion of an object of a kind may take others with it, or leave them without something. */
function canBeInUse(kind: StoredKind): boolean {
  return kind === node || kind === ipPool || LACKING.has(kind) || SETS.includes(kind);
}

/**
 * What goes or breaks with resources that are deleted together, as of one revision; what is deleted itself counts as neither.
 * Nothing is read for kinds that nothing depends on, such as policies and endpoints.
 * @returns one for each step with which something goes or breaks, in their order
 */
export async function effectsOf(store: Store, steps: readonly Step[], revision: string): Promise<readonly Effects[]> {
  const deleted = steps.filter(({ target }) => canBeInUse(target.stored)).map(deletedBy);
  const of = (...kinds: readonly StoredKind[]): Deleted[] => deleted.filter(({ kind }) => kinds.includes(kind));
  const gone: DeletedTogether = { keys: new Set(steps.map(({ key }) => key)), nodes: new Set(of(node).map(({ name }) => name)) };
  const used = new Map(of(node).map((draft): [Deleted, UseOf[]] => [draft, []]));
  await findNamers(store, of(node, ...LACKING.keys()), { gone: gone.keys, used }, revision);
  await findOwn(store, used, revision);
  await findUnreadable(store, of(node), gone.keys, revision);
  await findReleased(store, used, gone, revision);
  await findSetNamers(store, of(...SETS), gone.keys, revision);
  await findPoolUses(store, of(ipPool), gone, revision);
  return deleted.filter(({ goes, released, blocks, breaks, inUse, unreadable }) => [goes, released, blocks, breaks, inUse, unreadable].some((part) => part.length > 0));
}

function deletedBy(step: Step): Deleted {
  const { target, key } = step;
  const { name = target.object.metadata.name } = nameInKey(target.stored, key) ?? {};
  return { step, kind: target.stored, name, target, goes: [], released: [], blocks: [], breaks: [], inUse: [], unreadable: [] };
}

/** Objects that name what is deleted: those that name a node go with it, others stay and lack what they name. */
async function findNamers(store: Store, deleted: readonly Deleted[], { gone, used }: { readonly gone: ReadonlySet<string>; readonly used: ReadonlyMap<Deleted, UseOf[]> }, revision: string): Promise<void> {
  const byIdentity = new Map(deleted.map((each) => [v3Identity(each.kind, each.name), each]));
  const names = new Map<StoredKind, Set<string>>();
  for (const { kind, name } of deleted) names.set(kind, (names.get(kind) ?? new Set()).add(name));
  for await (const { kind, entry, object, references } of namersOf(store, names, revision)) {
    const host = references.find(({ kind: to }) => to === node);
    const draft = host && byIdentity.get(v3Identity(node, host.name));
    // Also an endpoint that goes for itself gives its addresses back where its node goes too.
    if (draft !== undefined && kind === workloadEndpoint) note(draft, entry.key, { used, found: usesOfEndpoint(entry) });
    if (gone.has(entry.key)) continue;
    if (host !== undefined) draft?.goes.push(affected(kind, object));
    else {
      for (const { kind: to, name } of references) byIdentity.get(v3Identity(to, name))?.breaks.push(affected(kind, object, LACKING.get(to)?.(name)));
    }
  }
}

/** Notes the addresses of an endpoint or a node that are released with a node, or that they cannot be read. A node's own addresses are nobody's to release. */
function note(draft: Deleted, key: string, { used, found }: { readonly used: ReadonlyMap<Deleted, UseOf[]>; readonly found: readonly UseOf[] | Unreadable }): void {
  if (isUnreadable(found)) draft.unreadable.push({ key, problem: found.problem });
  else used.get(draft)?.push(...found.filter(({ use }) => use.kind !== 'node'));
}

/** Endpoints that stay because they hold nothing that can be read, though by their names they are of nodes that are deleted. */
async function findUnreadable(store: Store, nodes: readonly Deleted[], gone: ReadonlySet<string>, revision: string): Promise<void> {
  const byName = new Map(nodes.map((draft) => [draft.name, draft]));
  if (byName.size === 0) return;
  for await (const { entries } of store.list(ENDPOINT_PREFIX, { revision })) {
    for (const entry of entries) {
      const draft = byName.get(nodeInKey(entry.key));
      if (draft === undefined || gone.has(entry.key) || draft.unreadable.some(({ key }) => key === entry.key)) continue;
      const found = usesOfEndpoint(entry);
      if (isUnreadable(found)) draft.unreadable.push({ key: entry.key, problem: found.problem });
    }
  }
}

/** The node that an endpoint is on by its name, in which dashes of names are doubled (reference/storage 1.6). */
function nodeInKey(key: string): string {
  const name = key.slice(key.lastIndexOf('/') + 1);
  return name.replaceAll('--', '\0').split('-')[0]!.replaceAll('\0', '-');
}

/** The tunnel addresses and the blocks of nodes. */
async function findOwn(store: Store, used: ReadonlyMap<Deleted, UseOf[]>, revision: string): Promise<void> {
  const nodes = [...used.keys()];
  if (nodes.length === 0) return;
  const prefixes = nodes.map(({ name }) => ({ prefix: affinityPrefix({ type: 'host', name }), keysOnly: true }));
  const { ranges } = await store.snapshot([...nodes.map(({ step }) => ({ key: step.key })), ...prefixes], { revision });
  for (const [index, draft] of nodes.entries()) {
    const { blocks } = draft;
    const entry = ranges[index]?.[0];
    if (entry !== undefined) note(draft, entry.key, { used, found: usesOfNode(entry) });
    for (const { key } of ranges[nodes.length + index] ?? []) {
      const affinity = parseAffinityKey(key);
      if (affinity !== undefined) blocks.push(formatCidr(affinity.cidr));
    }
  }
}
