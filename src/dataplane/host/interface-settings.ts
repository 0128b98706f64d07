import type { HostSettings } from './settings.js';
import type { KernelSetting } from './state.js';
import type { Workload } from './workload.js';

/** What is set once, before anything else (reference/host-network 3.1). */
export function globalSettings({ ipForwarding, ipv6Support }: Pick<HostSettings, 'ipForwarding' | 'ipv6Support'>): readonly KernelSetting[] {
  return [
    ...(ipForwarding === 'Enabled' ? [{ path: 'net/ipv4/ip_forward', value: '1' }] : []),
    ...(ipForwarding === 'Enabled' && ipv6Support ? [{ path: 'net/ipv6/conf/all/forwarding', value: '1' }] : []),
    { path: 'net/netfilter/nf_conntrack_acct', value: '1', mayFail: true },
  ];
}

/** Where the check of source addresses is found that interfaces of workloads get as theirs. */
export const DEFAULT_SOURCE_CHECK = 'net/ipv4/conf/default/rp_filter';

/**
 * The settings of a workload's interface that is up; an interface with the prefix and without an endpoint gets the same
 * (reference/host-network 3.2).
 * @param sourceCheck what DEFAULT_SOURCE_CHECK held when the agent was started
 */
export function interfaceSettings(name: string, workload: Workload | undefined, sourceCheck: string, { ipv6Support }: Pick<HostSettings, 'ipv6Support'>): readonly KernelSetting[] {
  const v4 = `net/ipv4/conf/${name}`;
  const v6 = `net/ipv6/conf/${name}`;
  return [
    { path: `${v6}/accept_ra`, value: '0', mayFail: true },
    { path: `${v4}/route_localnet`, value: '1' },
    { path: `net/ipv4/neigh/${name}/proxy_delay`, value: '0', mayFail: true },
    { path: `${v4}/proxy_arp`, value: '1' },
    { path: `${v4}/forwarding`, value: '1' },
    { path: `${v4}/rp_filter`, value: workload?.mayForge === true ? '0' : sourceCheck },
    ...(ipv6Support ? [{ path: `${v6}/proxy_ndp`, value: '1' }, { path: `${v6}/forwarding`, value: '1' }] : []),
  ];
}
