import { UnreadList, UnreadMessage } from './unread.js';
import { BackwardWriter, Reader } from './wire.js';

/** How a field is written. Enums and messages carry the index of their table. */
export const FieldType = { bool: 0, uint32: 1, int64: 2, uint64: 3, string: 4, bytes: 5, enumeration: 6, message: 7 } as const;

/** `[name, number, type, table of an enum or message or -1, repeated 0/1, oneof or '']` */
export type FieldRow = readonly [name: string, number: number, type: number, table: number, repeated: number, oneof: string];
/** `[name, path, request, response, request is a stream 0/1, response is a stream 0/1]` */
export type MethodRow = readonly [name: string, path: string, request: number, response: number, requestStream: number, responseStream: number, originalName: string];

/** What the build reads from etcd's .proto files (scripts/build/proto-table.ts). Fields are in the order of their numbers. */
export interface ProtoTable {
  readonly messages: readonly (readonly FieldRow[])[];
  /** Names by value. */
  readonly enums: readonly Readonly<Record<number, string>>[];
  readonly services: Readonly<Record<string, readonly MethodRow[]>>;
}

type Values = Record<string, unknown>;

/** What is known of a message before one is read. */
interface Shape {
  readonly byNumber: ReadonlyMap<number, FieldRow>;
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

const VARINT = 0;
const DELIMITED = 2;

/** Encodes and decodes the messages of a table, with the results of `@grpc/proto-loader` under etcd3's options: keepCase, longs and enums as text, defaults, oneofs. */
export class Codec {
  readonly #shapes: (Shape | undefined)[] = [];
  /** The values of enums by name. */
  readonly #numbers: (ReadonlyMap<unknown, number> | undefined)[] = [];

  constructor(private readonly table: ProtoTable) {}

  /** A message as bytes. Throws TypeError where a value is not of its field's shape. */
  encode(message: number, value: object): Buffer {
    const writer = new BackwardWriter();
    this.#write(writer, message, value as Values);
    return writer.finish();
  }

  /** Bytes as a message. Throws RangeError where they are cut off or no message. */
  decode(message: number, bytes: Buffer): Values {
    return this.#decode(message, new Reader(bytes));
  }

  #decode(message: number, reader: Reader): Values {
    const { byNumber, empty, lists } = (this.#shapes[message] ??= this.#shape(message));
    const value = { ...empty };
    for (const name of lists) value[name] = [];
    while (!reader.done) {
      const tag = reader.uint32();
      const field = byNumber.get(tag >>> 3);
      if (field) this.#read(reader, field, tag & 7, value);
      else reader.skip(tag & 7);
    }
    return value;
  }

  #fields(message: number): readonly FieldRow[] {
    return this.table.messages[message] as readonly FieldRow[];
  }

