import type { Notify } from '../base/notice.js';
import type { Store } from '../datastore/store.js';
import type { Lab } from './lab.js';
import type { LabNotice } from './notices.js';
import { hostIsUp } from './readiness.js';
import { makeWorkloads } from './up.js';
import { workloadOf } from './workloads.js';

const LONGEST_MS = 60_000;

/** A host that was started. */
interface Started {
  readonly workloads: number;
  /** Whether it is cut off from etcd, so that its agent waits. */
  readonly withoutEtcd: boolean;
}

/**
 * Starts a host that is stopped, makes the workloads that the store has for it and that are not there, and waits until its agent is ready. It
 * may be cut off from others, so that nobody waits for its sessions; where it is cut off from etcd its agent cannot become ready, and nobody waits
 * for that either. Returns how many workloads it has. Throws CalicoError.
 */
export async function startHost(lab: Lab, store: Store, host: string, { signal, notify }: { readonly signal: AbortSignal; readonly notify: Notify<LabNotice> }): Promise<Started> {
  await lab.ask({ do: 'start', host });
  const here = await makeWorkloads(lab, store, [host], notify);
  const { cuts } = await lab.ask({ do: 'tell' });
  const withoutEtcd = cuts.some(({ hosts, of }) => of !== 'bgp' && hosts.includes(host));
  if (!withoutEtcd) await hostIsUp(lab, host, { longestMs: LONGEST_MS, signal });
  return { workloads: here.filter((object) => workloadOf(object).host === host).length, withoutEtcd };
}
