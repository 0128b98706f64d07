import { get as getHttp, type IncomingMessage } from 'node:http';
import { get as getHttps } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { withTimeLimit } from '../../base/time-limit.js';
import { FAILURE, Failure } from '../failure.js';
import type { PluginContext } from '../plugin.js';

/** For how long all gates are waited for, and one answer. */
const LIMITS = { totalMs: 30_000, answerMs: 5000, pauseMs: 1000 };

/** Waits until every address of `readiness_gates` answers that it is ready (reference/network-plugin 12.1). Throws Failure where one does not in time. */
export async function waitForGates(gates: readonly string[], { log, signal }: Pick<PluginContext, 'log' | 'signal'>, limits = LIMITS): Promise<void> {
  const urls = gates.map(urlOf);
  const deadline = performance.now() + limits.totalMs;
  for (const url of urls) {
    for (;;) {
      const problem = await problemOf(url, signal, limits.answerMs);
      if (problem === undefined) break;
      log.warning(`${url.href} is not ready: ${problem}`);
      if (performance.now() + limits.pauseMs >= deadline) throw new Failure(FAILURE.tryAgain, `${url.href} is not ready: ${problem}`);
      await sleep(limits.pauseMs, undefined, { signal });
    }
  }
}

/** Asks each gate once. Throws Failure, code 51, where one is not ready: what is there has an incomplete network as well. */
export async function checkGates(gates: readonly string[], { signal }: Pick<PluginContext, 'signal'>, answerMs = LIMITS.answerMs): Promise<void> {
  for (const url of gates.map(urlOf)) {
    const problem = await problemOf(url, signal, answerMs);
    if (problem !== undefined) throw new Failure(FAILURE.limited, `${url.href} is not ready: ${problem}`);
  }
}

function urlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new Failure(FAILURE.invalidConfig, `readiness_gates: ${JSON.stringify(text)} is not an address such as http://localhost:9099/readiness`);
}

/** Why a gate is not open; undefined where it is: its status is one of success or leads elsewhere. */
async function problemOf(url: URL, signal: AbortSignal, answerMs: number): Promise<string | undefined> {
  try {
    const status = await withTimeLimit(answerMs, signal, (limited) => statusOf(url, limited));
    return status >= 200 && status < 400 ? undefined : `it answers ${status}`;
  } catch (error) {
    signal.throwIfAborted();
    return (error as Error).name === 'AbortError' ? 'it does not answer' : (error as Error).message;
  }
}

function statusOf(url: URL, signal: AbortSignal): Promise<number> {
  const get = url.protocol === 'https:' ? getHttps : getHttp;
  return new Promise((resolve, reject) => {
    const take = (answer: IncomingMessage): void => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    };
    get(url, { signal, agent: false }, take).on('error', reject);
  });
}
