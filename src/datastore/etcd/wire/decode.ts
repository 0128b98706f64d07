import { Reader } from './bytes.js';
import { fieldsOf, tagOf, WireType, wireTypeOf, type Field } from './fields.js';
import { ENUMS } from './table.js';
import { UnreadList, UnreadMessage } from './unread.js';

type Values = Record<string, unknown>;

/** What is known of a message before one is read. */
interface Shape {
  readonly byNumber: ReadonlyMap<number, Field>;
  /** A message without any field: everything but members of a oneof has its default, lists aside. */
  readonly empty: Readonly<Values>;
  /** The names of its lists; each message has its own. */
  readonly lists: readonly string[];
  /** What it is in a list, if all its fields are plain. */
  readonly Unread: (new (list: UnreadList, row: number) => UnreadMessage) | undefined;
  /** One more than the highest number of a field. */
  readonly columns: number;
}

/** One for all fields without bytes: long lists have very many. */
const NOTHING = Buffer.alloc(0);

const shapes = new Map<string, Shape>();

/**
 * Bytes as a message, by the full name of its type. Gives what `@grpc/proto-loader` gives under etcd3's options: names as in the
 * .proto file, 64-bit integers and enums as text, defaults, the name of what a oneof holds. Throws RangeError where the bytes are
 * cut off or no message.
 */
export function decode(message: string, bytes: Buffer): object {
  return readFields(message, new Reader(bytes));
}

function readFields(message: string, reader: Reader): Values {
  const { byNumber, empty, lists } = shapeOf(message);
  const value = { ...empty };
  for (const name of lists) value[name] = [];
  while (!reader.done) {
    const tag = reader.uint32();
    const field = byNumber.get(tag >>> 3);
    if (field) readField(reader, field, tag & 7, value);
    else reader.skip(tag & 7);
  }
  return value;
}

function readField(reader: Reader, field: Field, wireType: number, into: Values): void {
  if (field.isList) return readList(reader, field, wireType, into[field.name] as unknown[]);
  checkWireType(field, wireType);
  into[field.name] = readOne(reader, field);
  if (field.oneof !== '') into[field.oneof] = field.name;
}

function readOne(reader: Reader, field: Field): unknown {
  switch (field.type) {
    case 'bool': return reader.int64(false) !== '0';
    case 'uint32': return reader.uint32();
    case 'int64': return reader.int64(true);
    case 'uint64': return reader.int64(false);
    case 'string': return reader.bytes().toString('utf8');
    case 'bytes': return reader.bytes();
    case 'enum': return enumName(field, reader.uint32() | 0);
    case 'message': return readMessage(reader, field);
  }
}

/** Reads what is at this place of a list: one element, or several. */
function readList(reader: Reader, field: Field, wireType: number, list: unknown[]): void {
  if (field.type === 'message') return readMessages(reader, field, list);
  if (wireTypeOf(field) === WireType.delimited || wireType === WireType.varint) return void list.push(readOne(reader, field));
  const outer = reader.enter();
  while (!reader.done) list.push(readOne(reader, field));
  reader.leave(outer);
}

/** Reads messages of a list, as many as follow one another. Where one is damaged is found now, even if its values are not made. */
function readMessages(reader: Reader, field: Field, list: unknown[]): void {
  const { byNumber, Unread, columns } = shapeOf(field.typeName);
  if (Unread === undefined) return void list.push(readMessage(reader, field));
  const unread = new UnreadList(reader, columns);
  do {
    const row = unread.add();
    const outer = reader.enter();
    while (!reader.done) {
      const tag = reader.uint32();
      const inner = byNumber.get(tag >>> 3);
      if (inner) {
        checkWireType(inner, tag & 7);
        unread.note(row, inner.number);
      }
      reader.skip(tag & 7);
    }
    reader.leave(outer);
    list.push(new Unread(unread, row));
  } while (reader.passes(tagOf(field, WireType.delimited)));
}

function readMessage(reader: Reader, field: Field): Values {
  const outer = reader.enter();
  const value = readFields(field.typeName, reader);
  reader.leave(outer);
  return value;
}

/** For a field that is not a list. */
function checkWireType(field: Field, wireType: number): void {
  if (wireType !== wireTypeOf(field)) throw new RangeError(`${field.name}: wire type ${wireType} does not fit`);
}

function shapeOf(message: string): Shape {
  const known = shapes.get(message);
  if (known !== undefined) return known;
  const fields = fieldsOf(message);
  const written = fields.filter((field) => field.isList || field.oneof === '');
  const shape: Shape = {
    byNumber: new Map(fields.map((field) => [field.number, field])),
    empty: Object.fromEntries(written.map((field) => [field.name, field.isList ? undefined : defaultOf(field)])),
    lists: fields.filter(({ isList }) => isList).map(({ name }) => name),
    Unread: fields.every(isPlain) ? unreadMessage(fields) : undefined,
    columns: 1 + Math.max(0, ...fields.map(({ number }) => number)),
  };
  shapes.set(message, shape);
  return shape;
}

function isPlain({ type, isList, oneof }: Field): boolean {
  return type !== 'message' && !isList && oneof === '';
}

function unreadMessage(fields: readonly Field[]): new (list: UnreadList, row: number) => UnreadMessage {
  const Message = class extends UnreadMessage {};
  for (const field of fields) {
    const value = (message: UnreadMessage): unknown => {
      const reader = message.at(field.number);
      return reader === undefined ? defaultOf(field) : readOne(reader, field);
    };
    Object.defineProperty(Message.prototype, field.name, { enumerable: true, get(this: UnreadMessage) { return value(this); } });
  }
  return Message;
}

function defaultOf(field: Field): unknown {
  switch (field.type) {
    case 'bool': return false;
    case 'uint32': return 0;
    case 'int64': case 'uint64': return '0';
    case 'string': return '';
    case 'bytes': return NOTHING;
    case 'enum': return enumName(field, 0);
    case 'message': return null;
  }
}

/** The name of a value of an enum, or the value where a newer server knows more of them. */
function enumName({ typeName }: Field, value: number): string | number {
  return ENUMS[typeName]?.[value] ?? value;
}
