import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { isMap } from '../../base/data.js';
import type { CalicoError } from '../../base/errors.js';
import { TIME_IS_OVER, withTimeLimit } from '../../base/time-limit.js';
import { ownLookup } from '../../dns/lookup.js';
import type { ApiAccess } from './access.js';
import { explainFailure, explainStatus, type Question } from './explain.js';

/** What the plugin asks of Kubernetes' API, as JSON. Each rejects with CalicoError naming the server, and what was asked for. */
export interface KubernetesApi {
  pod(namespace: string, name: string): Promise<unknown>;
  namespace(name: string): Promise<unknown>;
  node(name: string): Promise<unknown>;
  version(): Promise<unknown>;
}

export interface ApiOptions {
  readonly signal?: AbortSignal | undefined;
  /** How long one answer may take, in milliseconds. */
  readonly answerMs?: number;
  /** How long all tries of one question may take. */
  readonly totalMs?: number;
}

const ANSWER_MS = 10_000;
const TOTAL_MS = 30_000;
/** An object of Kubernetes is kept in etcd and is no larger than what that takes, 1.5 MiB. */
const LONGEST_ANSWER = 8 * 1024 * 1024;
/** How often a question is asked where the server may soon answer better. */
const TRIES = 4;
const PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5000;

/** Asks an API for objects. A question that the server could not answer is asked again, as long as there is time. */
export function kubernetesApi(access: ApiAccess, options: ApiOptions = {}): KubernetesApi {
  const get = (what: string, ...path: readonly string[]): Promise<unknown> => ask(access, { what, path: `api/v1/${path.map(encodeURIComponent).join('/')}` }, options);
  return {
    pod: (namespace, name) => get(`the pod ${namespace}/${name}`, 'namespaces', namespace, 'pods', name),
    namespace: (name) => get(`the namespace ${name}`, 'namespaces', name),
    node: (name) => get(`the node ${name}`, 'nodes', name),
    version: () => ask(access, { what: 'its version', path: 'version' }, options),
  };
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly retryAfter: string | undefined;
}

async function ask(access: ApiAccess, question: Question, { signal, answerMs = ANSWER_MS, totalMs = TOTAL_MS }: ApiOptions): Promise<unknown> {
  return withTimeLimit(totalMs, signal, async (whole) => {
    for (let tried = 1; ; tried++) {
      const outcome = await once(access, question, answerMs, whole);
      if ('value' in outcome) return outcome.value;
      if (tried === TRIES || outcome.again === undefined) throw outcome.error;
      await sleep(outcome.again, undefined, { signal: whole }).catch(() => {
        throw stopped(whole) ?? outcome.error;
      });
    }
  });
}

/** Why nobody waits for an answer any more, where that is not the time. */
function stopped(signal: AbortSignal): Error | undefined {
  return signal.aborted && signal.reason !== TIME_IS_OVER ? (signal.reason as Error) : undefined;
}

/** What one try came to; `again` is after how many milliseconds another makes sense. */
type Outcome = { readonly value: unknown } | { readonly error: CalicoError; readonly again?: number };

async function once(access: ApiAccess, question: Question, answerMs: number, whole: AbortSignal): Promise<Outcome> {
  let answer: Answer;
  try {
    answer = await withTimeLimit(answerMs, whole, (limited) => get(access, question.path, limited));
  } catch (error) {
    const stop = stopped(whole);
    if (stop !== undefined) throw stop;
    const { error: explained, passing } = explainFailure(error, access, question);
    return { error: explained, ...(passing && { again: PAUSE_MS }) };
  }
  const value = json(answer.body);
  if (answer.status === 200 && isMap(value)) return { value };
  const error = explainStatus(answer.status, value, access, question);
  return { error, ...((answer.status === 429 || answer.status >= 500) && { again: pauseOf(answer) }) };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function pauseOf({ retryAfter }: Answer): number {
  const seconds = Number(retryAfter ?? NaN);
  return seconds >= 0 ? Math.min(seconds * 1000, LONGEST_PAUSE_MS) : PAUSE_MS;
}

function get(access: ApiAccess, path: string, signal: AbortSignal): Promise<Answer> {
  const { server, serverName, verified, authority, client, authorization } = access;
  const options: RequestOptions = {
    signal, agent: false, lookup: ownLookup(signal),
    headers: { accept: 'application/json', 'user-agent': 'calico-cni', ...(authorization && { authorization: authorization.header }) },
  };
  const url = new URL(path, server.href.endsWith('/') ? server : `${server.href}/`);
  const tls = { rejectUnauthorized: verified, ...(serverName !== undefined && { servername: serverName }), ...(authority && { ca: authority.bytes }), ...(client && { cert: client.certificate.bytes, key: client.key }) };
  return new Promise((resolve, reject) => {
    const asked = url.protocol === 'https:' ? requestHttps(url, { ...options, ...tls }) : requestHttp(url, options);
    asked.on('error', reject).on('response', (response) => void read(response).then(resolve, reject)).end();
  });
}

async function read(response: IncomingMessage): Promise<Answer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    pieces.push(piece);
    length += piece.length;
    if (length > LONGEST_ANSWER) throw Object.assign(new Error('the answer is too long'), { code: 'ANSWER_TOO_LONG' });
  }
  return { status: response.statusCode ?? 0, body: Buffer.concat(pieces).toString('utf8'), retryAfter: response.headers['retry-after'] };
}
