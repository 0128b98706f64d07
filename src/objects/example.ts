import { isGroup, type AnyHelp } from '../resources/field-help.js';
import type { Field } from '../resources/fields/field.js';
import { fieldsIn } from './fields-in.js';

/** The example of a field: its own, else one made of those of the fields inside that are required, or of the first. */
export function exampleOf(fields: readonly Field[] | undefined, help: AnyHelp): unknown {
  if (!isGroup(help)) return help[1];
  if (help.example !== undefined || fields === undefined) return help.example;
  const required = fields.filter((field) => field.required !== undefined);
  const shown = required.length > 0 ? required : fields.slice(0, 1);
  return Object.fromEntries(shown.flatMap(({ name, type }) => {
    const inner = help.fields[name];
    return inner === undefined ? [] : [[name, exampleOf(fieldsIn(type), inner)]];
  }));
}
