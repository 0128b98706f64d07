import { goJson, sortKeysDeep } from '../go/json.js';
import type { StoredObject } from '../resources/kind.js';

/** Whether two objects would be stored alike, but for what only the store gives them. */
export function sameContent(left: StoredObject, right: StoredObject): boolean {
  return contentText(left) === contentText(right);
}

/** What would be stored of an object, but for what only the store gives it, as text that is the same for the same data. */
export function contentText({ metadata: { name, namespace, resourceVersion, labels, annotations }, ...rest }: StoredObject): string {
  return canonical({ ...rest, metadata: { name, namespace, resourceVersion, labels: labels ?? {}, annotations: annotations ?? {} } });
}

/** Text that is the same for the same data. */
export function canonical(value: unknown): string {
  return goJson(sortKeysDeep(value));
}
