import { formatCidr, formatIp, network, type Cidr, type Ip } from '../../net/address.js';

/** A workload's interface as the network plugin makes it (reference/network-plugin 2). */
export interface WorkloadInterface {
  /** The name on the host's side, such as `cali0ef24ba1b2c`. */
  readonly hostName: string;
  /** The name inside. */
  readonly name: string;
  /** The network namespace of the workload: a path, or a name that `ip netns` knows. */
  readonly namespace: string;
  readonly addresses: readonly Ip[];
  /** The address of the interface inside; the kernel chooses one where it is left out. */
  readonly mac?: string | undefined;
  readonly mtu?: number | undefined;
  /** How many queues each end has; as many as the kernel thinks best where it is left out. */
  readonly queues?: number | undefined;
  /** Where the workload gets to through its host: everywhere, unless given. Those of a family that it has no address of do not count. */
  readonly destinations?: readonly Cidr[] | undefined;
  /** Whether the workload passes packets of others on. */
  readonly forwards?: boolean | undefined;
}

/** A setting of the kernel: a path below /proc/sys and its value. One that the kernel lacks is passed over. */
export type KernelSetting = readonly [path: string, value: string];

/** What is done on one side of an interface, in this order. */
export interface SidePlan {
  readonly settings: readonly KernelSetting[];
  /** Lines for `ip -batch`. */
  readonly lines: readonly string[];
}

/** What makes an interface: the pair first, then the two sides, at the same time. */
export interface InterfacePlan {
  /** Lines for `ip -batch` on the host: the pair itself. */
  readonly pair: readonly string[];
  readonly inside: SidePlan;
  /** On the host: up, and the routes to the workload. */
  readonly outside: SidePlan;
}

/** Every workload sees its host under this address; it answers for all addresses there are (reference/network-plugin 2). */
const GATEWAY = '169.254.1.1';
/** The address of every interface on the host's side. */
export const HOST_MAC = 'ee:ee:ee:ee:ee:ee';
/** The link-local address that follows from HOST_MAC. */
const HOST_LINK_LOCAL = 'fe80::ecee:eeff:feee:eeee';

/** What a workload reaches its host by, for each family. */
export const GATEWAYS = { 4: GATEWAY, 6: HOST_LINK_LOCAL } as const;

/** Plans a pair of interfaces between a host and a workload, with addresses and routes on both sides. */
export function planInterface(wanted: WorkloadInterface): InterfacePlan {
  const { hostName, addresses } = wanted;
  const has4 = addresses.some(({ version }) => version === 4);
  const has6 = addresses.some(({ version }) => version === 6);
  return {
    pair: [pairLine(wanted)],
    inside: planInside(wanted, has4, has6),
    outside: {
      settings: [...(has4 ? settings4(hostName) : []), ...settings6(hostName, has6)],
      lines: [`link set dev ${hostName} up`, ...addresses.map((ip) => `route add ${single(ip)} dev ${hostName}${ip.version === 4 ? ' scope link' : ''}`)],
    },
  };
}

function pairLine({ hostName, name, namespace, mac, mtu, queues }: WorkloadInterface): string {
  const size = `${mtu === undefined ? '' : ` mtu ${mtu}`}${queues === undefined ? '' : ` numtxqueues ${queues} numrxqueues ${queues}`}`;
  return `link add ${hostName}${size} address ${HOST_MAC} type veth peer name ${name}${size}${mac === undefined ? '' : ` address ${mac}`} netns ${namespace}`;
}

function planInside({ name, addresses, destinations, forwards = false }: WorkloadInterface, has4: boolean, has6: boolean): SidePlan {
  const forwarding = forwards ? '1' : '0';
  return {
    settings: [
      ...(has4 ? ([['net/ipv4/ip_forward', forwarding]] as const) : []),
      // Engines turn IPv6 off in the namespaces that they make.
      ...(has6 ? (['all', 'default', 'lo'] as const).map((each): KernelSetting => [`net/ipv6/conf/${each}/disable_ipv6`, '0']) : []),
      ...(has6 ? ([[`net/ipv6/conf/${name}/accept_dad`, '0'], ['net/ipv6/conf/all/forwarding', forwarding]] as const) : []),
    ],
    lines: [
      'link set lo up',
      `link set dev ${name} up`,
      ...addresses.map((ip) => `address add ${single(ip)} dev ${name}${ip.version === 6 ? ' nodad' : ''}`),
      ...(has4 ? [`route add ${GATEWAY} dev ${name} scope link`, ...routesThrough(GATEWAYS[4], 4, name, destinations)] : []),
      ...(has6 ? routesThrough(GATEWAYS[6], 6, name, destinations) : []),
    ],
  };
}

function routesThrough(gateway: string, version: 4 | 6, name: string, destinations: readonly Cidr[] | undefined): readonly string[] {
  const chosen = destinations?.filter(({ address }) => address.version === version).map((cidr) => (cidr.length === 0 ? 'default' : formatCidr(network(cidr)))) ?? ['default'];
  return [...new Set(chosen)].map((to) => `route add ${to} via ${gateway} dev ${name}`);
}

/** An address as a network of its own. */
export function single(ip: Ip): string {
  return `${formatIp(ip)}/${ip.version === 4 ? 32 : 128}`;
}

function settings4(hostName: string): readonly KernelSetting[] {
  const conf = (key: string): KernelSetting => [`net/ipv4/conf/${hostName}/${key}`, '1'];
  return [conf('route_localnet'), [`net/ipv4/neigh/${hostName}/proxy_delay`, '0'], conf('proxy_arp'), conf('forwarding')];
}

/** The host never takes routes from a workload; without IPv6 addresses the interface has none of its own either. */
function settings6(hostName: string, has6: boolean): readonly KernelSetting[] {
  const conf = (key: string, value: string): KernelSetting => [`net/ipv6/conf/${hostName}/${key}`, value];
  if (!has6) return [conf('accept_ra', '0')];
  // The link-local address has to be the one that workloads know, whatever the host prefers.
  return [conf('accept_ra', '0'), conf('addr_gen_mode', '0'), conf('disable_ipv6', '0'), conf('accept_dad', '0'), conf('proxy_ndp', '1'), conf('forwarding', '1')];
}
