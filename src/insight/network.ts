import type { Entry, Store } from '../datastore/store.js';
import { namersOf } from '../changes/effects/namers.js';
import type { Refused } from '../changes/plan.js';
import { prunable, type Prunable } from '../changes/prune/prunable.js';
import type { PruneScope } from '../changes/prune/scope.js';
import { writeTargets, type WriteOptions } from '../changes/write.js';
import { writtenEntries } from '../changes/written-entries.js';
import type { Target } from '../objects/target.js';
import { readNetwork } from '../policy/stored-network.js';
import { prefixOf } from '../resources/keys.js';
import type { StoredKind, StoredObject } from '../resources/kind.js';
import type { CorruptEntry } from '../resources/stored-value.js';
import { node } from '../resources/v3/node.js';

/** The resources of a network, all as of one revision. */
export interface Network {
  readonly revision: string;
  readonly resources: readonly StoredObject[];
  /** Keys that cannot be read: what they hold is missing in every answer. */
  readonly corrupt: readonly CorruptEntry[];
  /** Why the manifests cannot be applied; nothing else counts then. */
  readonly refused: readonly Refused[];
  /** What the manifests have, with the places there. */
  readonly targets: readonly Target[];
}

/** Manifests that a network is looked at with, as if they were applied. */
export interface Applying extends Omit<WriteOptions, 'dryRun'> {
  readonly targets: readonly Target[];
  /** Where what no file has goes. */
  readonly prune?: PruneScope | undefined;
}

/** A network before manifests are applied, and after. */
export interface NetworkPair {
  readonly before: Network;
  readonly after: Network;
}

/**
 * Reads the resources of some kinds, as they are, or as they would be after apply. Throws DatastoreError, and ManifestError for
 * documents that are wrong in sight of what is stored.
 */
export async function networkOf(store: Store, kinds: readonly StoredKind[], applying?: Applying): Promise<Network> {
  const { revision, stored, written, refused } = await entriesOf(store, kinds, applying);
  const untouched = stored.filter(({ key }) => !written.has(key));
  return { revision, refused, targets: applying?.targets ?? [], ...resourcesIn([...untouched, ...[...written.values()].filter((entry) => entry !== undefined)], kinds) };
}

/** The same, as they are and as they would be after apply, of one revision. What apply leaves alone is the same object in both. */
export async function networksAround(store: Store, kinds: readonly StoredKind[], applying: Applying): Promise<NetworkPair> {
  const { revision, stored, written, refused } = await entriesOf(store, kinds, applying);
  const untouched = resourcesIn(stored.filter(({ key }) => !written.has(key)), kinds);
  const network = (entries: readonly Entry[]): Network => {
    const { resources, corrupt } = resourcesIn(entries, kinds);
    return { revision, refused, targets: applying.targets, resources: [...untouched.resources, ...resources], corrupt: [...untouched.corrupt, ...corrupt] };
  };
  return { before: network(stored.filter(({ key }) => written.has(key))), after: network([...written.values()].filter((entry) => entry !== undefined)) };
}

/** What is stored, and what of it would be written (by key; undefined for what would be deleted), at one revision. */
interface Entries {
  readonly revision: string;
  readonly stored: readonly Entry[];
  readonly written: ReadonlyMap<string, Entry | undefined>;
  readonly refused: readonly Refused[];
}

async function entriesOf(store: Store, kinds: readonly StoredKind[], applying: Applying | undefined): Promise<Entries> {
  const after = applying === undefined ? undefined : await writtenBy(store, applying);
  if (after !== undefined && after.refused.length > 0) return { revision: after.revision, stored: [], written: new Map(), refused: after.refused };
  const { revision, ranges } = await store.snapshot(kinds.map((kind) => ({ prefix: prefixOf(kind) })), after === undefined ? {} : { revision: after.revision });
  return { revision, stored: ranges.flat(), written: after?.entries ?? new Map<string, Entry | undefined>(), refused: [] };
}

function resourcesIn(entries: readonly Entry[], kinds: readonly StoredKind[]): Pick<Network, 'resources' | 'corrupt'> {
  const { resources, corrupt } = readNetwork(entries.filter(({ invalid }) => invalid !== true), kinds);
  return { resources, corrupt: [...corrupt, ...entries.filter(({ invalid }) => invalid === true).map(({ key }) => ({ key, reason: 'not UTF-8' }))] };
}

/** What apply would write, by key; undefined for what it would delete. */
async function writtenBy(store: Store, { targets, prune, ...options }: Applying): Promise<{ readonly revision: string; readonly refused: readonly Refused[]; readonly entries: ReadonlyMap<string, Entry | undefined> }> {
  const { plan: { steps, refused }, initial, revision } = await writeTargets(store, 'apply', targets, { ...options, dryRun: true });
  const entries = new Map<string, Entry | undefined>([...initial.map((entry) => [entry.key, entry] as const), ...writtenEntries(steps)]);
  const going = prune === undefined || refused.length > 0 ? [] : await prunable(store, steps, prune, { revision, signal: options.signal });
  for (const key of await prunedKeys(store, going, revision)) entries.set(key, undefined);
  return { revision, refused, entries };
}

/** What goes when resources are pruned: they, and with a node all that is only its own. */
async function prunedKeys(store: Store, going: readonly Prunable[], revision: string): Promise<readonly string[]> {
  const keys = going.map(({ entry }) => entry.key);
  const nodes = new Set(going.filter(({ target }) => target.stored === node).map(({ target }) => target.object.metadata.name));
  if (nodes.size > 0) for await (const { entry } of namersOf(store, new Map([[node, nodes]]), revision)) keys.push(entry.key);
  return keys;
}
