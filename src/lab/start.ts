import type { Notify } from '../base/notice.js';
import type { Store } from '../datastore/store.js';
import type { Lab } from './lab.js';
import type { LabNotice } from './notices.js';
import { hostIsUp } from './readiness.js';
import { makeWorkloads } from './up.js';
import { workloadOf } from './workloads.js';

const LONGEST_MS = 60_000;

/**
 * Starts a host that is stopped, makes the workloads that the store has for it and that are not there, and waits until its agent is ready. It
 * may be cut off from others, so that nobody waits for its sessions. Returns how many workloads it has. Throws CalicoError.
 */
export async function startHost(lab: Lab, store: Store, host: string, { signal, notify }: { readonly signal: AbortSignal; readonly notify: Notify<LabNotice> }): Promise<number> {
  await lab.ask({ do: 'start', host });
  const here = await makeWorkloads(lab, store, [host], notify);
  await hostIsUp(lab, host, { longestMs: LONGEST_MS, signal });
  return here.filter((object) => workloadOf(object).host === host).length;
}
