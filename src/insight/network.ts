import type { Entry, Store } from '../datastore/store.js';
import type { Refused } from '../changes/plan.js';
import { writeTargets, type WriteOptions } from '../changes/write.js';
import type { Target } from '../objects/target.js';
import { readNetwork } from '../policy/stored-network.js';
import { prefixOf } from '../resources/keys.js';
import type { StoredKind, StoredObject } from '../resources/kind.js';
import type { CorruptEntry } from '../resources/stored-value.js';

/** The resources of a network, all as of one revision. */
export interface Network {
  readonly revision: string;
  readonly resources: readonly StoredObject[];
  /** Keys that cannot be read: what they hold is missing in every answer. */
  readonly corrupt: readonly CorruptEntry[];
  /** Why the manifests cannot be applied; nothing else counts then. */
  readonly refused: readonly Refused[];
}

/** Manifests that a network is looked at with, as if they were applied. */
export interface Applying extends Omit<WriteOptions, 'dryRun'> {
  readonly targets: readonly Target[];
}

/**
 * Reads the resources of some kinds, as they are, or as they would be after apply. Throws DatastoreError, and ManifestError for
 * documents that are wrong in sight of what is stored.
 */
export async function networkOf(store: Store, kinds: readonly StoredKind[], applying?: Applying): Promise<Network> {
  const after = applying === undefined ? undefined : await writtenBy(store, applying);
  if (after !== undefined && after.refused.length > 0) return { revision: after.revision, resources: [], corrupt: [], refused: after.refused };
  const { revision, ranges } = await store.snapshot(kinds.map((kind) => ({ prefix: prefixOf(kind) })), after === undefined ? {} : { revision: after.revision });
  const entries = new Map(ranges.flat().map((entry) => [entry.key, entry]));
  for (const [key, entry] of after?.entries ?? []) {
    if (entry === undefined) entries.delete(key);
    else entries.set(key, entry);
  }
  const { resources, corrupt } = readNetwork([...entries.values()].filter(({ invalid }) => invalid !== true), kinds);
  const unread = [...entries.values()].filter(({ invalid }) => invalid === true).map(({ key }) => ({ key, reason: 'not UTF-8' }));
  return { revision, resources, corrupt: [...corrupt, ...unread], refused: [] };
}

/** What apply would write, by key; undefined for what it would delete. */
async function writtenBy(store: Store, { targets, ...options }: Applying): Promise<{ readonly revision: string; readonly refused: readonly Refused[]; readonly entries: ReadonlyMap<string, Entry | undefined> }> {
  const { plan: { steps, refused }, initial, revision } = await writeTargets(store, 'apply', targets, { ...options, dryRun: true });
  const entries = new Map<string, Entry | undefined>(initial.map((entry) => [entry.key, entry]));
  for (const { operations } of steps) {
    for (const operation of operations) {
      if (operation.action === 'put') entries.set(operation.key, { key: operation.key, value: operation.value, modRevision: operation.expect });
      if (operation.action === 'delete') entries.set(operation.key, undefined);
    }
  }
  return { revision, refused, entries };
}
