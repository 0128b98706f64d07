import type { Link } from '../input.js';
import { prioritiesOf, sourceOf, type HostSettings } from './settings.js';
import { neighbourKey, routeKey, type Neighbour, type Route } from './state.js';
import type { Workload } from './workload.js';

/** How the routes to a workload are made: as always, not at all, or preferred because it has just come from another host. */
export type Preference = 'normal' | 'withheld' | 'elevated';

/** A workload whose interface is up. */
export interface ConnectedWorkload {
  readonly workload: Workload;
  readonly link: Link;
  readonly preference: Preference;
}

/**
 * The routes to the workloads of this host, and the permanent neighbours of those that say which MAC address they have. Where several
 * have one address, the interface that came last gets the route (reference/host-network 2).
 */
export function workloadRoutes(connected: Iterable<ConnectedWorkload>, settings: HostSettings): { readonly routes: ReadonlyMap<string, Route>; readonly neighbours: ReadonlyMap<string, Neighbour> } {
  const routes = new Map<string, Route>();
  const neighbours = new Map<string, Neighbour>();
  for (const { workload, preference } of [...connected].sort((a, b) => a.link.index - b.link.index)) {
    if (preference === 'withheld') continue;
    const { interfaceName: device, mac } = workload;
    for (const each of routedAddresses(workload, settings)) {
      routes.set(routeKey(each), workloadRoute(each, device, preference, settings));
      if (mac !== undefined && each.family === 4) neighbours.set(neighbourKey({ device, address: each.address }), { family: 4, device, address: each.address, mac });
    }
  }
  return { routes, neighbours };
}

function routedAddresses({ addresses, floating, orchestrator }: Workload, { floatingIPs, ipv6Support }: HostSettings): Workload['addresses'] {
  const all = floatingIPs === 'Enabled' || orchestrator === 'openstack' ? [...addresses, ...floating] : addresses;
  return ipv6Support ? all : all.filter(({ family }) => family === 4);
}

function workloadRoute({ family, destination }: Workload['addresses'][number], device: string, preference: Preference, settings: HostSettings): Route {
  const priorities = prioritiesOf(family, settings);
  return {
    family, type: 'unicast', destination, device, isOnLink: false,
    scope: family === 4 ? 'link' : 'global',
    protocol: settings.deviceRouteProtocol,
    metric: preference === 'elevated' ? priorities.elevated : priorities.normal,
    source: sourceOf(family, settings),
  };
}
