import type { Data } from '../../base/data.js';
import { isGroup, isVaries, type AnyHelp } from '../../resources/field-help.js';
import type { Field, FieldType } from '../../resources/fields/field.js';
import { demanded } from '../../resources/fields/json-rules.js';
import { Problems } from '../../resources/problem.js';
import { inside } from '../document-help.js';
import { otherSpelling } from './spelling.js';

/** A field or a document whose schema is being written: what is said of it, and what counts where a field of it is not given. */
export interface Place {
  readonly help: AnyHelp | undefined;
  readonly path: readonly string[];
  unset(path: readonly string[], help: AnyHelp | undefined): unknown;
}

/** Writes JSON Schema (2020-12) for types of fields; each map with fields becomes a definition, which the others refer to. */
export class SchemaWriter {
  readonly definitions: Data = {};
  private readonly names = new Map<FieldType, string>();

  /**
   * What a map with these fields may hold, in any letter case, and nothing else.
   * @param self where this schema will stand in the file: `#/$defs/rule`
   */
  map(fields: readonly Field[], place: Place, self: string): Data & { readonly properties: Data } {
    const names = fields.map(({ name }) => name);
    const required = fields.filter((field) => field.required !== undefined).map(({ name }) => name);
    return {
      properties: Object.fromEntries(fields.map((field) => [field.name, this.property(field, within(place, field.name))])),
      ...otherSpelling(names, self),
      additionalProperties: false,
      ...(required.length === 0 ? {} : demanded(...required)),
    };
  }

  /** Lets the maps that a schema of this writer refers to have one more property. */
  add(reference: unknown, name: string, schema: Data): void {
    const [, definition = ''] = /^#\/\$defs\/(.+)$/.exec(String((reference as Data)['$ref'])) ?? [];
    ((this.definitions[definition] as Data)['properties'] as Data)[name] = schema;
  }

  private property(field: Field, place: Place): Data {
    const value = this.value(field.type, field.required === undefined, place);
    const { help, path } = place;
    if (help === undefined) return value;
    const [text, example] = isGroup(help) ? [help.help, help.example] : help;
    const unset = place.unset(path, help);
    const words = isVaries(unset);
    return {
      description: words ? `${text} Default: ${unset.varies}.` : text,
      ...value,
      ...(unset === undefined || words ? {} : { default: unset }),
      ...(example === undefined ? {} : { examples: [example] }),
    };
  }

  /** A value of a type. What is null counts as absent, where it may be. */
  private value(type: FieldType, nullable: boolean, place: Place): Data {
    const { fields, element, json = {} } = type;
    if (fields !== undefined) return { $ref: `#/$defs/${this.define(type, fields, place)}`, ...(nullable ? {} : { type: 'object' }) };
    if (element === undefined) return nullable ? orNull(json) : json;
    const entry = this.value(element, takesNull(element), place);
    return Array.isArray(type.standIn) ? { type: orNullType('array', nullable), items: entry, ...json } : { type: orNullType('object', nullable), ...json, additionalProperties: entry };
  }

  private define(type: FieldType, fields: readonly Field[], place: Place): string {
    const known = this.names.get(type);
    if (known !== undefined) return known;
    const name = this.freeName(type.name.replace(/^(?:an?|the) /, '').replace(/[^A-Za-z0-9]+/g, '-'));
    this.names.set(type, name);
    this.definitions[name] = { type: ['object', 'null'], ...this.map(fields, place, `#/$defs/${name}`), ...(type.json === undefined ? {} : { allOf: [type.json] }) };
    return name;
  }

  private freeName(wanted: string): string {
    const taken = [...this.names.values()];
    let name = wanted;
    for (let number = 2; taken.includes(name); number++) name = `${wanted}-${number}`;
    return name;
  }
}

function within(place: Place, name: string): Place {
  return { ...place, help: inside(place.help)[name], path: [...place.path, name] };
}

function orNullType(type: string, nullable: boolean): unknown {
  return nullable ? [type, 'null'] : type;
}

function orNull(json: Data): Data {
  const { type, enum: words } = json;
  if (Array.isArray(words)) return { ...json, enum: [...(words as unknown[]), null] };
  return type === undefined ? json : { ...json, type: [...(Array.isArray(type) ? (type as unknown[]) : [type]), 'null'] };
}

/** Whether an empty entry is read as the type's zero value. */
function takesNull(type: FieldType): boolean {
  const problems = new Problems();
  type.decode(type.standIn, [], { problems, coerce: true });
  return !problems.failed;
}
