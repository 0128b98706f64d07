import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { before, describe, it } from 'mocha';
import { checkTable, etcd3Folder } from '../../../scripts/build/wire-table.js';
import { fieldsOf, type Field } from '../../../src/datastore/etcd/wire/fields.js';
import { loadSync as ours, type MethodDefinition, type Services } from '../../../src/datastore/etcd/wire/services.js';
import { ENUMS, SERVICES } from '../../../src/datastore/etcd/wire/table.js';
import { ROOT } from '../../../scripts/support/calicoctl.js';
import { propertyRuns } from '../../support/runs.js';

/** The loader that etcd3 itself uses, with etcd3's options. */
function realLoader(): Services {
  const requireOfEtcd3 = createRequire(join(etcd3Folder(), 'lib', 'index.js'));
  const { loadSync } = requireOfEtcd3('@grpc/proto-loader') as { loadSync(file: string, options: object): Services };
  return loadSync(join(etcd3Folder(), 'proto', 'rpc.proto'), { keepCase: true, longs: String, enums: String, defaults: true, oneofs: true });
}

function scalar(field: Field): fc.Arbitrary<unknown> {
  switch (field.type) {
    case 'bool': return fc.boolean();
    case 'uint32': return fc.nat({ max: 2 ** 32 - 1 });
    case 'int64': return fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String), fc.maxSafeInteger());
    case 'uint64': return fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String), fc.maxSafeNat());
    case 'string': return fc.string({ unit: 'grapheme' });
    case 'bytes': return fc.uint8Array().map((bytes) => Buffer.from(bytes));
    default: return fc.constantFrom(...Object.entries(ENUMS[field.typeName] ?? {}).flatMap(([value, name]) => [Number(value), name]), 77);
  }
}

/** Messages of a type: fields missing, null, or of any value; three levels deep at most. */
function messages(message: string, depth = 0): fc.Arbitrary<Record<string, unknown>> {
  const fields: Record<string, fc.Arbitrary<unknown>> = {};
  for (const field of fieldsOf(message)) {
    if (field.type === 'message' && depth === 3) continue;
    const one = field.type === 'message' ? messages(field.typeName, depth + 1) : scalar(field);
    fields[field.name] = fc.oneof({ arbitrary: field.isList ? fc.array(one, { maxLength: 3 }) : one, weight: 9 }, { arbitrary: fc.constant(null), weight: 1 });
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

describe('codec of etcd\'s messages', () => {
  let real: Services;
  before(() => {
    real = realLoader();
  });

  it('is made of the .proto file of the installed etcd3', () => {
    expect(() => checkTable(ROOT)).not.to.throw();
  });

  it('is what etcd3 works with when it is started from source', async () => {
    const { Etcd3 } = await import('../../../src/datastore/etcd/wire/etcd3.js');
    const client = new Etcd3({ hosts: '127.0.0.1:1' });
    try {
      const refusal = await client.kv.range({ key: Buffer.from('a'), sort_order: 'Sideways' as never }).catch((error: unknown) => String(error));
      expect(refusal).to.include('sort_order: Sideways is not one of its names');
    } finally {
      client.close();
    }
  });

  it('has the services and methods of the real loader', () => {
    const describeMethods = (services: Services): object =>
      Object.fromEntries(
        Object.entries(services)
          .filter(([name]) => name in ours())
          .map(([name, methods]) => [name, Object.entries(methods).map(([method, { path, originalName, requestStream, responseStream }]) => [method, path, originalName, requestStream, responseStream])]),
      );
    expect(describeMethods(ours())).to.deep.equal(describeMethods(real));
    expect(Object.keys(ours())).to.have.members(['KV', 'Watch', 'Lease', 'Cluster', 'Maintenance', 'Auth'].map((name) => `etcdserverpb.${name}`));
  });

  it('writes the same bytes and reads the same values, for every method, in both directions', function () {
    this.timeout(900_000);
    const methods = Object.entries(SERVICES).flatMap(([service, rows]) => rows.map((row) => ({ service, row })));
    const numRuns = Math.ceil(propertyRuns().numRuns / methods.length);
    for (const { service, row: [name, , request, response] } of methods) {
      const [theirMethod, ourMethod] = [real[service]?.[name] as MethodDefinition, ours()[service]?.[name] as MethodDefinition];
      fc.assert(fc.property(messages(request), (value) => {
        const bytes = theirMethod.requestSerialize(value);
        expect(ourMethod.requestSerialize(value)).to.deep.equal(bytes);
        expect(plain(ourMethod.requestDeserialize(bytes))).to.deep.equal(theirMethod.requestDeserialize(bytes));
      }), { numRuns });
      fc.assert(fc.property(messages(response), (value) => {
        const bytes = theirMethod.responseSerialize(value);
        expect(ourMethod.responseSerialize(value)).to.deep.equal(bytes);
        expect(plain(ourMethod.responseDeserialize(bytes))).to.deep.equal(theirMethod.responseDeserialize(bytes));
      }), { numRuns });
    }
  });

  it('reads or refuses any bytes, and reads what the real loader reads', () => {
    const method = (services: Services): MethodDefinition => services['etcdserverpb.KV']?.['Txn'] as MethodDefinition;
    const outcome = (read: () => object): unknown => {
      try {
        return read();
      } catch {
        return 'refused';
      }
    };
    fc.assert(fc.property(messages('etcdserverpb.TxnResponse'), fc.nat(), (value, cut) => {
      const whole = method(real).responseSerialize(value);
      const bytes = whole.subarray(0, whole.length === 0 ? 0 : cut % whole.length);
      expect(plain(outcome(() => method(ours()).responseDeserialize(bytes)))).to.deep.equal(outcome(() => method(real).responseDeserialize(bytes)));
    }), propertyRuns());
  });

  it('passes over fields of a newer server', () => {
    const newer = Buffer.from([0xb8, 0x3e, 0x05, 0xc2, 0x3e, 0x02, 1, 2, 0xcd, 0x3e, 1, 2, 3, 4, 0xc9, 0x3e, 1, 2, 3, 4, 5, 6, 7, 8, 0x10, 0x2a]);
    const read = (services: Services): unknown => services['etcdserverpb.Lease']?.['LeaseGrant']?.responseDeserialize(newer);
    expect(read(ours())).to.deep.equal(read(real));
    expect(read(ours())).to.deep.equal({ header: null, ID: '42', TTL: '0', error: '' });
  });
});
