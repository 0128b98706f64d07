import { field, type Decoding } from '../fields/field.js';
import { objectOf, type Data, type ObjectType } from '../fields/object.js';
import { oneOf, text } from '../fields/scalars.js';
import type { Metadata, StoredKind, StoredObject } from '../kind.js';
import type { Problems } from '../problem.js';
import { metadataType } from './metadata.js';

export const API_VERSION = 'projectcalico.org/v3';

const types = new Map<StoredKind, ObjectType<StoredObject>>();

/** The type of a whole document of a kind: kind, apiVersion, metadata, spec and, for some, status. */
export function storedDocumentType(kind: StoredKind): ObjectType<StoredObject> {
  let type = types.get(kind);
  if (type === undefined) {
    type = objectOf<StoredObject>(`a ${kind.kind}`, [
      field('kind', oneOf('the kind', [kind.kind]), { write: 'always' }),
      field('apiVersion', text(), { write: 'always' }),
      field('metadata', metadataType, { write: 'always' }),
      field('spec', kind.spec, { write: 'always' }),
      ...(kind.status ? [field('status', kind.status, { write: 'always' })] : []),
      ...(kind.optionalStatus ? [field('status', kind.optionalStatus, { write: 'given' })] : []),
    ]);
    types.set(kind, type);
  }
  return type;
}

/**
 * Reads a v3 document as Calico reads it, strictly: decodes, fills in the defaults, checks. Everything wrong goes
 * to `problems`; the result can be written only if none of it is an error.
 * @param namespace filled in for a namespaced kind whose document names none
 * @param unknown takes the fields that nobody knows, which are then kept; without it they are problems
 */
export function readStoredDocument(kind: StoredKind, raw: Data, problems: Problems, namespace = 'default', unknown?: Problems): StoredObject | undefined {
  const to: Decoding = { problems, coerce: true, ...(unknown === undefined ? {} : { unknown }) };
  const before = problems.list.length;
  const object = storedDocumentType(kind).decode(raw, [], to);
  if (object === undefined || !isWhole(object)) return undefined;
  if (kind.namespaced && object.metadata.namespace === undefined) insertNamespace(object, namespace);
  // Rules over several fields would only repeat what was already said of a single one.
  if (problems.list.slice(before).some((problem) => problem.severity === 'error')) return object;
  kind.applyDefaults?.(object);
  checkMetadata(kind, object, problems);
  kind.check?.(object, problems);
  return object;
}

/** Whether metadata and spec could be read at all: decoding leaves out what is of a wrong type. */
function isWhole(object: Partial<StoredObject>): boolean {
  return object.metadata !== undefined && object.spec !== undefined;
}

function checkMetadata(kind: StoredKind, object: StoredObject, problems: Problems): void {
  const metadata: Partial<Metadata> = object.metadata;
  const { name, generateName, namespace } = metadata;
  if (name === undefined || name === '') {
    const hint = generateName === undefined ? undefined : 'generateName is not supported: give a name';
    problems.add('required', ['metadata', 'name'], 'a name is required', { hint });
  } else {
    const problem = kind.nameProblem(name);
    if (problem !== undefined) problems.add('value', ['metadata', 'name'], problem);
  }
  if (!kind.namespaced && namespace !== undefined) {
    problems.add('value', ['metadata', 'namespace'], `a ${kind.kind} belongs to no namespace`, { hint: 'remove the namespace' });
  } else if (namespace?.includes('/') === true) {
    // Nobody would find it again: its key would have a part too many.
    problems.add('value', ['metadata', 'namespace'], `${JSON.stringify(namespace)} is not a namespace: it may have no "/"`);
  }
}

/** Puts the namespace where Calico writes it, after the name. */
function insertNamespace(object: StoredObject, namespace: string): void {
  const { name, generateName, ...rest } = object.metadata;
  object.metadata = { name, ...(generateName === undefined ? {} : { generateName }), namespace, ...rest };
}
