import { setTimeout as sleep } from 'node:timers/promises';
import { parseDuration } from '../../go/duration.js';
import { withDatastore } from '../datastore.js';
import { repeated, told } from '../repeat.js';
import type { AgentContext } from '../part.js';
import { isDetected } from './addresses.js';
import { writeAddresses, type NodeContext } from './own-node.js';

const USUAL_MS = 60_000;

/** How often the addresses are looked for again, in milliseconds, as AUTODETECT_POLL_INTERVAL says. */
export function pollIntervalMs({ env, log }: Pick<AgentContext, 'env' | 'log'>): number {
  const text = env['AUTODETECT_POLL_INTERVAL'] ?? '';
  const nanoseconds = text === '' ? undefined : parseDuration(text);
  if (nanoseconds !== undefined && nanoseconds > 0n) return Number(nanoseconds / 1_000_000n);
  if (text !== '') log.error(`AUTODETECT_POLL_INTERVAL=${text} is no length of time such as 60s`);
  return USUAL_MS;
}

/** Looks for the addresses of this node again and again, where they are to be found by themselves (reference/node-agent 8.1). Ends with the signal; throws its reason. */
export async function keepAddresses(context: Omit<NodeContext, 'store'>): Promise<void> {
  const { env, signal } = context;
  if (!isDetected(env)) return;
  const interval = pollIntervalMs(context);
  for (;;) {
    await sleep(interval, undefined, { signal });
    await told(context, () => withDatastore(context, (store) => repeated(context, () => writeAddresses({ ...context, store }))));
  }
}
