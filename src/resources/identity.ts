import { isMap, type Data } from '../base/data.js';
import type { Decoding } from './fields/field.js';
import { text } from './fields/scalars.js';
import type { ClassicKind, StoredKind, StoredObject } from './kind.js';
import { Problems } from './problem.js';
import { API_VERSION } from './v3/document.js';

/** No name of a resource has these: a key with one would be another resource's, or nobody's. */
const NEVER_IN_NAMES = /[/\x00-\x20\x7f]/;

const identifier = text({
  name: 'a name',
  problem: (value) => (NEVER_IN_NAMES.test(value) ? `${JSON.stringify(value)} is not a name: it contains a "/", a space or a control character` : undefined),
});

/**
 * What a v3 document is about, for a verb that takes nothing else from it: kind, name, namespace and resourceVersion. The rest
 * of the document may be of any shape, or missing. What is wrong with the identity goes to `problems`; then there is no result.
 * @param namespace filled in for a namespaced kind whose document names none
 */
export function readStoredIdentity(kind: StoredKind, raw: Data, problems: Problems, namespace = 'default'): StoredObject | undefined {
  const before = problems.list.length;
  const to: Decoding = { problems, coerce: true };
  const given = valueOf(raw, 'metadata');
  const metadata = isMap(given) ? given : {};
  const read = (name: string): string | undefined => {
    const value = valueOf(metadata, name);
    return value === undefined || value === null || value === '' ? undefined : identifier.decode(value, ['metadata', name], to);
  };
  const spec = valueOf(raw, 'spec');
  const [name, space, resourceVersion] = [read('name'), read('namespace'), read('resourceVersion')];
  if (!kind.namespaced && space !== undefined) problems.add('value', ['metadata', 'namespace'], `a ${kind.kind} is not namespaced`, { hint: 'remove the namespace' });
  if (problems.list.length > before) return undefined;
  const known = name ?? (isMap(spec) ? kind.nameOf?.(spec) : undefined);
  if (known === undefined) {
    problems.add('required', ['metadata', 'name'], 'a name is required');
    return undefined;
  }
  return {
    kind: kind.kind,
    apiVersion: API_VERSION,
    metadata: { name: known, ...(kind.namespaced ? { namespace: space ?? namespace } : {}), ...(resourceVersion === undefined ? {} : { resourceVersion }) },
    spec: {},
  };
}

/** The classic metadata of a document by which it is found; what else is wrong with it does not matter. Problems of identifiers go to `problems`. */
export function readClassicIdentity(kind: ClassicKind, raw: Data, problems: Problems): Data {
  const found = new Problems();
  const given = valueOf(raw, 'metadata');
  const metadata = kind.metadata.decode(isMap(given) ? given : {}, ['metadata'], { problems: found, coerce: true }) ?? {};
  for (const problem of found.list) if (kind.identity.includes(String(problem.path[1])) && problem.severity === 'error') problems.list.push(problem);
  return metadata;
}

/** A member of a map, whatever the letter case of its key; an exact match first. */
function valueOf(map: Data, name: string): unknown {
  if (Object.hasOwn(map, name)) return map[name];
  const key = Object.keys(map).find((each) => each.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : map[key];
}
