import type { HostSettings } from './settings.js';
import { isWorkloadInterface, ownProtocol } from './settings.js';
import { BOOT_PROTOCOL, CALICO_PROTOCOL, VXLAN_DEVICES, type Route } from './state.js';

/** The protocol of routes that follow from addresses: the kernel makes them, and takes them away. */
const KERNEL_PROTOCOL = 2;

/**
 * Whether a route of the main table is ours to remove: one with a protocol that only Calico has, on workloads' interfaces every one
 * (or, where settings leave those of others alone, one with a protocol that Calico has), on the VXLAN devices every one. Nothing else
 * is touched, and never a route that the kernel made (reference/host-network 1.3).
 */
export function isOurRoute({ protocol, device }: Pick<Route, 'protocol' | 'device'>, settings: Pick<HostSettings, 'interfacePrefix' | 'deviceRouteProtocol' | 'removeExternalRoutes'>): boolean {
  if (protocol === KERNEL_PROTOCOL) return false;
  if (protocol === ownProtocol(settings)) return true;
  if (device === undefined) return false;
  if (isWorkloadInterface(device, settings)) return settings.removeExternalRoutes || protocolsOf(settings).includes(protocol);
  return device === VXLAN_DEVICES[4] || device === VXLAN_DEVICES[6];
}

function protocolsOf({ deviceRouteProtocol }: Pick<HostSettings, 'deviceRouteProtocol'>): readonly number[] {
  return deviceRouteProtocol === BOOT_PROTOCOL ? [BOOT_PROTOCOL, CALICO_PROTOCOL] : [deviceRouteProtocol];
}