  #write(writer: BackwardWriter, message: number, value: Values): void {
    const fields = this.#fields(message);
    for (let at = fields.length - 1; at >= 0; at--) {
      const field = fields[at] as FieldRow;
      const given = value[field[0]];
      if (given === undefined || given === null) continue;
      if (field[4] === 0) this.#writeOne(writer, field, given, true);
      else this.#writeAll(writer, field, given);
    }
  }

  #writeAll(writer: BackwardWriter, field: FieldRow, values: unknown): void {
    if (!Array.isArray(values)) throw new TypeError(`${field[0]}: array expected`);
    const packed = field[2] < FieldType.string || field[2] === FieldType.enumeration;
    const before = writer.length;
    for (let at = values.length - 1; at >= 0; at--) this.#writeOne(writer, field, values[at], !packed);
    if (packed && writer.length > before) header(writer, field, writer.length - before);
  }

  #writeOne(writer: BackwardWriter, field: FieldRow, value: unknown, tagged: boolean): void {
    const type = field[2];
    const before = writer.length;
    if (type === FieldType.message) {
      if (typeof value !== 'object' || value === null) throw new TypeError(`${field[0]}: object expected`);
      this.#write(writer, field[3], value as Values);
    } else if (type === FieldType.bytes) writer.bytes(typeof value === 'string' ? Buffer.from(value, 'base64') : (value as Uint8Array));
    else if (type === FieldType.string) writer.text(String(value));
    else {
      if (type === FieldType.bool) writer.varint(value ? 1 : 0);
      else if (type === FieldType.uint32) writer.varint(Number(value) >>> 0);
      else if (type === FieldType.enumeration) writer.varint64(this.#enumValue(field, value));
      else writer.varint64(value);
      if (tagged) writer.varint(field[1] * 8 + VARINT);
      return;
    }
    header(writer, field, writer.length - before);
  }

  #enumValue(field: FieldRow, value: unknown): number {
    if (typeof value === 'number') return value;
    const numbers = (this.#numbers[field[3]] ??= new Map(Object.entries(this.table.enums[field[3]] ?? {}).map(([number, name]) => [name, Number(number)])));
    const number = numbers.get(value);
    if (number === undefined) throw new TypeError(`${field[0]}: ${String(value)} is not one of its names`);
    return number;
  }

  #read(reader: Reader, field: FieldRow, wireType: number, into: Values): void {
    const [name, , , , repeated, oneof] = field;
    if (repeated === 1) return this.#readList(reader, field, wireType, into[name] as unknown[]);
    checkWireType(field, wireType);
    into[name] = this.#readOne(reader, field);
    if (oneof !== '') into[oneof] = name;
  }

  #readOne(reader: Reader, field: FieldRow): unknown {
    switch (field[2]) {
      case FieldType.bool: return reader.int64(false) !== '0';
      case FieldType.uint32: return reader.uint32();
      case FieldType.int64: return reader.int64(true);
      case FieldType.uint64: return reader.int64(false);
      case FieldType.string: return reader.bytes().toString('utf8');
      case FieldType.bytes: return reader.bytes();
      case FieldType.enumeration: return enumName(this.table, field, reader.uint32() | 0);
      default: return this.#readMessage(reader, field);
    }
  }

  /** Reads what is at this place of a list: one element, or several. */
  #readList(reader: Reader, field: FieldRow, wireType: number, list: unknown[]): void {
    if (field[2] === FieldType.message) return this.#readMessages(reader, field, list);
    if (isDelimited(field) || wireType === VARINT) return void list.push(this.#readOne(reader, field));
    const outer = reader.enter();
    while (!reader.done) list.push(this.#readOne(reader, field));
    reader.leave(outer);
  }

  /** Reads messages of a list, as many as follow one another. Where one is damaged is found now, even if its values are not made. */
  #readMessages(reader: Reader, field: FieldRow, list: unknown[]): void {
    const { byNumber, Unread, columns } = (this.#shapes[field[3]] ??= this.#shape(field[3]));
    if (Unread === undefined) return void list.push(this.#readMessage(reader, field));
    const unread = new UnreadList(reader, columns);
    do {
      const row = unread.add();
      const outer = reader.enter();
      while (!reader.done) {
        const tag = reader.uint32();
        const inner = byNumber.get(tag >>> 3);
        if (inner) {
          checkWireType(inner, tag & 7);
          unread.note(row, inner[1]);
        }
        reader.skip(tag & 7);
      }
      reader.leave(outer);
      list.push(new Unread(unread, row));
    } while (reader.passes(field[1] * 8 + DELIMITED));
  }

  #readMessage(reader: Reader, field: FieldRow): Values {
    const outer = reader.enter();
    const value = this.#decode(field[3], reader);
    reader.leave(outer);
    return value;
  }

  #shape(message: number): Shape {
    const fields = this.#fields(message);
    const written = fields.filter((field) => field[4] === 1 || field[5] === '');
    return {
      byNumber: new Map(fields.map((field) => [field[1], field])),
      empty: Object.fromEntries(written.map((field) => [field[0], field[4] === 1 ? undefined : this.#default(field)])),
      lists: fields.filter((field) => field[4] === 1).map((field) => field[0]),
      Unread: fields.every(isPlain) ? this.#unreadMessage(fields) : undefined,
      columns: 1 + Math.max(0, ...fields.map((field) => field[1])),
    };
  }

  #unreadMessage(fields: readonly FieldRow[]): new (list: UnreadList, row: number) => UnreadMessage {
    const Message = class extends UnreadMessage {};
    for (const field of fields) {
      const value = (message: UnreadMessage): unknown => {
        const reader = message.at(field[1]);
        return reader === undefined ? this.#default(field) : this.#readOne(reader, field);
      };
      Object.defineProperty(Message.prototype, field[0], { enumerable: true, get(this: UnreadMessage) { return value(this); } });
    }
    return Message;
  }

  #default(field: FieldRow): unknown {
    switch (field[2]) {
      case FieldType.bool: return false;
      case FieldType.uint32: return 0;
      case FieldType.int64: case FieldType.uint64: return '0';
      case FieldType.string: return '';
      case FieldType.bytes: return NOTHING;
      case FieldType.enumeration: return enumName(this.table, field, 0);
      default: return null;
    }
  }
}

function isDelimited(field: FieldRow): boolean {
  return field[2] === FieldType.string || field[2] === FieldType.bytes || field[2] === FieldType.message;
}

function isPlain(field: FieldRow): boolean {
  return field[2] !== FieldType.message && field[4] === 0 && field[5] === '';
}

/** For a field that is no list. */
function checkWireType(field: FieldRow, wireType: number): void {
  if (wireType !== (isDelimited(field) ? DELIMITED : VARINT)) throw new RangeError(`${field[0]}: wire type ${wireType} does not fit`);
}

function header(writer: BackwardWriter, field: FieldRow, length: number): void {
  writer.varint(length);
  writer.varint(field[1] * 8 + DELIMITED);
}

function enumName(table: ProtoTable, field: FieldRow, value: number): unknown {
  return table.enums[field[3]]?.[value] ?? value;
}
