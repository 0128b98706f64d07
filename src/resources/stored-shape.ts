import { isMap } from '../base/data.js';
import { readJson } from '../go/read-json.js';
import { TOO_DEEP } from '../base/depth.js';
import { plainText } from './plain-text.js';

/** Members of the metadata that are maps; Calico reads null as an empty one. */
export const METADATA_MAPS = ['labels', 'annotations'] as const;

/** A stored text as data, and whether it may hold a number that is no double; or why it is none. */
export function parseStored(text: string): { readonly raw: unknown; readonly hasLong: boolean } | { readonly problem: string } {
  try {
    const { value: raw, hasLong } = readJson(text);
    return { raw, hasLong };
  } catch (error) {
    const { message } = error as Error;
    return { problem: message === TOO_DEEP ? TOO_DEEP : `not JSON: ${message}` };
  }
}

/** Why a stored value, once it is parsed, holds no resource of the kind, such as `not a JSON object`; undefined where it does. */
export function shapeProblem(kind: string, raw: unknown): string | undefined {
  if (!isMap(raw)) return 'not a JSON object';
  if (raw['kind'] !== undefined && raw['kind'] !== kind) return `holds a ${plainText(raw['kind'])}, not a ${kind}`;
  const { metadata, spec } = raw;
  if (!isMap(metadata)) return 'has no metadata';
  const odd = METADATA_MAPS.find((name) => !isMap(metadata[name] ?? {}));
  if (odd !== undefined) return `its ${odd} are not a map`;
  return isMap(spec ?? {}) ? undefined : 'its spec is not a map';
}
