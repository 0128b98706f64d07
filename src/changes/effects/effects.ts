import type { Store } from '../../datastore/store.js';
import { formatCidr } from '../../ipam/address.js';
import { affinityPrefix, parseAffinityKey } from '../../ipam/keys.js';
import { usesOfEndpoint, usesOfNode, type UseOf } from '../../ipam/uses.js';
import { nameInKey } from '../../resources/keys.js';
import type { StoredKind } from '../../resources/kind.js';
import { bgpFilter } from '../../resources/v3/bgp-filter.js';
import { ipPool } from '../../resources/v3/ip-pool.js';
import { node } from '../../resources/v3/node.js';
import { profile } from '../../resources/v3/profile.js';
import { workloadEndpoint } from '../../resources/v3/workload-endpoint.js';
import type { Step } from '../step.js';
import { storedIdentity } from '../target.js';
import { affected, type Deleted, type Effects, type Gone } from './draft.js';
import { namersOf } from './namers.js';
import { findPoolUses } from './pool-uses.js';
import { findReleased } from './released.js';
import { findSetNamers, SETS } from './set-namers.js';

/** What becomes of an object that names what is no longer there (reference/policy 4, reference/node 11). */
const LACKING = new Map<StoredKind, (name: string) => string>([
  [profile, (name) => `names the profile ${name}; a missing profile denies all that gets to it`],
  [bgpFilter, (name) => `names the filter ${name}; a missing filter lets all routes pass`],
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
  const gone: Gone = { keys: new Set(steps.map(({ key }) => key)), nodes: new Set(of(node).map(({ name }) => name)) };
  const used = new Map(of(node).map((draft): [Deleted, UseOf[]] => [draft, []]));
  await findNamers(store, of(node, ...LACKING.keys()), { gone: gone.keys, used }, revision);
  await findOwn(store, used, revision);
  await findReleased(store, used, gone, revision);
  await findSetNamers(store, of(...SETS), gone.keys, revision);
  await findPoolUses(store, of(ipPool), gone, revision);
  return deleted.filter(({ goes, released, blocks, breaks, inUse }) => [goes, released, blocks, breaks, inUse].some((part) => part.length > 0));
}

function deletedBy(step: Step): Deleted {
  const { target, key } = step;
  const { name = target.object.metadata.name } = nameInKey(target.stored, key) ?? {};
  return { step, kind: target.stored, name, target, goes: [], released: [], blocks: [], breaks: [], inUse: [] };
}

/** Objects that name what is deleted: those that name a node go with it, others stay and lack what they name. */
async function findNamers(store: Store, deleted: readonly Deleted[], { gone, used }: { readonly gone: ReadonlySet<string>; readonly used: ReadonlyMap<Deleted, UseOf[]> }, revision: string): Promise<void> {
  const byIdentity = new Map(deleted.map((each) => [storedIdentity(each.kind, each.name), each]));
  const names = new Map<StoredKind, Set<string>>();
  for (const { kind, name } of deleted) names.set(kind, (names.get(kind) ?? new Set()).add(name));
  for await (const { kind, entry, object, references } of namersOf(store, names, revision)) {
    const host = references.find(({ kind: to }) => to === node);
    const draft = host && byIdentity.get(storedIdentity(node, host.name));
    // Also an endpoint that goes for itself gives its addresses back where its node goes too.
    if (draft !== undefined && kind === workloadEndpoint) used.get(draft)?.push(...usesOfEndpoint(entry.key, entry.value));
    if (gone.has(entry.key)) continue;
    if (host !== undefined) draft?.goes.push(affected(kind, object));
    else {
      for (const { kind: to, name } of references) byIdentity.get(storedIdentity(to, name))?.breaks.push(affected(kind, object, LACKING.get(to)?.(name)));
    }
  }
}

/** The tunnel addresses and the blocks of nodes. */
async function findOwn(store: Store, used: ReadonlyMap<Deleted, UseOf[]>, revision: string): Promise<void> {
  const nodes = [...used.keys()];
  if (nodes.length === 0) return;
  const prefixes = nodes.map(({ name }) => ({ prefix: affinityPrefix({ type: 'host', name }), keysOnly: true }));
  const { ranges } = await store.snapshot([...nodes.map(({ step }) => ({ key: step.key })), ...prefixes], { revision });
  for (const [index, draft] of nodes.entries()) {
    const { name, blocks } = draft;
    used.get(draft)?.push(...usesOfNode(name, ranges[index]?.[0]?.value ?? '').filter(({ use }) => use.kind === 'tunnel'));
    for (const { key } of ranges[nodes.length + index] ?? []) {
      const affinity = parseAffinityKey(key);
      if (affinity !== undefined) blocks.push(formatCidr(affinity.cidr));
    }
  }
}
