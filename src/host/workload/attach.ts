import { createHash } from 'node:crypto';
import { CalicoError } from '../../base/errors.js';
import type { Ip } from '../../net/address.js';
import { planInterface, single, type SidePlan, type WorkloadInterface } from './interface-plan.js';
import type { Side } from './side.js';

/** The prefix that names of workload interfaces have where settings name none. */
const PREFIX = 'cali';
/** How much of an id or a hash is in the name of an interface, which may have 15 characters. */
const NAME_LENGTH = 11;

/** The name of a pod's interface on its host: it follows from namespace and pod (reference/network-plugin 1.1). */
export function podInterfaceName(namespace: string, pod: string, prefix = PREFIX): string {
  return prefix + createHash('sha1').update(`${namespace}.${pod}`).digest('hex').slice(0, NAME_LENGTH);
}

/** The name of another container's interface on its host (reference/network-plugin 1.1). */
export function containerInterfaceName(id: string): string {
  return PREFIX + cutId(id);
}

/** What of the id of a container is in the name of its interface. */
export function cutId(id: string): string {
  return id.slice(0, NAME_LENGTH);
}

/**
 * Gives a workload its interface: a pair between its namespace and the host, with addresses, routes and settings on both sides. What is there
 * already under the name on the host's side goes first. Throws CalicoError with the step that failed; what was made until then stays.
 */
export async function attachWorkload(host: Side, inside: Side, wanted: WorkloadInterface): Promise<void> {
  const plan = planInterface(wanted);
  await host.remove(wanted.hostName);
  await host.apply({ settings: [], lines: plan.pair });
  const ends = await Promise.allSettled([inside.apply(plan.inside), applyOutside(host, plan.outside, wanted)]);
  for (const end of ends) if (end.status === 'rejected') throw end.reason as Error;
}

/**
 * Sets the host's side up, which is made. A route may be there already: Felix is faster where the endpoint is stored from before. Throws
 * CalicoError, also where a route leads elsewhere.
 */
export async function applyOutside(host: Side, plan: SidePlan, { hostName, addresses }: Pick<WorkloadInterface, 'hostName' | 'addresses'>): Promise<void> {
  try {
    await host.apply(plan);
  } catch (error) {
    if (!(error instanceof CalicoError) || !error.message.includes('File exists')) throw error;
    for (const ip of addresses) await refuseElsewhere(host, ip, hostName);
    await host.apply({ settings: [], lines: plan.lines.map((line) => line.replace(/^route add/, 'route replace')) });
  }
}

async function refuseElsewhere(host: Side, ip: Ip, hostName: string): Promise<void> {
  const shown = await host.run(['ip', '-json', `-${ip.version}`, 'route', 'show', single(ip)]);
  const elsewhere = (JSON.parse(shown) as { readonly dev?: string }[]).find(({ dev }) => dev !== hostName);
  if (elsewhere !== undefined) throw new CalicoError('taken', `the host has a route to ${single(ip)} already, which leads to ${elsewhere.dev ?? 'no interface'} and not to ${hostName}`, { subject: single(ip) });
}
