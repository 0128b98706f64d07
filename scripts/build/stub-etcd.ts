import * as grpc from '@grpc/grpc-js';
import { loadSync } from '../../src/datastore/etcd/wire/services.js';

/** A server that speaks enough of etcd's protocol for the commands to be run once while they are built, so that no etcd is needed for that. */
export interface StubEtcd {
  readonly endpoint: string;
  stop(): void;
}

interface RangeRequest {
  readonly key: Buffer;
  readonly range_end: Buffer;
}
type Operation = Readonly<Record<string, RangeRequest | undefined>>;
type Reply = (error: null, value: object) => void;

const REVISION = '7';
const header = { cluster_id: '1', member_id: '1', revision: REVISION, raft_term: '2' };
const REACTIONS = { request_range: 'response_range', request_put: 'response_put', request_delete_range: 'response_delete_range' } as const;

/** Starts it on a free port of the loopback. `stored` is what it holds; writes are taken as done and forgotten. */
export async function startStubEtcd(stored: Readonly<Record<string, object>>): Promise<StubEtcd> {
  const server = new grpc.Server();
  server.addService(loadSync()['etcdserverpb.KV'] as grpc.ServiceDefinition, {
    Range: ({ request }: { request: RangeRequest }, reply: Reply) => reply(null, answerRange(stored, request)),
    Txn: ({ request }: { request: { success: Operation[] } }, reply: Reply) => reply(null, { header, succeeded: true, responses: request.success.map((each) => answerOperation(stored, each)) }),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  return { endpoint: `http://127.0.0.1:${port}`, stop: () => server.forceShutdown() };
}

function answerOperation(stored: Readonly<Record<string, object>>, operation: Operation): object {
  for (const [request, response] of Object.entries(REACTIONS)) {
    const given = operation[request];
    if (given) return { [response]: request === 'request_range' ? answerRange(stored, given) : { header } };
  }
  return {};
}

function answerRange(stored: Readonly<Record<string, object>>, { key, range_end: end }: RangeRequest): object {
  const [first, last] = [key.toString(), end.toString()];
  const found = Object.entries(stored).filter(([name]) => name === first || (last !== '' && name >= first && name < last));
  const kvs = found.map(([name, value]) => ({ key: Buffer.from(name), value: Buffer.from(JSON.stringify(value)), mod_revision: REVISION, create_revision: REVISION, version: '1' }));
  return { header, kvs, count: String(kvs.length) };
}
