import { containsCidr, parseCidr, type Cidr } from '../../net/address.js';
import type { StoredObject } from '../../resources/kind.js';
import type { Family } from '../desired.js';
import type { HostSettings } from './settings.js';

/** How packets to the addresses of a pool go from host to host. */
export type Encapsulation = 'vxlan' | 'ipip' | 'none';

/** What of a pool matters for routes. */
export interface Pool {
  readonly name: string;
  readonly cidr: Cidr;
  readonly encapsulation: Encapsulation;
  /** Whether hosts of one network do without encapsulation. */
  readonly crossSubnet: boolean;
}

/** Reads pools; disabled ones count, what is none is left out. */
export function readPools(stored: readonly StoredObject[]): readonly Pool[] {
  return stored.flatMap(({ metadata: { name }, spec: { cidr, vxlanMode, ipipMode } }) => {
    const net = typeof cidr === 'string' ? parseCidr(cidr) : undefined;
    if (net === undefined) return [];
    return [{ name, cidr: net, encapsulation: isUsed(vxlanMode) ? 'vxlan' : isUsed(ipipMode) ? 'ipip' : 'none', crossSubnet: vxlanMode === 'CrossSubnet' || ipipMode === 'CrossSubnet' } as const];
  });
}

function isUsed(mode: unknown): boolean {
  return mode === 'Always' || mode === 'CrossSubnet';
}

/** Of the pools that hold a network, the narrowest; it crosses subnets where any of them does. */
export function poolOf(net: Cidr, pools: readonly Pool[]): Pool | undefined {
  const around = pools.filter(({ cidr }) => containsCidr(cidr, net)).sort((a, b) => b.cidr.length - a.cidr.length);
  const narrowest = around[0];
  return narrowest === undefined ? undefined : { ...narrowest, crossSubnet: around.some(({ crossSubnet }) => crossSubnet) };
}

/** Whether this host takes part in VXLAN of a family: a pool wants it, and for IPv4 a setting decides where there is one (reference/host-network 5.1). */
export function usesVxlan(family: Family, pools: readonly Pool[], { vxlanEnabled, ipv6Support }: Pick<HostSettings, 'vxlanEnabled' | 'ipv6Support'>): boolean {
  if (family === 6 && !ipv6Support) return false;
  if (family === 4 && vxlanEnabled !== undefined) return vxlanEnabled;
  return pools.some(({ encapsulation, cidr }) => encapsulation === 'vxlan' && cidr.address.version === family);
}

/** Whether a pool or a setting wants IPIP. */
export function usesIpip(pools: readonly Pool[], { ipipEnabled }: Pick<HostSettings, 'ipipEnabled'>): boolean {
  return ipipEnabled ?? pools.some(({ encapsulation }) => encapsulation === 'ipip');
}
