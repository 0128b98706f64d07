import { isMap, type Data } from '../base/data.js';
import type { AsStored } from './fields/field.js';
import { withFloats } from './fields/floats.js';
import { goJson } from '../go/json.js';
import { nameInKey } from './keys.js';
import type { Metadata, StoredKind, StoredObject } from './kind.js';
import { METADATA_MAPS, parseStored, shapeProblem } from './stored-shape.js';

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
export function decodeStored<Spec extends Data>(kind: StoredKind<Spec>, entry: StoredEntry): StoredObject<Spec> | CorruptEntry;
export function decodeStored(kind: StoredKind, entry: StoredEntry): StoredObject | CorruptEntry {
  const parsed = parseStored(entry.value);
  if ('problem' in parsed) return { key: entry.key, reason: parsed.problem };
  const { raw } = parsed;
  const named = nameInKey(kind, entry.key);
  if (named === undefined) return { key: entry.key, reason: 'the key has the wrong number of segments' };
  const problem = shapeProblem(kind.kind, raw);
  if (problem !== undefined) return { key: entry.key, reason: problem };
  const shaped = raw as Data & { readonly metadata: AsStored<Metadata> };
  if (parsed.hasLong) shaped['spec'] = withFloats(kind.spec, shaped['spec']);
  return complete(kind, shaped, shaped.metadata, named, entry.modRevision);
}

function complete(kind: StoredKind, raw: Record<string, unknown>, metadata: AsStored<Metadata>, named: { name: string; namespace?: string }, revision: string): StoredObject {
  const { spec, status } = raw;
  const object: StoredObject = {
    kind: kind.kind,
    apiVersion: 'projectcalico.org/v3',
    metadata: completeMetadata(metadata, named, revision),
    spec: isMap(spec) ? spec : {},
  };
  if (status !== undefined || kind.status) object.status = isMap(status) ? status : {};
  addOthers(object, raw);
  kind.storage?.fromStore(object);
  kind.applyReadDefaults?.(object);
  return object;
}

const BEFORE_REVISION = ['generateName', 'namespace', 'selfLink', 'uid'] as const;

/** Metadata with the resourceVersion where Calico prints it, after the uid, and with what the key says. */
function completeMetadata(metadata: AsStored<Metadata>, named: { name: string; namespace?: string }, revision: string): Metadata {
  const { name } = metadata;
  const complete: AsStored<Metadata> = { name: typeof name === 'string' && name !== '' ? name : named.name };
  for (const key of BEFORE_REVISION) {
    const value = key === 'namespace' ? (named.namespace ?? metadata.namespace) : metadata[key];
    if (value !== undefined) complete[key] = value;
  }
  complete.resourceVersion = revision;
  addOthers(complete, metadata);
  for (const name of METADATA_MAPS) if (complete[name] === null) Reflect.deleteProperty(complete, name);
  return complete as Metadata;
}

/** Adds the members that are not there yet. */
function addOthers(object: Record<string, unknown>, members: Readonly<Record<string, unknown>>): void {
  for (const name in members) if (!Object.hasOwn(object, name) && name !== '__proto__') object[name] = members[name];
}

/** Whether decodeStored found the entry unreadable. */
export function isCorrupt(result: StoredObject | CorruptEntry): result is CorruptEntry {
  return 'reason' in result && !('metadata' in result);
}

/** The text that is stored for an object: compact JSON in Calico's field order, with what storing adds (reference/storage 2.1). */
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
