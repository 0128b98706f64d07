import type { Link } from '../input.js';
import type { Family } from '../desired.js';
import { usesIpip, usesVxlan, type Pool } from './pools.js';
import type { HostSettings } from './settings.js';

/** Bytes that an encapsulation takes of a packet. */
const VXLAN_OVERHEAD: Readonly<Record<Family, number>> = { 4: 50, 6: 70 };
const IPIP_OVERHEAD = 20;
/** Where no interface says anything: what every cloud can carry (reference/host-network 6.1). */
const UNKNOWN_MTU = 1460;

/** The smallest MTU of the interfaces that are up and whose name a setting matches; where there are none, what was known before. */
export function hostMtu(links: readonly Link[], { mtuIfacePattern }: Pick<HostSettings, 'mtuIfacePattern'>, before: number | undefined): number {
  const found = links.filter(({ name, isUp }) => isUp && mtuIfacePattern.test(name)).map(({ mtu }) => mtu);
  return found.length === 0 ? (before ?? UNKNOWN_MTU) : Math.min(...found);
}

/** The MTU of the VXLAN device of a family. */
export function vxlanMtu(family: Family, host: number, { vxlanMTU, vxlanMTUV6 }: Pick<HostSettings, 'vxlanMTU' | 'vxlanMTUV6'>): number {
  return (family === 4 ? vxlanMTU : vxlanMTUV6) || host - VXLAN_OVERHEAD[family];
}

/** The MTU that workloads may use: the smallest of what is in use between hosts. */
export function workloadMtu(host: number, pools: readonly Pool[], settings: HostSettings): number {
  const used = ([4, 6] as const).filter((family) => usesVxlan(family, pools, settings)).map((family) => vxlanMtu(family, host, settings));
  if (usesIpip(pools, settings)) used.push(settings.ipipMTU || host - IPIP_OVERHEAD);
  return used.length === 0 ? host : Math.min(...used);
}
