import { request, type IncomingMessage } from 'node:http';
import { isMap, type Data } from '../base/data.js';
import { CalicoError, type Meaning } from '../base/errors.js';
import { withTimeLimit } from '../base/time-limit.js';
import { readEngineNetwork, specToCreate, type EngineNetwork, type NetworkSpec } from './engine-network.js';

/** Where the engine answers, in the container of a node as on its host. */
export const ENGINE_SOCKET = '/var/run/docker.sock';
/** The network driver as networks name it. */
export const DRIVER = 'calico';

/** For one answer of the engine: it may be asking us meanwhile. */
const ANSWER_MS = 20_000;

const MEANINGS: Readonly<Record<number, Meaning>> = { 400: 'invalid-request', 403: 'precondition', 404: 'missing', 409: 'exists' };

/** The Docker engine of this host, by its API (reference/libnetwork 4). Every method throws CalicoError with the engine's own words. */
export class Engine {
  constructor(private readonly socketPath = ENGINE_SOCKET, private readonly signal?: AbortSignal) {}

  /** The networks of our driver that this engine has, without their endpoints. */
  async networks(): Promise<readonly EngineNetwork[]> {
    const answer = await this.call('GET', `/networks?filters=${filters({ driver: [DRIVER] })}`);
    return (Array.isArray(answer) ? answer : []).filter(isMap).filter((each) => each['Driver'] === DRIVER && each['Scope'] === 'local').map(readEngineNetwork);
  }

  /** A network with its endpoints; undefined where there is none of this id. */
  async network(id: string): Promise<EngineNetwork | undefined> {
    try {
      const answer = await this.call('GET', `/networks/${encodeURIComponent(id)}`);
      return isMap(answer) ? readEngineNetwork(answer) : undefined;
    } catch (error) {
      if (error instanceof CalicoError && error.meaning === 'missing') return undefined;
      throw error;
    }
  }

  /** Makes a network, which has the engine ask our drivers, and returns its id. */
  async createNetwork(spec: NetworkSpec): Promise<string> {
    const answer = await this.call('POST', '/networks/create', specToCreate(spec));
    return isMap(answer) ? String(answer['Id']) : '';
  }

  /** Removes a network. The engine refuses while it has endpoints there. */
  async removeNetwork(id: string): Promise<void> {
    await this.call('DELETE', `/networks/${encodeURIComponent(id)}`);
  }

  /** The labels of a container; undefined where there is none of this id. */
  async labelsOf(container: string): Promise<Readonly<Record<string, string>> | undefined> {
    const answer = await this.call('GET', `/containers/${encodeURIComponent(container)}/json`).catch((error: unknown) => {
      if (error instanceof CalicoError && error.meaning === 'missing') return undefined;
      throw error;
    });
    if (!isMap(answer)) return undefined;
    const labels = isMap(answer['Config']) ? answer['Config']['Labels'] : undefined;
    return Object.fromEntries(Object.entries(isMap(labels) ? labels : {}).map(([name, value]) => [name, String(value)]));
  }

  /** Calls back once the engine tells its events, and with each event of a network; settles when it ends to, or the signal is aborted. */
  async watchNetworks(onEvent: () => void, signal: AbortSignal): Promise<void> {
    const response = await this.open('GET', `/events?filters=${filters({ type: ['network'] })}`, undefined, signal);
    if (response.statusCode !== 200) throw failure(response.statusCode ?? 0, await this.textOf(response));
    onEvent();
    for await (const _event of this.read(response)) onEvent();
  }

  private call(method: string, path: string, body?: object): Promise<unknown> {
    return withTimeLimit(ANSWER_MS, this.signal, async (signal) => {
      const response = await this.open(method, path, body, signal);
      const text = await this.textOf(response);
      const { statusCode = 0 } = response;
      if (statusCode >= 300) throw failure(statusCode, text);
      return text === '' ? undefined : parsed(text);
    });
  }

  private open(method: string, path: string, body: object | undefined, signal: AbortSignal): Promise<IncomingMessage> {
    return new Promise<IncomingMessage>((resolve, reject) => {
      const headers = body === undefined ? {} : { 'Content-Type': 'application/json' };
      const call = request({ socketPath: this.socketPath, path, method, signal, headers, agent: false }, resolve);
      call.on('error', (error) => reject(this.away(error)));
      call.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  private async textOf(response: IncomingMessage): Promise<string> {
    let text = '';
    for await (const chunk of this.read(response)) text += chunk;
    return text;
  }

  /** What comes of an answer, until its end. An engine that ends meanwhile is one that is away. */
  private async *read(response: IncomingMessage): AsyncGenerator<string> {
    try {
      yield* response.setEncoding('utf8') as AsyncIterable<string>;
    } catch (error) {
      throw this.away(error as Error);
    }
  }

  private away({ message }: Error): CalicoError {
    return new CalicoError('failed', `the Docker engine does not answer at ${this.socketPath}: ${message}`);
  }
}

function filters(wanted: Readonly<Record<string, readonly string[]>>): string {
  return encodeURIComponent(JSON.stringify(wanted));
}

function failure(status: number, text: string): CalicoError {
  const answer = parsed(text);
  const said = isMap(answer) && typeof answer['message'] === 'string' ? answer['message'] : text.trim();
  return new CalicoError(MEANINGS[status] ?? 'failed', said === '' ? `the Docker engine answers with status ${status}` : said);
}

function parsed(text: string): Data | unknown[] | undefined {
  try {
    return JSON.parse(text) as Data | unknown[];
  } catch {
    return undefined;
  }
}
