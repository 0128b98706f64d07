import { isMap, type Data } from '../../base/data.js';
import { describe } from '../../resources/fields/field.js';
import type { Path, Problems } from '../../resources/problem.js';
import type { Patch, Shape } from './patch.js';

/** In a strategic patch: what becomes of the map it stands in (reference/storage 2.5). */
const DIRECTIVE = '$patch';
const DIRECTIVES: readonly unknown[] = ['replace', 'delete', 'merge'];

/**
 * A merge patch: RFC 7396, or the strategic one of Kubernetes, which on Calico's types is the same, since lists are replaced
 * there too, but for the directive `$patch: replace` or `delete` in a map.
 */
export function readMergePatch(type: 'strategic' | 'merge', value: unknown, problems: Problems): Patch | undefined {
  if (!isMap(value)) {
    const hint = Array.isArray(value) ? 'a list of operations is a JSON patch: --type json' : 'write for example {"spec": {"order": 10}}';
    problems.add('type', [], `a ${type} patch is a map of fields, not ${describe(value)}`, { hint });
    return undefined;
  }
  const strategic = type === 'strategic';
  if (strategic && !directivesAreRight(value, [], problems)) return undefined;
  return { apply: (document, shape) => merged(document, value, shape, strategic), source: (path) => path };
}

function merged(document: unknown, patch: unknown, shape: Shape | undefined, strategic: boolean): unknown {
  if (!isMap(patch)) return patch;
  const directive = strategic && Object.hasOwn(patch, DIRECTIVE) ? patch[DIRECTIVE] : undefined;
  if (directive === 'delete') return {};
  const values = new Map(isMap(document) && directive !== 'replace' ? Object.entries(document) : []);
  for (const [given, value] of Object.entries(patch)) {
    if (strategic && given === DIRECTIVE) continue;
    const key = declared(given, shape);
    if (value === null) values.delete(key);
    else values.set(key, merged(values.get(key), value, inside(key, shape), strategic));
  }
  // Unlike an assignment this makes a member of any name, `__proto__` too.
  return Object.fromEntries(values);
}

/** A field as it is declared, whatever the letter case it is given in; the keys of a free map are what they are. */
function declared(given: string, shape: Shape | undefined): string {
  if (shape?.fields === undefined || shape.fields.some(({ name }) => name === given)) return given;
  return shape.fields.find(({ name }) => name.toLowerCase() === given.toLowerCase())?.name ?? given;
}

function inside(key: string, shape: Shape | undefined): Shape | undefined {
  return shape?.fields === undefined ? shape?.element : shape.fields.find(({ name }) => name === key)?.type;
}

function directivesAreRight(patch: Data, path: Path, problems: Problems): boolean {
  const directive = patch[DIRECTIVE];
  let right = true;
  if (Object.hasOwn(patch, DIRECTIVE) && !DIRECTIVES.includes(directive)) {
    problems.add('value', [...path, DIRECTIVE], `expected replace, delete or merge, found ${describe(directive)}`);
    right = false;
  }
  for (const [key, value] of Object.entries(patch)) if (isMap(value) && !directivesAreRight(value, [...path, key], problems)) right = false;
  return right;
}
