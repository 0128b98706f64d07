import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { KeyPair } from './certificates.js';

/** Answers a request in place of what the server would. */
type Instead = (request: IncomingMessage, response: ServerResponse) => void;

/** A small API of Kubernetes: objects by path, what was asked, and what it answers in place of them. */
export interface FakeKubernetes {
  readonly url: string;
  /** Objects by path, such as `/api/v1/namespaces/shop/pods/web-1`. */
  readonly objects: Map<string, unknown>;
  /** What was asked, in order: method, path, authorization, and the name in the client's certificate. */
  readonly asked: { readonly method: string; readonly path: string; readonly authorization: string | undefined; readonly client: string | undefined }[];
  /** Each takes one request, in order. */
  readonly instead: Instead[];
  /** The token that has to be given, where one has. */
  token: string | undefined;
  close(): Promise<void>;
}

/** Files of a server that speaks TLS; with `clients` it asks for certificates signed by that authority. */
export interface FakeTls {
  readonly pair: KeyPair;
  readonly clients?: string;
}

/** An answer as Kubernetes gives it where there is no object. */
export function status(response: ServerResponse, code: number, message: string, headers: Record<string, string> = {}): void {
  response.writeHead(code, { 'content-type': 'application/json', ...headers }).end(JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code }));
}

/** Starts a server on a port of its own. */
export async function fakeKubernetes(tls?: FakeTls): Promise<FakeKubernetes> {
  const fake: Omit<FakeKubernetes, 'url' | 'close'> = { objects: new Map(), asked: [], instead: [], token: undefined };
  const server: Server = tls === undefined ? createServer() : createSecureServer({
    cert: readFileSync(tls.pair.certificate), key: readFileSync(tls.pair.key),
    ...(tls.clients !== undefined && { requestCert: true, rejectUnauthorized: true, ca: readFileSync(tls.clients) }),
  });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => answer(fake, request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return Object.assign(fake, {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

function answer(fake: Omit<FakeKubernetes, 'url' | 'close'>, request: IncomingMessage, response: ServerResponse): void {
  const { authorization } = request.headers;
  const peer = 'getPeerCertificate' in request.socket ? (request.socket as import('node:tls').TLSSocket).getPeerCertificate().subject : undefined;
  const path = request.url ?? '';
  fake.asked.push({ method: request.method ?? '', path, authorization, client: peer?.CN as string | undefined });
  const instead = fake.instead.shift();
  if (instead !== undefined) return instead(request, response);
  if (fake.token !== undefined && authorization !== `Bearer ${fake.token}`) return status(response, 401, 'Unauthorized');
  if (!fake.objects.has(path)) return status(response, 404, `${path.split('/').at(-2)} "${path.split('/').at(-1)}" not found`);
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(fake.objects.get(path)));
}
