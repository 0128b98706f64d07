import { Server, ServerCredentials, type handleUnaryCall, type MethodDefinition } from '@grpc/grpc-js';

const UNAUTHENTICATED = 16;
/** RangeResponse { header { revision: 1 } } */
const EMPTY_RANGE = Buffer.from([0x0a, 0x02, 0x18, 0x01]);

/** A server that logs everybody in and answers every read with nothing, or refuses the token. */
export interface TokenServer {
  readonly endpoint: string;
  /** The methods called so far, in order. */
  readonly calls: readonly string[];
  stop(): void;
}

/** Starts the server; its tokens are `token 1`, `token 2`, and so on, and `isRefused` decides which are not accepted. */
export async function startTokenServer(isRefused: (token: string) => boolean): Promise<TokenServer> {
  const calls: string[] = [];
  let logins = 0;
  const answer: handleUnaryCall<Buffer, Buffer> = (call, reply) => {
    calls.push(call.getPath().split('/').at(-1) as string);
    if (isRefused(String(call.metadata.get('token')[0]))) reply({ code: UNAUTHENTICATED, details: 'etcdserver: invalid auth token' });
    else reply(null, EMPTY_RANGE);
  };
  const authenticate: handleUnaryCall<Buffer, Buffer> = (_call, reply) => {
    calls.push('Authenticate');
    const token = Buffer.from(`token ${++logins}`);
    reply(null, Buffer.concat([Buffer.from([0x12, token.length]), token]));
  };
  const server = new Server();
  server.addService({ Range: unary('KV/Range'), Txn: unary('KV/Txn') }, { Range: answer, Txn: answer });
  server.addService({ Authenticate: unary('Auth/Authenticate') }, { Authenticate: authenticate });
  const port = await new Promise<number>((resolve, reject) => server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound))));
  return { endpoint: `http://127.0.0.1:${port}`, calls, stop: () => server.forceShutdown() };
}

/** A method whose messages stay bytes. */
function unary(path: string): MethodDefinition<Buffer, Buffer> {
  const same = (bytes: Buffer): Buffer => bytes;
  return { path: `/etcdserverpb.${path}`, requestStream: false, responseStream: false, requestSerialize: same, requestDeserialize: same, responseSerialize: same, responseDeserialize: same };
}
