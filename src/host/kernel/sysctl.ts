import { readFileSync } from 'node:fs';
import type { Severity } from './modules.js';

/** A setting of the kernel that Calico wants. */
export interface SysctlRequirement {
  /** `net.ipv4.ip_forward` */
  readonly name: string;
  readonly severity: Severity;
  readonly neededBy: string;
  /** What it should be, in words. */
  readonly wanted: string;
  accepts(value: number): boolean;
  /** Only where the host has IPv6. */
  readonly ipv6?: true;
  /** Who sets it, or what to do. */
  readonly advice: string;
}

const is = (wanted: number) => ({ wanted: String(wanted), accepts: (value: number) => value === wanted });
const BY_RUN = '"calicoctl node run" sets it';
const BY_FELIX = 'Felix sets it';

/** The settings that "node run" and Felix make, and one that keeps Felix from starting (reference/node 10). */
export const SYSCTLS: readonly SysctlRequirement[] = [
  { name: 'net.ipv4.ip_forward', severity: 'required', neededBy: 'traffic between workloads and the network', ...is(1), advice: BY_RUN },
  { name: 'net.ipv6.conf.all.forwarding', severity: 'recommended', neededBy: 'IPv6', ...is(1), ipv6: true, advice: BY_RUN },
  { name: 'net.netfilter.nf_conntrack_max', severity: 'recommended', neededBy: 'many connections at a time', wanted: '1000000 or more', accepts: (value) => value >= 1_000_000, advice: BY_RUN },
  { name: 'net.netfilter.nf_conntrack_acct', severity: 'optional', neededBy: 'counting the packets of connections', ...is(1), advice: BY_FELIX },
  { name: 'net.ipv4.conf.default.rp_filter', severity: 'optional', neededBy: 'Felix 2: dropping packets with a forged source', ...is(1), advice: BY_FELIX },
  { name: 'net.ipv4.conf.all.rp_filter', severity: 'recommended', neededBy: 'Felix, which refuses loose checks of source addresses', wanted: '0 or 1', accepts: (value) => value <= 1, advice: 'sysctl -w net.ipv4.conf.all.rp_filter=1, or ignoreLooseRPF in the FelixConfiguration' },
];

/** The value of a setting, or undefined where the kernel does not have it. */
export function readSysctl(name: string): string | undefined {
  try {
    return readFileSync(`/proc/sys/${name.replaceAll('.', '/')}`, 'utf8').trim();
  } catch {
    return undefined;
  }
}
