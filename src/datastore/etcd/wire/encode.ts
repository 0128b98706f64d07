import { BackwardWriter } from './bytes.js';
import { fieldsOf, tagOf, WireType, wireTypeOf, type Field } from './fields.js';
import { ENUMS } from './table.js';

/** The values of each enum by name, for those that were needed. */
const numbers = new Map<string, ReadonlyMap<unknown, number>>();

/**
 * A message as bytes, by the full name of its type. Writes what `@grpc/proto-loader` writes under etcd3's options: enums by name
 * or number, 64-bit integers as number or decimal text, bytes as such or as base64. Throws TypeError where a value is not of its
 * field's shape.
 */
export function encode(message: string, value: object): Buffer {
  const writer = new BackwardWriter();
  writeMessage(writer, message, value);
  return writer.finish();
}

function writeMessage(writer: BackwardWriter, message: string, value: object): void {
  const fields = fieldsOf(message);
  for (let at = fields.length - 1; at >= 0; at--) {
    const field = fields[at] as Field;
    const given = (value as Readonly<Record<string, unknown>>)[field.name];
    if (given === undefined || given === null) continue;
    if (field.isList) writeList(writer, field, given);
    else writeTagged(writer, field, given);
  }
}

/** Numbers stand in one run behind a common tag, everything else each behind its own. */
function writeList(writer: BackwardWriter, field: Field, values: unknown): void {
  if (!Array.isArray(values)) throw new TypeError(`${field.name}: array expected`);
  const packed = wireTypeOf(field) === WireType.varint;
  const before = writer.length;
  for (let at = values.length - 1; at >= 0; at--) {
    if (packed) writeNumber(writer, field, values[at]);
    else writeTagged(writer, field, values[at]);
  }
  if (packed && writer.length > before) writeHeader(writer, field, writer.length - before);
}

function writeTagged(writer: BackwardWriter, field: Field, value: unknown): void {
  if (wireTypeOf(field) === WireType.varint) {
    writeNumber(writer, field, value);
    writer.varint(tagOf(field, WireType.varint));
    return;
  }
  const before = writer.length;
  if (field.type === 'message') {
    if (typeof value !== 'object' || value === null) throw new TypeError(`${field.name}: object expected`);
    writeMessage(writer, field.typeName, value);
  } else if (field.type === 'bytes') writer.bytes(typeof value === 'string' ? Buffer.from(value, 'base64') : (value as Uint8Array));
  else writer.text(String(value));
  writeHeader(writer, field, writer.length - before);
}

function writeNumber(writer: BackwardWriter, field: Field, value: unknown): void {
  if (field.type === 'bool') writer.varint(value ? 1 : 0);
  else if (field.type === 'uint32') writer.varint(Number(value) >>> 0);
  else writer.varint64(field.type === 'enum' ? enumValue(field, value) : value);
}

function writeHeader(writer: BackwardWriter, field: Field, length: number): void {
  writer.varint(length);
  writer.varint(tagOf(field, WireType.delimited));
}

function enumValue({ name, typeName }: Field, value: unknown): number {
  if (typeof value === 'number') return value;
  const known = numbers.get(typeName) ?? new Map(Object.entries(ENUMS[typeName] ?? {}).map(([number, each]) => [each, Number(number)]));
  numbers.set(typeName, known);
  const number = known.get(value);
  if (number === undefined) throw new TypeError(`${name}: ${String(value)} is not one of its names`);
  return number;
}
