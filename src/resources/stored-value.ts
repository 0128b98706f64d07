import { goJson } from './go-json.js';
import { isMap } from './fields/object.js';
import { nameInKey } from './keys.js';
import type { Metadata, StoredKind, StoredObject } from './kind.js';

/** What the codec needs of a key as it was read. */
export interface StoredEntry {
  readonly key: string;
  readonly value: string;
  readonly modRevision: string;
}

/** An entry below a kind's prefix that holds no such resource, and why. */
export interface CorruptEntry {
  readonly key: string;
  readonly reason: string;
}

/**
 * Reads a stored value as Calico does: the revision of the key becomes the resourceVersion, what storing added is
 * taken away, defaults of newer versions are filled in. Unknown fields stay. Never throws.
 */
export function decodeStored(kind: StoredKind, entry: StoredEntry): StoredObject | CorruptEntry {
  let raw: unknown;
  try {
    raw = JSON.parse(entry.value);
  } catch (error) {
    return { key: entry.key, reason: `not JSON: ${(error as Error).message}` };
  }
  const named = nameInKey(kind, entry.key);
  if (named === undefined) return { key: entry.key, reason: 'the key has the wrong number of segments' };
  if (!isMap(raw)) return { key: entry.key, reason: 'not a JSON object' };
  if (raw['kind'] !== undefined && raw['kind'] !== kind.kind) return { key: entry.key, reason: `holds a ${String(raw['kind'])}, not a ${kind.kind}` };
  const metadata = isMap(raw['metadata']) ? (raw['metadata'] as Metadata) : undefined;
  if (metadata === undefined) return { key: entry.key, reason: 'has no metadata' };
  const spec = raw['spec'];
  if (spec !== undefined && spec !== null && !isMap(spec)) return { key: entry.key, reason: 'its spec is not a map' };
  return complete(kind, raw, metadata, named, entry.modRevision);
}

function complete(kind: StoredKind, raw: Record<string, unknown>, metadata: Metadata, named: { name: string; namespace?: string }, revision: string): StoredObject {
  const { kind: _kind, apiVersion: _apiVersion, metadata: _metadata, spec, status, ...others } = raw;
  const object: StoredObject = {
    kind: kind.kind,
    apiVersion: 'projectcalico.org/v3',
    metadata: withRevision({ ...metadata, name: typeof metadata.name === 'string' && metadata.name !== '' ? metadata.name : named.name, ...(named.namespace === undefined ? {} : { namespace: named.namespace }) }, revision),
    spec: isMap(spec) ? spec : {},
    ...(status !== undefined ? { status: isMap(status) ? status : {} } : kind.status ? { status: {} } : {}),
    ...others,
  };
  kind.storage?.fromStore(object);
  kind.applyReadDefaults?.(object);
  return object;
}

const BEFORE_REVISION = ['name', 'generateName', 'namespace', 'selfLink', 'uid'] as const;

/** Metadata with the resourceVersion where Calico prints it: after the uid. */
function withRevision(metadata: Metadata, revision: string): Metadata {
  const first: Record<string, unknown> = {};
  for (const key of BEFORE_REVISION) if (metadata[key] !== undefined) first[key] = metadata[key];
  return { ...first, resourceVersion: revision, ...without(metadata, BEFORE_REVISION) } as unknown as Metadata;
}

function without(metadata: Metadata, keys: readonly string[]): Record<string, unknown> {
  const rest: Record<string, unknown> = {};
  for (const key of Object.keys(metadata)) if (!keys.includes(key) && key !== 'resourceVersion') rest[key] = metadata[key];
  return rest;
}

/** Whether decodeStored found the entry unreadable. */
export function isCorrupt(result: StoredObject | CorruptEntry): result is CorruptEntry {
  return 'reason' in result && !('metadata' in result);
}

/** The text that is stored for an object: compact JSON in Calico's field order, with what storing adds (v3-storage.md 2.1). */
export function encodeStored(kind: StoredKind, object: StoredObject): string {
  const { resourceVersion: _revision, selfLink: _link, labels, annotations, ...metadata } = object.metadata;
  const copy: StoredObject = {
    ...object,
    metadata: { ...metadata, ...nonEmpty('labels', labels), ...nonEmpty('annotations', annotations) },
  };
  kind.storage?.toStore(copy);
  return goJson(copy);
}

function nonEmpty(name: string, map: Record<string, string> | undefined): Record<string, unknown> {
  return map !== undefined && Object.keys(map).length > 0 ? { [name]: map } : {};
}
