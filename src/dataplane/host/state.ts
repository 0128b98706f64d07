import type { Family } from '../desired.js';
import type { Link } from '../input.js';

/** A route of the main table. */
export interface Route {
  readonly family: Family;
  readonly type: 'unicast' | 'blackhole';
  /** Always with its prefix length. */
  readonly destination: string;
  readonly gateway?: string | undefined;
  /** None where it is a blackhole. */
  readonly device?: string | undefined;
  /** Whether the gateway counts as a neighbour on the device though no address of ours says so. */
  readonly isOnLink: boolean;
  /** IPv6 knows none but global. */
  readonly scope: 'link' | 'global';
  readonly protocol: number;
  /** 0 where IPv4 has none. */
  readonly metric: number;
  readonly source?: string | undefined;
  readonly mtu?: number | undefined;
}

/** A permanent neighbour. */
export interface Neighbour {
  readonly family: Family;
  readonly device: string;
  readonly address: string;
  readonly mac: string;
}

/** To which host a VXLAN device sends what is for a MAC address. */
export interface FdbEntry {
  readonly device: string;
  readonly mac: string;
  readonly destination: string;
}

/** The VXLAN device of a family, and who is behind it. */
export interface VxlanDevice {
  readonly family: Family;
  readonly name: string;
  readonly vni: number;
  readonly port: number;
  /** The interface whose address carries the tunnel, and that address. */
  readonly parent: string;
  readonly local: string;
  readonly mac: string;
  readonly mtu: number;
  /** With its prefix length; the only one of the family on the device. */
  readonly address: string;
  readonly neighbours: readonly Neighbour[];
  readonly fdb: readonly FdbEntry[];
}

/** A setting of the kernel: its path below /proc/sys, and the value it is to have. */
export interface KernelSetting {
  readonly path: string;
  readonly value: string;
  /** Set where the kernel may refuse it and nothing is lost. */
  readonly mayFail?: true;
}

/** A token bucket filter, in the units of the kernel. */
export interface TokenBucket {
  /** Bytes a second. */
  readonly rate: number;
  /** How long a full bucket lasts, in ticks of the packet scheduler. */
  readonly buffer: number;
  /** Bytes that may wait. */
  readonly limit: number;
  /** Bytes a second and bytes at once that even a full bucket does not exceed. */
  readonly peak?: { readonly rate: number; readonly burst: number } | undefined;
}

/** How fast an interface of a workload may be. */
export interface Shaping {
  readonly device: string;
  /** The MTU of the interface, which its ifb device has, too. */
  readonly mtu: number;
  /** Towards the workload. */
  readonly ingress?: TokenBucket | undefined;
  /** From the workload: its packets make a detour through an ifb device. */
  readonly egress?: { readonly ifb: string; readonly bucket: TokenBucket } | undefined;
}

/** A workload that a live migration brings, on an interface that is up. */
export interface AwaitedWorkload {
  /** `wep:NAMESPACE/NAME`. */
  readonly id: string;
  readonly device: string;
  /** Its IPv4 addresses. */
  readonly addresses: readonly string[];
}

/** What the kernel of a host should hold, netfilter aside. */
export interface HostState {
  /** By family and destination; undefined where settings say that routes are not ours to make. */
  readonly routes: ReadonlyMap<string, Route> | undefined;
  /** Permanent neighbours on workloads' interfaces, by device and address. */
  readonly neighbours: ReadonlyMap<string, Neighbour>;
  /** By name; undefined: not now, but one that is there may stay. What has no entry may not be there. */
  readonly vxlan: ReadonlyMap<string, VxlanDevice | undefined>;
  /** Addresses on workloads' interfaces, by interface. */
  readonly addresses: ReadonlyMap<string, readonly string[]>;
  /** Settings of workloads' interfaces that are up. A list is the identical one as long as nothing asks for it to be written again. */
  readonly settings: ReadonlyMap<string, readonly KernelSetting[]>;
  readonly shaping: ReadonlyMap<string, Shaping>;
  /** The host's interfaces that this was planned for, by name. */
  readonly interfaces: ReadonlyMap<string, Link>;
  /** Workloads whose sign of life is waited for. */
  readonly awaited: readonly AwaitedWorkload[];
  /** For the CNI plugin, in its file. */
  readonly workloadMtu: number;
  /** What settings ask for and this agent does not have, in sentences. */
  readonly refused: readonly string[];
  /** When this should be worked out anew though nothing changed, in milliseconds since 1970. */
  readonly dueAt: number | undefined;
}

/** The names of Calico's VXLAN devices. */
export const VXLAN_DEVICES: Readonly<Record<Family, string>> = { 4: 'vxlan.calico', 6: 'vxlan-v6.calico' };

/** The protocol of routes that only Calico makes (reference/host-network 1.3). */
export const CALICO_PROTOCOL = 80;
/** The protocol `boot`, which others use, too. */
export const BOOT_PROTOCOL = 3;

/** Two routes for one destination are never wanted: this is what they are known by. */
export function routeKey({ family, destination }: Pick<Route, 'family' | 'destination'>): string {
  return `${family} ${destination}`;
}

/** Permanent neighbours are known by where they are. */
export function neighbourKey({ device, address }: Pick<Neighbour, 'device' | 'address'>): string {
  return `${device} ${address}`;
}
