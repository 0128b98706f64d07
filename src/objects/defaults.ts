import { isMap, type Data } from '../base/data.js';
import { documentFields } from '../resources/document-fields.js';
import { fieldOf } from '../resources/hints/type-tree.js';
import type { Field, FieldType } from '../resources/fields/field.js';
import type { Kind } from '../resources/kind.js';
import { API_VERSION } from '../resources/v3/document.js';

/**
 * What is stored where a document leaves a field out, asked of the kind that fills it in; undefined where nothing is.
 * @param path names of fields from the document's top; lists count as their entries
 */
export function filledIn(kind: Kind, path: readonly string[]): unknown {
  if (path[0] !== 'spec' || kind.applyDefaults === undefined) return undefined;
  const spec = around(documentFields(kind), path)['spec'];
  if (!isMap(spec)) return undefined;
  if (kind.dialect === 'v1') {
    const document = { kind: kind.kind, apiVersion: 'v1' as const, metadata: {}, spec };
    kind.applyDefaults(document);
    return valueAt(document, path);
  }
  const object = { kind: kind.kind, apiVersion: API_VERSION, metadata: { name: 'name' }, spec } as const;
  kind.applyDefaults(object);
  return valueAt(object, path);
}

/** A document that has nothing but the maps around a field. */
function around(fields: readonly Field[], [name = '', ...rest]: readonly string[]): Data {
  const type = fieldOf(fields, name)?.type;
  if (type === undefined || rest.length === 0) return {};
  return { [name]: aroundIn(type, rest) };
}

function aroundIn(type: FieldType, rest: readonly string[]): unknown {
  if (type.fields !== undefined) return around(type.fields, rest);
  if (type.element === undefined) return type.standIn;
  return Array.isArray(type.standIn) ? [aroundIn(type.element, rest)] : {};
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, name) => {
    const inside: unknown = Array.isArray(at) ? at[0] : at;
    return isMap(inside) ? inside[name] : undefined;
  }, value);
}
