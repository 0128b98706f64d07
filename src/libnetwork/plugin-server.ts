import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isMap, type Data } from '../base/data.js';
import { CalicoError } from '../base/errors.js';
import type { Log } from '../text/log.js';

/** Answers a request of the engine. Throws CalicoError with what the engine is to say of it. */
export type Method = (request: Data) => object | Promise<object>;

/** A driver as the engine asks for it: by the name of an interface and those of its methods (reference/libnetwork 1). */
export interface PluginInterface {
  readonly name: 'NetworkDriver' | 'IpamDriver';
  readonly methods: Readonly<Record<string, Method>>;
}

const CONTENT_TYPE = 'application/vnd.docker.plugins.v1.2+json';
const LARGEST_BODY = 1 << 20;

/** A request that is none: what to answer, and with which status. */
class Refusal extends Error {
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

/** Makes the server of a driver; whoever makes it has it listen. */
export function pluginServer(plugin: PluginInterface, log: Log): Server {
  return createServer((request, response) => void respond(plugin, log, request, response));
}

async function respond(plugin: PluginInterface, log: Log, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? '').slice(1);
  try {
    const body = await readBody(request);
    log.debug(`${path} ${JSON.stringify(body ?? {})}`);
    send(response, 200, await (body === undefined ? answerWithoutBody(plugin, path) : answer(plugin, path, body)));
  } catch (error) {
    const message = messageOf(error);
    if (message === undefined) log.error(`${path}: this is a bug of the driver, please report it: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    else log.warning(`${path}: ${message}`);
    send(response, error instanceof Refusal ? error.status : 500, { Err: message ?? 'a bug of the driver, see the log of calico-node' });
  }
}

async function answer({ name, methods }: PluginInterface, path: string, body: Data): Promise<object> {
  if (path === 'Plugin.Activate') return { Implements: [name] };
  const method = path.startsWith(`${name}.`) ? path.slice(name.length + 1) : '';
  if (!Object.hasOwn(methods, method)) throw new Refusal(404, `${JSON.stringify(path)} is no request to a ${name}`);
  return methods[method]!(body);
}

/** An engine whose request broke off, since the driver went away, sends it again, and without its body (reference/libnetwork 1). */
async function answerWithoutBody(plugin: PluginInterface, path: string): Promise<object> {
  try {
    return await answer(plugin, path, {});
  } catch (error) {
    if (!(error instanceof CalicoError) || error.meaning !== 'invalid-request') throw error;
    throw new CalicoError('invalid-request', `the request came without its content, as Docker sends it again where the drivers were away for a moment: try again (${error.message})`);
  }
}

/** What the engine is told; undefined for a bug of ours. */
function messageOf(error: unknown): string | undefined {
  if (error instanceof DOMException && error.name === 'AbortError') return 'the drivers end';
  return error instanceof CalicoError || error instanceof Refusal ? error.message : undefined;
}

/** The body; undefined where there is none. */
async function readBody(request: IncomingMessage): Promise<Data | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY) throw new Refusal(413, `a request has at most ${LARGEST_BODY} bytes`);
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString();
  if (text.trim() === '') return undefined;
  const body = parsed(text);
  if (!isMap(body)) throw new Refusal(400, 'the body of a request is a map in JSON');
  return body;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'Content-Type': CONTENT_TYPE }).end(`${JSON.stringify(body)}\n`);
}
