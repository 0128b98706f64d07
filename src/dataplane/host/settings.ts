import type { Family } from '../desired.js';
import type { Settings } from '../settings/settings.js';
import { BOOT_PROTOCOL, CALICO_PROTOCOL } from './state.js';

/** What of a host's settings matters for routes and interfaces. */
export type HostSettings = Pick<
  Settings,
  | 'node' | 'interfacePrefix' | 'ipv6Support' | 'ipForwarding' | 'floatingIPs' | 'workloadSourceSpoofing' | 'mtuIfacePattern'
  | 'deviceRouteProtocol' | 'deviceRouteSourceAddress' | 'deviceRouteSourceAddressIPv6' | 'removeExternalRoutes' | 'routeSyncDisabled' | 'routeSource' | 'programClusterRoutes'
  | 'ipv4NormalRoutePriority' | 'ipv4ElevatedRoutePriority' | 'ipv6NormalRoutePriority' | 'ipv6ElevatedRoutePriority' | 'liveMigrationRouteConvergenceTime'
  | 'ipipEnabled' | 'ipipMTU' | 'vxlanEnabled' | 'vxlanMTU' | 'vxlanMTUV6' | 'vxlanPort' | 'vxlanVNI'
  | 'wireguardEnabled' | 'wireguardEnabledV6' | 'bpfEnabled'
>;

/** Whether an interface is one of workloads by its name. */
export function isWorkloadInterface(name: string, { interfacePrefix }: Pick<HostSettings, 'interfacePrefix'>): boolean {
  return interfacePrefix.some((prefix) => name.startsWith(prefix));
}

/** The families in which routes are made. */
export function familiesOf({ ipv6Support }: Pick<HostSettings, 'ipv6Support'>): readonly Family[] {
  return ipv6Support ? [4, 6] : [4];
}

/** The protocol of routes that no interface shows to be ours: blackholes and those by the host's own network. */
export function ownProtocol({ deviceRouteProtocol }: Pick<HostSettings, 'deviceRouteProtocol'>): number {
  return deviceRouteProtocol === BOOT_PROTOCOL ? CALICO_PROTOCOL : deviceRouteProtocol;
}

/** The source address of routes, where settings have one. */
export function sourceOf(family: Family, settings: Pick<HostSettings, 'deviceRouteSourceAddress' | 'deviceRouteSourceAddressIPv6'>): string | undefined {
  return family === 4 ? settings.deviceRouteSourceAddress : settings.deviceRouteSourceAddressIPv6;
}

/** Priorities of the routes to workloads: of most, and of those that were migrated a moment ago. */
export function prioritiesOf(family: Family, settings: HostSettings): { readonly normal: number; readonly elevated: number } {
  return family === 4
    ? { normal: settings.ipv4NormalRoutePriority, elevated: settings.ipv4ElevatedRoutePriority }
    : { normal: settings.ipv6NormalRoutePriority, elevated: settings.ipv6ElevatedRoutePriority };
}
