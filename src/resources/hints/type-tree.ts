import { isMap, type Data } from '../../base/data.js';
import type { Field, FieldType } from '../fields/field.js';
import type { Path } from '../problem.js';

/** A map with fields on the way to a place in a document. */
export interface Level {
  /** Where it stands, as in the document. */
  readonly path: Path;
  readonly fields: readonly Field[];
  readonly raw: Data;
}

/** The field of a name, which may be written in any case. */
export function fieldOf(fields: readonly Field[], name: string): Field | undefined {
  return fields.find((each) => each.name === name) ?? fields.find((each) => each.name.toLowerCase() === name.toLowerCase());
}

/** The maps with fields from a document's top down to the end of a path, outermost first. */
export function levelsOf(fields: readonly Field[], raw: unknown, path: Path): Level[] {
  const levels: Level[] = [];
  let type: Pick<FieldType, 'fields' | 'element'> | undefined = { fields };
  let value = raw;
  for (let length = 0; type !== undefined; length++) {
    if (type.fields) levels.push({ path: path.slice(0, length), fields: type.fields, raw: isMap(value) ? value : {} });
    const step: string | number | undefined = path[length];
    if (step === undefined) break;
    type = type.fields ? fieldOf(type.fields, String(step))?.type : type.element;
    value = typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[step] : undefined;
  }
  return levels;
}

/** What a document may hold at a path; undefined where no field is. */
export function typeAt(fields: readonly Field[], path: Path): FieldType | undefined {
  let type: Pick<FieldType, 'fields' | 'element'> | undefined = { fields };
  for (const step of path) type = type?.fields ? fieldOf(type.fields, String(step))?.type : type?.element;
  return path.length === 0 ? undefined : (type as FieldType | undefined);
}

/** Names of fields that lead to a map with fields, itself or in a list: `ingress`, `source`. */
export type Trail = readonly string[];

/** Where below these fields, at most so many maps further down, there is a field of a name. Trails name the fields that lead there, the field itself left out. */
export function trailsTo(fields: readonly Field[], name: string, most: number): Trail[] {
  const found: Trail[] = [];
  const visit = (inside: readonly Field[], trail: Trail): void => {
    for (const each of inside) {
      const deeper = innerFields(each.type);
      if (deeper === undefined) continue;
      const here = [...trail, each.name];
      if (fieldOf(deeper, name)) found.push(here);
      if (here.length < most) visit(deeper, here);
    }
  };
  visit(fields, []);
  return found;
}

function innerFields(type: FieldType): readonly Field[] | undefined {
  return type.fields ?? (type.element && Array.isArray(type.standIn) ? type.element.fields : undefined);
}

/** The names of all fields below, each once. */
export function fieldNames(fields: readonly Field[], to = new Set<string>()): Set<string> {
  for (const each of fields) {
    to.add(each.name);
    const inner = each.type.fields ?? each.type.element?.fields;
    if (inner) fieldNames(inner, to);
  }
  return to;
}
