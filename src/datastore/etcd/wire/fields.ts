import { MESSAGES } from './table.js';

/** The types of protobuf that etcd's messages are made of. */
export type Scalar = 'bool' | 'uint32' | 'int64' | 'uint64' | 'string' | 'bytes';

/**
 * A field as the table writes it: its name, its number, its type (a scalar, or the full name of a message or, after `enum `, of
 * an enum), and, where it is more than one value, `list`; where it is one of several of which a message has one, their name.
 */
export type FieldRow = readonly [name: string, number: number, type: string, list?: 'list' | '', oneof?: string];

/** A method as the table writes it: its name, the name that clients call it by, its messages, and which of them are streams. */
export type MethodRow = readonly [name: string, originalName: string, request: string, response: string, streams?: 'response' | 'both'];

/** A field of a message. */
export interface Field {
  readonly name: string;
  readonly number: number;
  readonly type: Scalar | 'enum' | 'message';
  /** The full name of the enum or the message; empty for a scalar. */
  readonly typeName: string;
  readonly isList: boolean;
  /** The name of the group of which a message has one at most; empty for a field of its own. */
  readonly oneof: string;
}

/** How a value is written: as a number, or as a length and that many bytes. */
export const WireType = { varint: 0, delimited: 2 } as const;

const SCALARS: readonly string[] = ['bool', 'uint32', 'int64', 'uint64', 'string', 'bytes'] satisfies Scalar[];
const ENUM = 'enum ';

const known = new Map<string, readonly Field[]>();

/** The fields of a message, by its full name, in the order of their numbers. Worked out once, when a message is first needed: of most none ever is. */
export function fieldsOf(message: string): readonly Field[] {
  const before = known.get(message);
  if (before !== undefined) return before;
  const fields = (MESSAGES[message] as readonly FieldRow[]).map(fieldOf);
  known.set(message, fields);
  return fields;
}

function fieldOf([name, number, type, list = '', oneof = '']: FieldRow): Field {
  const isList = list === 'list';
  if (isScalar(type)) return { name, number, type, typeName: '', isList, oneof };
  if (type.startsWith(ENUM)) return { name, number, type: 'enum', typeName: type.slice(ENUM.length), isList, oneof };
  return { name, number, type: 'message', typeName: type, isList, oneof };
}

function isScalar(type: string): type is Scalar {
  return SCALARS.includes(type);
}

/** The wire type of a single value of a field. */
export function wireTypeOf({ type }: Field): number {
  return type === 'string' || type === 'bytes' || type === 'message' ? WireType.delimited : WireType.varint;
}

/** What goes before a value: the number of its field and how it is written. */
export function tagOf(field: Field, wireType: number): number {
  return field.number * 8 + wireType;
}
