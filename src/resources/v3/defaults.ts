import type { Data } from '../../base/data.js';
import type { AsStored } from '../fields/field.js';
import type { ObjectType } from '../fields/object.js';

/** The value with its fields in the order in which Calico stores them, without those that are undefined; fields that the type does not know last. */
export function inStoredOrder<T extends Data, Value extends AsStored<T>>(type: ObjectType<T>, value: Value): Value;
export function inStoredOrder(type: ObjectType<object>, value: Data): Data {
  const order = new Map(type.fields.map(({ name }, index) => [name, index]));
  const place = (name: string): number => order.get(name) ?? order.size;
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined).sort(([a], [b]) => place(a) - place(b)));
}

/** The value with defaults for fields that it lacks, in the order in which fields are stored. Fields that the type does not know stay, at the end. */
export function withDefaults<T extends Data, Value extends AsStored<T>>(type: ObjectType<T>, value: Value, defaults: Partial<T>): Value;
export function withDefaults(type: ObjectType<object>, value: Data, defaults: Data): Data {
  const filled: Data = {};
  for (const { name } of type.fields) {
    const found = value[name] ?? defaults[name];
    if (found !== undefined) filled[name] = found;
  }
  for (const name of Object.keys(value)) if (!Object.hasOwn(filled, name)) filled[name] = value[name];
  return filled;
}
