import { isMap, type Data } from '../../base/data.js';
import type { ClassicDocument, StoredKind, StoredObject } from '../kind.js';
import { NAME_ANNOTATION, TIER_LABEL } from '../v3/policy-storage.js';
import { metadataType } from '../v3/metadata.js';
import { sameValue } from '../same-value.js';
import { OWN_WORDS } from './own-words.js';

/** Whether two classic documents, both in the form in which they are printed, say the same. */
export function sameDocument(left: ClassicDocument, right: ClassicDocument): boolean {
  return sameInGo(left.metadata, right.metadata) && sameInGo(left.spec, right.spec);
}

/**
 * Whether two stored objects of a kind say the same to Calico: name, labels, annotations and spec, with the defaults
 * filled in. `converted` comes from a classic document and has them; whatever `found` has beyond its fields counts.
 */
export function sameObject(stored: StoredKind, converted: StoredObject, found: StoredObject): boolean {
  // Only objects of older versions lack defaults.
  return !hasMore(found) && (sameContent(stored, converted, found) || sameContent(stored, converted, completed(stored, found)));
}

function sameContent(stored: StoredKind, left: StoredObject, right: StoredObject): boolean {
  return (
    left.metadata.name === right.metadata.name &&
    (!stored.namespaced || (left.metadata.namespace ?? 'default') === (right.metadata.namespace ?? 'default')) &&
    sameValue(stored.spec, left.spec, right.spec) &&
    sameTexts(left.metadata.labels, right.metadata.labels, stored.storage === undefined ? [] : [TIER_LABEL]) &&
    sameTexts(left.metadata.annotations, right.metadata.annotations, stored.storage === undefined ? [OWN_WORDS] : [OWN_WORDS, NAME_ANNOTATION])
  );
}

/** A copy of the object, as deep as defaults reach, with the defaults filled in. */
function completed(stored: StoredKind, object: StoredObject): StoredObject {
  const { labels } = object.metadata;
  const copy = { ...object, metadata: { ...object.metadata, ...(labels === undefined ? {} : { labels: { ...labels } }) }, spec: { ...object.spec } };
  stored.applyDefaults?.(copy);
  return copy;
}

/** Metadata that is not content, or is compared by itself. */
const PLAIN_METADATA: readonly string[] = ['name', 'namespace', 'uid', 'resourceVersion', 'creationTimestamp', 'selfLink', 'labels', 'annotations'];
const PLAIN_FIELDS: readonly string[] = ['kind', 'apiVersion', 'metadata', 'spec'];
/** What is known, and says nothing where it is empty; of what nobody knows an empty value may mean something. */
const KNOWN: ReadonlySet<string> = new Set(['status', ...metadataType.fields.map(({ name }) => name)]);

/** Whether an object has anything for which the classic language has no place at all. */
function hasMore(object: StoredObject): boolean {
  return hasOther(object, PLAIN_FIELDS) || hasOther(object.metadata, PLAIN_METADATA);
}

function hasOther(map: Data, plain: readonly string[]): boolean {
  for (const name in map) if (!plain.includes(name) && map[name] !== undefined && map[name] !== null && !(KNOWN.has(name) && isNothing(map[name]))) return true;
  return false;
}

type Texts = Readonly<Record<string, string>>;

/** Maps of text; null is possible in what some tool stored. */
function sameTexts(leftOrNothing: Texts | null | undefined, rightOrNothing: Texts | null | undefined, ignored: readonly string[]): boolean {
  const left = leftOrNothing ?? {};
  const right = rightOrNothing ?? {};
  for (const key in left) if (left[key] !== right[key] && !ignored.includes(key)) return false;
  for (const key in right) if (left[key] === undefined && !ignored.includes(key)) return false;
  return true;
}

/**
 * Whether two values say the same in Go's JSON, where false, an empty text, list or map is as good as no value. Numbers
 * are not: an order of 0 is not the same as no order.
 */
function sameInGo(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right)) return left.length === right.length && left.every((each, index) => sameInGo(each, right[index]));
  if (isMap(left) && isMap(right)) return sameMaps(left, right);
  return isNothing(left) && isNothing(right);
}

/** Maps with keys of the user's choice, in which an empty text is a value like any other. */
const FREE_MAPS: readonly string[] = ['labels', 'labelsToApply', 'annotations'];

function sameMaps(left: Data, right: Data): boolean {
  for (const key in left) {
    const free = isMap(left[key]) && isMap(right[key]) && FREE_MAPS.includes(key);
    if (!(free ? sameTexts(left[key] as Texts, right[key] as Texts, []) : sameInGo(left[key], right[key]))) return false;
  }
  for (const key in right) if (left[key] === undefined && !isNothing(right[key])) return false;
  return true;
}

function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  if (!isMap(value)) return false;
  for (const key in value) if (!isNothing(value[key]) || value[key] === '') return false;
  return true;
}
