import type { Field, FieldType } from '../resources/fields/field.js';

/** The fields of a map, or of the entries of a list or map that holds them; undefined where there are none. */
export function fieldsIn({ fields, element }: Partial<FieldType>): readonly Field[] | undefined {
  return fields ?? (element && fieldsIn(element));
}
