import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { before, describe, it } from 'mocha';
import { etcd3Folder, readProtoTable } from '../../scripts/build/proto-table.js';
import { FieldType, type FieldRow, type ProtoTable } from '../../scripts/build/runtime/codec.js';
import { packageDefinition } from '../../scripts/build/runtime/services.js';
import { propertyRuns } from '../support/runs.js';

type Convert<From, To> = (value: From) => To;
interface Method {
  path: string;
  originalName: string;
  requestStream: boolean;
  responseStream: boolean;
  requestSerialize: Convert<object, Buffer>;
  requestDeserialize: Convert<Buffer, object>;
  responseSerialize: Convert<object, Buffer>;
  responseDeserialize: Convert<Buffer, object>;
}
type Services = Record<string, Record<string, Method>>;

/** The loader that etcd3 itself uses, with etcd3's options. */
function realLoader(): Services {
  const requireOfEtcd3 = createRequire(join(etcd3Folder(), 'lib', 'index.js'));
  const { loadSync } = requireOfEtcd3('@grpc/proto-loader') as { loadSync(file: string, options: object): Services };
  return loadSync(join(etcd3Folder(), 'proto', 'rpc.proto'), { keepCase: true, longs: String, enums: String, defaults: true, oneofs: true });
}

function scalar(table: ProtoTable, field: FieldRow): fc.Arbitrary<unknown> {
  switch (field[2]) {
    case FieldType.bool: return fc.boolean();
    case FieldType.uint32: return fc.nat({ max: 2 ** 32 - 1 });
    case FieldType.int64: return fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String), fc.maxSafeInteger());
    case FieldType.uint64: return fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String), fc.maxSafeNat());
    case FieldType.string: return fc.string({ unit: 'grapheme' });
    case FieldType.bytes: return fc.uint8Array().map((bytes) => Buffer.from(bytes));
    default: return fc.constantFrom(...Object.entries(table.enums[field[3]] ?? {}).flatMap(([value, name]) => [Number(value), name]), 77);
  }
}

/** Messages of a type: fields missing, null, or of any value; three levels deep at most. */
function messages(table: ProtoTable, message: number, depth = 0): fc.Arbitrary<Record<string, unknown>> {
  const fields: Record<string, fc.Arbitrary<unknown>> = {};
  for (const field of table.messages[message] ?? []) {
    if (field[2] === FieldType.message && depth === 3) continue;
    const one = field[2] === FieldType.message ? messages(table, field[3], depth + 1) : scalar(table, field);
    fields[field[0]] = fc.oneof({ arbitrary: field[4] === 1 ? fc.array(one, { maxLength: 3 }) : one, weight: 9 }, { arbitrary: fc.constant(null), weight: 1 });
  }
  return fc.record(fields, { requiredKeys: [] });
}

/** A value whose properties are its own: messages in our lists read them when they are asked for. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value;
  const own: Record<string, unknown> = {};
  for (const name in value) own[name] = plain((value as Record<string, unknown>)[name]);
  return own;
}

describe('static protobuf codec', () => {
  let real: Services;
  let ours: Services;
  let table: ProtoTable;
  before(() => {
    table = readProtoTable();
    real = realLoader();
    ours = packageDefinition(table) as unknown as Services;
  });

  it('has the services and methods of the real loader', () => {
    const describeMethods = (services: Services): object =>
      Object.fromEntries(
        Object.entries(services)
          .filter(([name]) => name in ours)
          .map(([name, methods]) => [name, Object.entries(methods).map(([method, { path, originalName, requestStream, responseStream }]) => [method, path, originalName, requestStream, responseStream])]),
      );
    expect(describeMethods(ours)).to.deep.equal(describeMethods(real));
    expect(Object.keys(ours)).to.have.members(['KV', 'Watch', 'Lease', 'Cluster', 'Maintenance', 'Auth'].map((name) => `etcdserverpb.${name}`));
  });

  it('writes the same bytes and reads the same values, for every method, in both directions', function () {
    this.timeout(900_000);
    const methods = Object.entries(table.services).flatMap(([service, rows]) => rows.map((row) => ({ service, row })));
    const numRuns = Math.ceil(propertyRuns().numRuns / methods.length);
    for (const { service, row: [name, , request, response] } of methods) {
      const [theirMethod, ourMethod] = [real[service]?.[name] as Method, ours[service]?.[name] as Method];
      fc.assert(fc.property(messages(table, request), (value) => {
        const bytes = theirMethod.requestSerialize(value);
        expect(ourMethod.requestSerialize(value)).to.deep.equal(bytes);
        expect(plain(ourMethod.requestDeserialize(bytes))).to.deep.equal(theirMethod.requestDeserialize(bytes));
      }), { numRuns });
      fc.assert(fc.property(messages(table, response), (value) => {
        const bytes = theirMethod.responseSerialize(value);
        expect(ourMethod.responseSerialize(value)).to.deep.equal(bytes);
        expect(plain(ourMethod.responseDeserialize(bytes))).to.deep.equal(theirMethod.responseDeserialize(bytes));
      }), { numRuns });
    }
  });

  it('reads or refuses any bytes, and reads what the real loader reads', () => {
    const method = (services: Services): Method => services['etcdserverpb.KV']?.Txn as Method;
    const outcome = (read: () => object): unknown => {
      try {
        return read();
      } catch {
        return 'refused';
      }
    };
    fc.assert(fc.property(messages(table, table.services['etcdserverpb.KV']?.find(([name]) => name === 'Txn')?.[3] as number), fc.nat(), (value, cut) => {
      const whole = method(real).responseSerialize(value);
      const bytes = whole.subarray(0, whole.length === 0 ? 0 : cut % whole.length);
      expect(plain(outcome(() => method(ours).responseDeserialize(bytes)))).to.deep.equal(outcome(() => method(real).responseDeserialize(bytes)));
    }), propertyRuns());
  });

  it('passes over fields of a newer server', () => {
    const newer = Buffer.from([0xb8, 0x3e, 0x05, 0xc2, 0x3e, 0x02, 1, 2, 0xcd, 0x3e, 1, 2, 3, 4, 0xc9, 0x3e, 1, 2, 3, 4, 5, 6, 7, 8, 0x10, 0x2a]);
    const read = (services: Services): unknown => services['etcdserverpb.Lease']?.LeaseGrant?.responseDeserialize(newer);
    expect(read(ours)).to.deep.equal(read(real));
    expect(read(ours)).to.deep.equal({ header: null, ID: '42', TTL: '0', error: '' });
  });
});
