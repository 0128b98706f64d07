import * as grpc from '@grpc/grpc-js';
import { loadSync } from '../../src/datastore/etcd/wire/services.js';

/** A server that speaks enough of etcd's protocol for the commands to be run once while they are built, so that no etcd is needed for that. */
export interface StubEtcd {
  readonly endpoint: string;
  stop(): void;
}

interface KeyRange {
  readonly key: Buffer;
  readonly range_end: Buffer;
}

/** What a transaction does with one key or a range of them. */
interface Operation {
  readonly request_range?: KeyRange;
  readonly request_put?: { readonly key: Buffer; readonly value: Buffer };
  readonly request_delete_range?: KeyRange;
}

type Stored = Map<string, string>;
type Reply = (error: null, value: object) => void;

const REVISION = '7';
const header = { cluster_id: '1', member_id: '1', revision: REVISION, raft_term: '2' };

/** Starts it on a free port of the loopback. `held` is what it holds; every write succeeds, whatever it compares. */
export async function startStubEtcd(held: Readonly<Record<string, object>>): Promise<StubEtcd> {
  const stored: Stored = new Map(Object.entries(held).map(([key, value]) => [key, JSON.stringify(value)]));
  const server = new grpc.Server();
  server.addService(loadSync()['etcdserverpb.KV'] as grpc.ServiceDefinition, {
    Range: ({ request }: { request: KeyRange }, reply: Reply) => reply(null, answerRange(stored, request)),
    Txn: ({ request }: { request: { success: Operation[] } }, reply: Reply) => reply(null, { header, succeeded: true, responses: request.success.map((each) => answerOperation(stored, each)) }),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  return { endpoint: `http://127.0.0.1:${port}`, stop: () => server.forceShutdown() };
}

function answerOperation(stored: Stored, { request_range: range, request_put: put, request_delete_range: deletion }: Operation): object {
  if (range) return { response_range: answerRange(stored, range) };
  if (put) stored.set(put.key.toString(), put.value.toString());
  if (deletion) for (const [key] of found(stored, deletion)) stored.delete(key);
  return put ? { response_put: { header } } : { response_delete_range: { header } };
}

function answerRange(stored: Stored, range: KeyRange): object {
  const kvs = found(stored, range).map(([key, value]) => ({ key: Buffer.from(key), value: Buffer.from(value), mod_revision: REVISION, create_revision: REVISION, version: '1' }));
  return { header, kvs, count: String(kvs.length) };
}

function found(stored: Stored, { key, range_end: end }: KeyRange): (readonly [key: string, value: string])[] {
  const [first, last] = [key.toString(), end.toString()];
  return [...stored].filter(([name]) => name === first || (last !== '' && name >= first && name < last)).sort(([a], [b]) => (a < b ? -1 : 1));
}
