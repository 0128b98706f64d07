import { CalicoError } from '../base/errors.js';
import type { Lab } from './lab.js';
import type { CutOf, LabState } from './requests.js';

/** Cuts hosts off from the others, in addition to what is cut already. Throws CalicoError where there is no such host. */
export async function cutOff(lab: Lab, hosts: readonly string[], of: CutOf): Promise<LabState> {
  for (const host of hosts) lab.hostState(host);
  if (of === 'bgp' && lab.plan.hosts.every(({ name }) => hosts.includes(name))) throw new CalicoError('precondition', 'there is nobody left to be cut off from', { hint: 'name some of the hosts' });
  return lab.ask({ do: 'cut', cuts: [...lab.state.cuts, { hosts: [...new Set(hosts)], of }] });
}

/** Takes back what is cut: all of it, or for some hosts. Throws CalicoError where there is no such host. */
export async function heal(lab: Lab, hosts: readonly string[]): Promise<LabState> {
  for (const host of hosts) lab.hostState(host);
  const cuts = hosts.length === 0 ? [] : lab.state.cuts.map((cut) => ({ ...cut, hosts: cut.hosts.filter((host) => !hosts.includes(host)) })).filter((cut) => cut.hosts.length > 0);
  return lab.ask({ do: 'cut', cuts });
}
