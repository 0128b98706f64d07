import { isEstablished } from '../bgp/protocols.js';
import type { Store } from '../datastore/store.js';
import { contextOf } from './context.js';
import type { Lab } from './lab.js';
import { hostAddresses, type LabPlan } from './plan.js';
import { agentSays, bgpPeers } from './readiness.js';
import type { LabState, ServiceState } from './requests.js';
import { storedWorkloads, workloadOf, type LabWorkload } from './workloads.js';

/** How a host is. */
export interface HostStatus {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly runs: boolean;
  readonly services: readonly ServiceState[];
  /** Why its agent is not ready; undefined where it is. */
  readonly notReady?: string | undefined;
  /** Its BGP sessions; undefined where its BIRD does not answer, or there is to be none. */
  readonly sessions?: readonly { readonly peer: string; readonly established: boolean; readonly state: string }[] | undefined;
}

/** How a lab is. */
export interface LabStatus {
  readonly plan: LabPlan;
  readonly state: LabState;
  readonly endpoint: string;
  /** The context that leads there. */
  readonly context: string | undefined;
  readonly hosts: readonly HostStatus[];
  readonly workloads: readonly LabWorkload[];
}

/** Asks all of a lab how it is. Throws DatastoreError where its etcd does not answer. */
export async function labStatus(lab: Lab, store: Store): Promise<LabStatus> {
  const [stored, hosts] = await Promise.all([storedWorkloads(store, lab.plan.hosts.map(({ name }) => name)), Promise.all(lab.plan.hosts.map(({ name }) => hostStatus(lab, name)))]);
  return { plan: lab.plan, state: lab.state, endpoint: lab.endpoint, context: contextOf(lab.folder), hosts, workloads: stored.here.map(workloadOf) };
}

async function hostStatus(lab: Lab, name: string): Promise<HostStatus> {
  const { pid, services } = lab.hostState(name);
  const { ipv4, ipv6 } = hostAddresses(lab.plan, lab.plan.hosts.find((host) => host.name === name)!);
  const known = { name, addresses: [ipv4, ipv6], runs: pid !== undefined, services };
  if (pid === undefined) return known;
  const [notReady, peers] = await Promise.all([agentSays(lab, name), lab.plan.encapsulation === 'routed' ? bgpPeers(lab, name) : undefined]);
  return { ...known, notReady, sessions: peers?.map((peer) => ({ peer: peer.address, established: isEstablished(peer), state: peer.session ?? peer.state })) };
}
