import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type * as Protobuf from 'protobufjs';
import { Refusal } from './refusal.js';
import type { FieldRow, MethodRow } from '../../src/datastore/etcd/wire/fields.js';

/** What the codec knows of etcd's messages, and how to write it anew. */
export const TABLE_FILE = 'src/datastore/etcd/wire/table.ts';
const WRITE_ANEW = 'node --import tsx scripts/write-wire-table.ts';

const SCALARS = ['bool', 'uint32', 'int64', 'uint64', 'string', 'bytes'];

/** Throws Refusal where the table of the codec is not what the installed etcd3 says. */
export function checkTable(root: string): void {
  if (readFileSync(join(root, TABLE_FILE), 'utf8') !== tableText()) throw new Refusal(`${TABLE_FILE} is not what the .proto file of the installed etcd3 says: ${WRITE_ANEW} writes it anew`);
}

/** The folder of the installed etcd3. */
export function etcd3Folder(): string {
  return dirname(dirname(createRequire(import.meta.url).resolve('etcd3')));
}

/** The table of the codec as a module, from etcd3's own .proto files (reference/speed 3.1). Throws where they hold a type the codec does not know. */
export function tableText(): string {
  const requireOfEtcd3 = createRequire(join(etcd3Folder(), 'lib', 'index.js'));
  const requireOfLoader = createRequire(requireOfEtcd3.resolve('@grpc/proto-loader'));
  const { Root, Service } = requireOfLoader('protobufjs') as typeof Protobuf;
  const camelCase = requireOfLoader('lodash.camelcase') as (name: string) => string;
  const root = new Root();
  root.loadSync(join(etcd3Folder(), 'proto', 'rpc.proto'), { keepCase: true }).resolveAll();
  const table = new Table();
  for (const service of (root.lookup('etcdserverpb') as Protobuf.Namespace).nestedArray) {
    if (service instanceof Service) table.addService(service, camelCase);
  }
  return table.text();
}

/** Collects the services, and every message and enum that is reached from them. */
class Table {
  readonly #messages = new Map<string, readonly FieldRow[]>();
  readonly #enums = new Map<string, object>();
  readonly #services = new Map<string, readonly MethodRow[]>();

  addService(service: Protobuf.Service, camelCase: (name: string) => string): void {
    const methods = service.methodsArray.map((method): MethodRow => {
      const [request, response] = [method.resolvedRequestType as Protobuf.Type, method.resolvedResponseType as Protobuf.Type];
      for (const message of [request, response]) this.#add(message);
      if (method.requestStream === true && method.responseStream !== true) throw new Error(`${method.fullName}: the codec has no streams of requests alone`);
      const row = [method.name, camelCase(method.name), fullName(request), fullName(response)] as const;
      return method.responseStream === true ? [...row, method.requestStream === true ? 'both' : 'response'] : row;
    });
    this.#services.set(fullName(service), methods);
  }

  text(): string {
    return `// Made of the .proto file of etcd3 by scripts/build/wire-table.ts: ${WRITE_ANEW} writes it anew.
import type { FieldRow, MethodRow } from './fields.js';

/** The fields of every message by its full name, in the order of their numbers. */
export const MESSAGES: Readonly<Record<string, readonly FieldRow[]>> = ${literal(this.#messages)};

/** The names of every enum's values. */
export const ENUMS: Readonly<Record<string, Readonly<Record<number, string>>>> = ${literal(this.#enums)};

/** The methods of every service. */
export const SERVICES: Readonly<Record<string, readonly MethodRow[]>> = ${literal(this.#services)};
`;
  }

  #add(message: Protobuf.Type): void {
    if (this.#messages.has(fullName(message))) return;
    this.#messages.set(fullName(message), []);
    this.#messages.set(fullName(message), [...message.fieldsArray].sort((a, b) => a.id - b.id).map((field) => this.#row(field)));
  }

  #row(field: Protobuf.Field): FieldRow {
    if (field.map) throw new Error(`${field.fullName}: the codec has no type map`);
    const row = [field.name, field.id, this.#type(field)] as const;
    if (field.partOf) return [...row, field.repeated ? 'list' : '', field.partOf.name];
    return field.repeated ? [...row, 'list'] : row;
  }

  #type({ resolvedType: type, type: name, fullName: field }: Protobuf.Field): string {
    if (type === null) {
      if (!SCALARS.includes(name)) throw new Error(`${field}: the codec has no type ${name}`);
      return name;
    }
    if ('values' in type) {
      this.#enums.set(fullName(type), type.valuesById);
      return `enum ${fullName(type)}`;
    }
    this.#add(type);
    return fullName(type);
  }
}

function fullName(object: Protobuf.ReflectionObject): string {
  return object.fullName.slice(1);
}

/** A literal with a line for each entry. */
function literal(entries: ReadonlyMap<string, object>): string {
  const lines = Array.from(entries, ([name, value]) => `  '${name}': ${JSON.stringify(value).replaceAll('"', "'").replace(/(?<=[,:\]])(?=[[{'\d])/g, ' ')},\n`);
  return `{\n${lines.join('')}}`;
}
