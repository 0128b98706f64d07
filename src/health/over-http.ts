import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { withTimeLimit } from '../base/time-limit.js';
import { fine, type Check } from './check.js';
import type { EndpointOptions } from './endpoints.js';

/** The longest answer that is read, in characters. */
const LONGEST = 4 * 1024 * 1024;

/**
 * The quota of a member's database in bytes, as its metrics say it; undefined where they are not served to us.
 */
export async function quotaOf(endpoint: string, options: EndpointOptions): Promise<bigint | undefined> {
  const { text } = (await get(`${endpoint}/metrics`, options)) ?? {};
  const quota = /^etcd_server_quota_backend_bytes (\S+)$/m.exec(text ?? '')?.[1];
  return quota === undefined || !(Number(quota) > 0) ? undefined : BigInt(Math.round(Number(quota)));
}

/** Whether etcd's old v2 store still holds data of Calico 2.x, which Calico 3 does not see. etcd serves that store up to 3.5, where it is told to. */
export async function leftoversOf(endpoint: string, options: EndpointOptions): Promise<Check> {
  const { status } = (await get(`${endpoint}/v2/keys/calico`, options)) ?? {};
  if (status === 200) return { step: 'data', state: 'warning', subject: endpoint, message: 'the v2 store holds data of Calico 2.x, which nothing of Calico 3 reads', remedy: 'convert what is still needed with calicoctl convert, then: ETCDCTL_API=2 etcdctl rm --recursive /calico' };
  return fine('data', status === undefined ? 'the v2 store was not asked: this endpoint serves no HTTP' : 'nothing of Calico 2.x is in the v2 store');
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

function get(url: string, { timeoutMs, signal, tls }: EndpointOptions): Promise<Answer | undefined> {
  return withTimeLimit(timeoutMs, signal, (limited) => new Promise((resolve) => {
    const options = { signal: limited, agent: false as const };
    const asked = url.startsWith('https:') ? requestHttps(url, { ...options, ...(tls?.ca && { ca: tls.ca }), ...(tls?.cert && { cert: tls.cert }), ...(tls?.key && { key: tls.key }) }) : requestHttp(url, options);
    asked.on('error', () => resolve(undefined));
    asked.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
        if (text.length > LONGEST) asked.destroy(new Error('too long'));
      });
      response.on('error', () => resolve(undefined)).on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    asked.end();
  }));
}
