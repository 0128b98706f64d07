import { moduleName, type KernelFacts } from './facts.js';

/** How much a finding matters: without what is required Calico does not work, what is recommended is missed by some, what is optional is for those who use it. */
export type Severity = 'required' | 'recommended' | 'optional';

/** A module that Calico needs, and every sign of its being there. */
export interface ModuleRequirement {
  readonly name: string;
  readonly severity: Severity;
  readonly neededBy: string;
  /** Other names of it: modules were merged and renamed over the years. */
  readonly alsoKnownAs?: readonly string[];
  /** Options of the kernel's configuration that bring it. */
  readonly options: readonly string[];
}

const POLICY = 'policy: every rule that Felix writes';
const SPOOFING = 'Felix 3: dropping packets with a forged source';
const REJECTING = 'rules that reject instead of dropping';

/** The modules that official Calico 3.32 looks for (reference/node 6); the classic release looks for xt_set and ip6_tables only. */
export const MODULES: readonly ModuleRequirement[] = [
  { name: 'ip_set', severity: 'required', neededBy: 'selectors and address pools in rules', options: ['CONFIG_IP_SET'] },
  { name: 'ip6_tables', severity: 'recommended', neededBy: 'IPv6', alsoKnownAs: ['nft_compat'], options: ['CONFIG_IP6_NF_IPTABLES', 'CONFIG_IP6_NF_IPTABLES_LEGACY', 'CONFIG_NFT_COMPAT'] },
  { name: 'ip_tables', severity: 'required', neededBy: POLICY, alsoKnownAs: ['nft_compat'], options: ['CONFIG_IP_NF_IPTABLES', 'CONFIG_IP_NF_IPTABLES_LEGACY', 'CONFIG_NFT_COMPAT'] },
  { name: 'ipt_ipvs', severity: 'optional', neededBy: 'services of kube-proxy in its IPVS mode', alsoKnownAs: ['xt_ipvs'], options: ['CONFIG_NETFILTER_XT_MATCH_IPVS'] },
  { name: 'vfio-pci', severity: 'optional', neededBy: 'the VPP data plane', options: ['CONFIG_VFIO_PCI'] },
  { name: 'xt_bpf', severity: 'optional', neededBy: 'the eBPF data plane', options: ['CONFIG_NETFILTER_XT_MATCH_BPF'] },
  { name: 'ipt_REJECT', severity: 'optional', neededBy: REJECTING, alsoKnownAs: ['nft_reject'], options: ['CONFIG_IP_NF_TARGET_REJECT', 'CONFIG_NFT_REJECT'] },
  { name: 'ipt_rpfilter', severity: 'required', neededBy: SPOOFING, alsoKnownAs: ['xt_rpfilter'], options: ['CONFIG_IP_NF_MATCH_RPFILTER'] },
  { name: 'xt_rpfilter', severity: 'required', neededBy: SPOOFING, alsoKnownAs: ['ipt_rpfilter', 'ip6t_rpfilter'], options: ['CONFIG_IP_NF_MATCH_RPFILTER', 'CONFIG_IP6_NF_MATCH_RPFILTER'] },
  { name: 'ipt_set', severity: 'required', neededBy: 'selectors and address pools in rules', alsoKnownAs: ['xt_set'], options: ['CONFIG_NETFILTER_XT_SET'] },
  { name: 'nf_conntrack_netlink', severity: 'required', neededBy: 'ending connections of addresses that are gone', options: ['CONFIG_NF_CT_NETLINK'] },
  { name: 'xt_addrtype', severity: 'required', neededBy: 'rules for the host and its tunnels', options: ['CONFIG_NETFILTER_XT_MATCH_ADDRTYPE'] },
  { name: 'xt_conntrack', severity: 'required', neededBy: POLICY, options: ['CONFIG_NETFILTER_XT_MATCH_CONNTRACK'] },
  { name: 'xt_icmp', severity: 'required', neededBy: 'rules on ICMP', alsoKnownAs: ['ip_tables', 'nft_compat'], options: ['CONFIG_IP_NF_IPTABLES', 'CONFIG_IP_NF_IPTABLES_LEGACY', 'CONFIG_NFT_COMPAT'] },
  { name: 'xt_icmp6', severity: 'recommended', neededBy: 'rules on ICMPv6', alsoKnownAs: ['ip6_tables', 'nft_compat'], options: ['CONFIG_IP6_NF_IPTABLES', 'CONFIG_IP6_NF_IPTABLES_LEGACY', 'CONFIG_NFT_COMPAT'] },
  { name: 'xt_mark', severity: 'required', neededBy: POLICY, options: ['CONFIG_NETFILTER_XT_MARK', 'CONFIG_IP_NF_TARGET_MARK'] },
  { name: 'xt_multiport', severity: 'required', neededBy: 'rules with ports', options: ['CONFIG_NETFILTER_XT_MATCH_MULTIPORT', 'CONFIG_IP_NF_MATCH_MULTIPORT'] },
  { name: 'xt_set', severity: 'required', neededBy: 'selectors and address pools in rules', options: ['CONFIG_NETFILTER_XT_SET'] },
  { name: 'xt_u32', severity: 'optional', neededBy: 'rules that look into the packets of tunnels', options: ['CONFIG_NETFILTER_XT_MATCH_U32'] },
];

/** The pools that use a tunnel, by name; undefined where the datastore could not be asked. */
export interface TunnelUse {
  readonly ipip: readonly string[];
  readonly vxlan: readonly string[];
}

/** The modules of tunnels: required where a pool uses them, else nobody misses them. */
export function tunnelModules(use: TunnelUse | undefined): ModuleRequirement[] {
  const requirement = (name: string, title: string, option: string, pools: readonly string[]): ModuleRequirement => ({
    name,
    severity: pools.length > 0 ? 'required' : 'optional',
    neededBy: pools.length > 0 ? `pools with ${title}: ${pools.join(', ')}` : `pools with ${title}`,
    options: [option],
  });
  return [requirement('ipip', 'IPIP', 'CONFIG_NET_IPIP', use?.ipip ?? []), requirement('vxlan', 'VXLAN', 'CONFIG_VXLAN', use?.vxlan ?? [])];
}

export type ModulePresence = 'built in' | 'loaded' | 'loadable' | 'missing';

/** How a module is there, by the strongest of the signs. */
export function presenceOf(requirement: ModuleRequirement, facts: KernelFacts): ModulePresence {
  const names = [requirement.name, ...(requirement.alsoKnownAs ?? [])].map(moduleName);
  const optionIs = (value: string): boolean => requirement.options.some((option) => facts.options.get(option) === value);
  if (names.some((name) => facts.builtIn.has(name)) || optionIs('y')) return 'built in';
  if (names.some((name) => facts.loaded.has(name)) || names.some((name) => facts.iptables.has(name.replace(/^(xt|ipt|ip6t)_/, '')))) return 'loaded';
  // Without modules.dep, as in many containers, the configuration is all there is to go by.
  if (names.some((name) => facts.loadable.has(name)) || (facts.loadable.size === 0 && optionIs('m'))) return 'loadable';
  return 'missing';
}
