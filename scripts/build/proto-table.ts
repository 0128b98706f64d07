import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type * as Protobuf from 'protobufjs';
import { FieldType, type FieldRow, type MethodRow, type ProtoTable } from './runtime/codec.js';

const SCALARS: Readonly<Record<string, number>> = {
  bool: FieldType.bool, uint32: FieldType.uint32, int64: FieldType.int64, uint64: FieldType.uint64, string: FieldType.string, bytes: FieldType.bytes,
};

/** The folder of the installed etcd3. */
export function etcd3Folder(): string {
  return dirname(dirname(createRequire(import.meta.url).resolve('etcd3')));
}

/** Reads etcd3's own .proto files into the table of the static codec (reference/speed 3.1). Throws where they hold a type the codec does not know. */
export function readProtoTable(): ProtoTable {
  const requireOfEtcd3 = createRequire(join(etcd3Folder(), 'lib', 'index.js'));
  const requireOfLoader = createRequire(requireOfEtcd3.resolve('@grpc/proto-loader'));
  const { Root, Service } = requireOfLoader('protobufjs') as typeof Protobuf;
  const camelCase = requireOfLoader('lodash.camelcase') as (name: string) => string;
  const root = new Root();
  root.loadSync(join(etcd3Folder(), 'proto', 'rpc.proto'), { keepCase: true }).resolveAll();
  const tables = new Tables();
  const services: Record<string, MethodRow[]> = {};
  for (const service of (root.lookup('etcdserverpb') as Protobuf.Namespace).nestedArray) {
    if (!(service instanceof Service)) continue;
    const name = service.fullName.slice(1);
    services[name] = service.methodsArray.map((method) => [
      method.name, `/${name}/${method.name}`,
      tables.message(method.resolvedRequestType as Protobuf.Type), tables.message(method.resolvedResponseType as Protobuf.Type),
      Number(method.requestStream === true), Number(method.responseStream === true), camelCase(method.name),
    ]);
  }
  return { messages: tables.messages, enums: tables.enums, services };
}

/** Gives every message and enum that is reached a number. */
class Tables {
  readonly messages: FieldRow[][] = [];
  readonly enums: Record<number, string>[] = [];
  readonly #known = new Map<Protobuf.ReflectionObject, number>();

  message(type: Protobuf.Type): number {
    const known = this.#known.get(type);
    if (known !== undefined) return known;
    const rows: FieldRow[] = [];
    const index = this.messages.push(rows) - 1;
    this.#known.set(type, index);
    for (const field of [...type.fieldsArray].sort((a, b) => a.id - b.id)) rows.push(this.#row(field));
    return index;
  }

  #row(field: Protobuf.Field): FieldRow {
    const type = field.resolvedType;
    const [kind, table] = type === null ? [SCALARS[field.type], -1] : 'values' in type ? [FieldType.enumeration, this.#enumeration(type)] : [FieldType.message, this.message(type)];
    if (kind === undefined || field.map) throw new Error(`${field.fullName}: the static codec has no type ${field.map ? 'map' : field.type}`);
    return [field.name, field.id, kind, table, Number(field.repeated), field.partOf?.name ?? ''];
  }

  #enumeration(type: Protobuf.Enum): number {
    const known = this.#known.get(type);
    if (known !== undefined) return known;
    const index = this.enums.push({ ...type.valuesById }) - 1;
    this.#known.set(type, index);
    return index;
  }
}
