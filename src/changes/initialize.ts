import type { Entry, Operation, Store } from '../datastore/store.js';
import { keyOf } from '../resources/keys.js';
import type { StoredKind, StoredObject } from '../resources/kind.js';
import { encodeStored } from '../resources/stored-value.js';
import { clusterInformation } from '../resources/v3/cluster-information.js';
import { BUILT_IN_TIERS, tier } from '../resources/v3/tier.js';

/** Where times and identifiers come from; a test gives its own. */
export interface Sources {
  now(): Date;
  uuid(): string;
}

/** Tells which keys are there already. */
export interface Present {
  has(key: string): boolean;
}

/** Keys of the objects that every Calico datastore starts with (reference/storage 2.6). */
export const INITIAL_KEYS: readonly string[] = [
  keyOf(clusterInformation, 'default'),
  ...Object.keys(BUILT_IN_TIERS).map((name) => keyOf(tier, name)),
];

/**
 * Writes those of the initial objects that are missing: once, and never over one that is there. Somebody else writing
 * them at the same moment is as good.
 * @param present the keys that are there already
 */
export async function ensureInitialized(store: Store, present: Present, sources: Sources): Promise<void> {
  await writeInitial(store, initialEntries(present, sources));
}

/** Writes initial objects that were missing, as ensureInitialized does. */
export async function writeInitial(store: Store, entries: readonly Entry[]): Promise<void> {
  if (entries.length === 0) return;
  const operations = entries.map(({ key, value }): Operation => ({ action: 'put', key, expect: '0', value }));
  const commit = await store.commit(operations, []);
  if (!commit.done) for (const operation of operations) await store.commit([operation], []);
}

/** Those of the initial objects that are missing, as they would be read once they are written. */
export function initialEntries(present: Present, sources: Sources): readonly Entry[] {
  if (INITIAL_KEYS.every((key) => present.has(key))) return [];
  const entries = initialObjects(sources).map(({ kind, object }): Entry => ({ key: keyOf(kind, object.metadata.name), value: encodeStored(kind, object), modRevision: '0' }));
  return entries.filter(({ key }) => !present.has(key));
}

function initialObjects(sources: Sources): { kind: StoredKind; object: StoredObject }[] {
  const clusterGUID = sources.uuid().replaceAll('-', '');
  return [
    { kind: clusterInformation, object: newObject(clusterInformation, 'default', { clusterGUID, datastoreReady: true }, sources) },
    ...Object.entries(BUILT_IN_TIERS).map(([name, spec]) => ({ kind: tier, object: { ...newObject(tier, name, { ...spec }, sources), status: {} } })),
  ];
}

/** Whether an object is a tier that every datastore starts with: a listing of another store has it too. */
export function isInitial(kind: StoredKind, { metadata: { name } }: StoredObject): boolean {
  return kind === tier && Object.hasOwn(BUILT_IN_TIERS, name);
}

function newObject(kind: StoredKind, name: string, spec: Record<string, unknown>, sources: Sources): StoredObject {
  return { kind: kind.kind, apiVersion: 'projectcalico.org/v3', metadata: { name, ...newIdentity(sources) }, spec };
}

/** What an object gets when it is created, and keeps. */
export interface Identity {
  readonly uid: string;
  readonly creationTimestamp: string;
}

/** The uid and creation time of a new object (reference/storage 2.2). */
export function newIdentity(sources: Sources): Identity {
  return { uid: sources.uuid(), creationTimestamp: timestamp(sources.now()) };
}

/** RFC 3339, UTC, whole seconds. */
export function timestamp(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
