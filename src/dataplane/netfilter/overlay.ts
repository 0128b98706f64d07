import { isMap } from '../../base/data.js';
import { parseCidrOrIp } from '../../net/address.js';
import type { StoredObject } from '../../resources/kind.js';
import type { Family } from '../desired.js';
import { readPools, usesIpip, usesVxlan } from '../host/pools.js';
import type { Settings } from '../settings/settings.js';

/** Which encapsulations a cluster uses (reference/netfilter 4). */
export interface Overlay {
  readonly ipip: boolean;
  readonly vxlan: Readonly<Record<Family, boolean>>;
}

/** The encapsulations that the pools and the settings want. */
export function overlayOf(settings: Settings, stored: readonly StoredObject[]): Overlay {
  const pools = readPools(stored);
  return { ipip: usesIpip(pools, settings), vxlan: { 4: usesVxlan(4, pools, settings), 6: usesVxlan(6, pools, settings) } };
}

/** The address that a tunnel device of a node has, where the node says one. */
export function tunnelAddress(node: StoredObject | undefined, tunnel: 'ipip' | 'vxlan', family: Family): string | undefined {
  const bgp = node?.spec['bgp'];
  const stored = tunnel === 'vxlan' ? node?.spec[family === 4 ? 'ipv4VXLANTunnelAddr' : 'ipv6VXLANTunnelAddr'] : isMap(bgp) && family === 4 ? bgp['ipv4IPIPTunnelAddr'] : undefined;
  return typeof stored === 'string' && parseCidrOrIp(stored) !== undefined ? stored : undefined;
}

/** The family of a network as text; undefined where it is none. */
export function familyOf(network: unknown): Family | undefined {
  return typeof network === 'string' ? parseCidrOrIp(network)?.address.version : undefined;
}
