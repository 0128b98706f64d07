import type { Data } from '../../base/data.js';
import { field, type AsRead, type Decoding } from '../fields/field.js';
import { objectOf, type ObjectType } from '../fields/object.js';
import { oneOf, text } from '../fields/scalars.js';
import type { Metadata, StoredKind, StoredObject } from '../kind.js';
import { Problems } from '../problem.js';
import { independentOf, isUncertain } from '../uncertain.js';
import { metadataType } from './metadata.js';

export const API_VERSION = 'projectcalico.org/v3';

const types = new Map<StoredKind, ObjectType>();

/** The type of a whole document of a kind: kind, apiVersion, metadata, spec and, for some, status. */
export function storedDocumentType(kind: StoredKind): ObjectType {
  let type = types.get(kind);
  if (type === undefined) {
    type = objectOf(`a ${kind.kind}`, [
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
 * to `problems`, but what only follows from something else that is wrong; the result can be written only if none of it is an error.
 * @param namespace filled in for a namespaced kind whose document names none
 * @param unknown takes the fields that nobody knows, which are then kept; without it they are problems
 */
export function readStoredDocument(kind: StoredKind, raw: Data, problems: Problems, namespace = 'default', unknown?: Problems): StoredObject | undefined {
  const to: Decoding = { problems, coerce: true, ...(unknown === undefined ? {} : { unknown }) };
  const before = problems.list.length;
  const object: AsRead<StoredObject> | undefined = storedDocumentType(kind).decode(raw, [], to);
  if (object === undefined) return undefined;
  if (!isWhole(object)) {
    if (isNamed(object)) checkMetadata(kind, object, problems);
    return undefined;
  }
  if (kind.namespaced && object.metadata.namespace === undefined) insertNamespace(object, namespace);
  const single = problems.list.slice(before).filter(({ severity }) => severity === 'error');
  if (single.length === 0) checkWhole(kind, object, problems);
  else {
    const rules = new Problems();
    rules.list.push(...single);
    checkWhole(kind, object, rules);
    problems.list.push(...independentOf(single, rules.list.slice(single.length), raw, object));
  }
  return object;
}

/** Fills in the defaults and asks the rules over several fields. `problems` has what is wrong with single ones, which are absent. */
function checkWhole(kind: StoredKind, object: StoredObject, problems: Problems): void {
  kind.applyDefaults?.(object);
  checkMetadata(kind, object, problems);
  kind.check?.(object, problems);
}

/** Whether metadata and spec could be read at all: decoding leaves out what is of a wrong type. */
function isWhole(object: AsRead<StoredObject>): object is StoredObject {
  return object.metadata !== undefined && object.spec !== undefined;
}

/** Whether there is a name that can be judged by itself, whatever the spec is. */
function isNamed(object: AsRead<StoredObject>): object is StoredObject {
  return object.metadata?.name !== undefined && object.metadata.name !== '';
}

function checkMetadata(kind: StoredKind, object: StoredObject, problems: Problems): void {
  const metadata: Partial<Metadata> = object.metadata;
  const { name, generateName, namespace } = metadata;
  if (name === undefined || name === '') {
    // The name would follow from a spec that is wrong.
    if (kind.nameOf !== undefined && isUncertain(problems, ['spec'])) return;
    const hint = generateName === undefined ? undefined : 'generateName is not supported: give a name';
    problems.add('required', ['metadata', 'name'], 'a name is required', { hint });
  } else {
    const problem = kind.nameProblem(name);
    if (problem !== undefined) problems.add('value', ['metadata', 'name'], problem);
  }
  if (!kind.namespaced && namespace !== undefined) {
    problems.add('value', ['metadata', 'namespace'], `a ${kind.kind} is not namespaced`, { hint: 'remove the namespace' });
  } else if (namespace?.includes('/') === true) {
    // Nobody would find it again: its key would have a part too many.
    problems.add('value', ['metadata', 'namespace'], `${JSON.stringify(namespace)} is not a namespace: it may not contain "/"`);
  }
}

/** Puts the namespace where Calico writes it, after the name. */
function insertNamespace(object: StoredObject, namespace: string): void {
  const { name, generateName, ...rest } = object.metadata;
  object.metadata = { name, ...(generateName === undefined ? {} : { generateName }), namespace, ...rest };
}
