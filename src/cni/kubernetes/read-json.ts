import { isMap, type Data } from '../../base/data.js';
import { CalicoError } from '../../base/errors.js';

/** An object of Kubernetes' API as JSON, and what messages call it: `the pod default/web`. */
export interface ApiObject {
  readonly name: string;
  readonly json: unknown;
}

/** The map at a path of an object; an empty one where there is none. Throws CalicoError (`unreadable`) where something else stands there. */
export function mapAt(object: ApiObject, ...path: readonly string[]): Data {
  let value = object.json;
  for (const [index, key] of path.entries()) {
    if (!isMap(value)) throw unfit(object, path.slice(0, index), 'a map');
    value = value[key] ?? {};
  }
  if (!isMap(value)) throw unfit(object, path, 'a map');
  return value;
}

/** The map of texts at a path: labels, annotations. Throws CalicoError (`unreadable`). */
export function textsAt(object: ApiObject, ...path: readonly string[]): Readonly<Record<string, string>> {
  const map = mapAt(object, ...path);
  for (const [key, value] of Object.entries(map)) if (typeof value !== 'string') throw unfit(object, [...path, key], 'a text');
  return map as Record<string, string>;
}

/** The text at a path; undefined where there is none, or an empty one. Throws CalicoError (`unreadable`). */
export function textAt(object: ApiObject, ...path: readonly string[]): string | undefined {
  const value = mapAt(object, ...path.slice(0, -1))[path.at(-1) as string] ?? '';
  if (typeof value !== 'string') throw unfit(object, path, 'a text');
  return value === '' ? undefined : value;
}

/** The list at a path; an empty one where there is none. Throws CalicoError (`unreadable`). */
export function listAt(object: ApiObject, ...path: readonly string[]): readonly unknown[] {
  const value = mapAt(object, ...path.slice(0, -1))[path.at(-1) as string] ?? [];
  if (!Array.isArray(value)) throw unfit(object, path, 'a list');
  return value;
}

/** Something of the API that is not what Kubernetes says it is. */
export function unfit({ name }: ApiObject, path: readonly string[], wanted: string): CalicoError {
  return new CalicoError('unreadable', `${name} cannot be read: ${path.length === 0 ? 'it' : path.join('.')} is not ${wanted}`, { subject: name });
}
