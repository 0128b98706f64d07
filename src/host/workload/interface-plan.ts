import { formatIp, type Ip } from '../../net/address.js';

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
}

/** What makes an interface, in the order in which it is carried out. */
export interface InterfacePlan {
  /** Lines for `ip -batch` on the host: the pair itself. */
  readonly pair: readonly string[];
  /** Settings of the host, as paths below /proc/sys with their values; those that the kernel lacks are passed over. */
  readonly settings: readonly (readonly [path: string, value: string])[];
  /** Lines for `ip -batch` inside of the workload. */
  readonly inside: readonly string[];
  /** Lines for `ip -batch` on the host: up, and the routes to the workload. */
  readonly outside: readonly string[];
}

/** Every workload sees its host under this address; it answers for all addresses there are (reference/network-plugin 2). */
const GATEWAY = '169.254.1.1';
const HOST_MAC = 'ee:ee:ee:ee:ee:ee';
/** The link-local address that follows from HOST_MAC. */
const HOST_LINK_LOCAL = 'fe80::ecee:eeff:feee:eeee';

/** Plans a pair of interfaces between a host and a workload, with addresses and routes on both sides. */
export function planInterface({ hostName, name, namespace, addresses, mac, mtu }: WorkloadInterface): InterfacePlan {
  const size = mtu === undefined ? '' : ` mtu ${mtu}`;
  const has4 = addresses.some(({ version }) => version === 4);
  const has6 = addresses.some(({ version }) => version === 6);
  return {
    pair: [`link add ${hostName}${size} address ${HOST_MAC} type veth peer name ${name}${size}${mac === undefined ? '' : ` address ${mac}`} netns ${namespace}`],
    settings: [...(has4 ? settings4(hostName) : []), ...settings6(hostName, has6)],
    inside: [
      'link set lo up',
      `link set ${name} up`,
      ...addresses.map((ip) => `address add ${single(ip)} dev ${name}${ip.version === 6 ? ' nodad' : ''}`),
      ...(has4 ? [`route add ${GATEWAY} dev ${name} scope link`, `route add default via ${GATEWAY} dev ${name}`] : []),
      ...(has6 ? [`route add default via ${HOST_LINK_LOCAL} dev ${name}`] : []),
    ],
    outside: [`link set ${hostName} up`, ...addresses.map((ip) => `route add ${single(ip)} dev ${hostName}${ip.version === 4 ? ' scope link' : ''}`)],
  };
}

function single(ip: Ip): string {
  return `${formatIp(ip)}/${ip.version === 4 ? 32 : 128}`;
}

function settings4(hostName: string): InterfacePlan['settings'] {
  const conf = (key: string): readonly [string, string] => [`net/ipv4/conf/${hostName}/${key}`, '1'];
  return [conf('route_localnet'), [`net/ipv4/neigh/${hostName}/proxy_delay`, '0'], conf('proxy_arp'), conf('forwarding')];
}

/** The host never takes routes from a workload; without IPv6 addresses the interface has none of its own either. */
function settings6(hostName: string, has6: boolean): InterfacePlan['settings'] {
  const conf = (key: string, value: string): readonly [string, string] => [`net/ipv6/conf/${hostName}/${key}`, value];
  return has6 ? [conf('accept_ra', '0'), conf('disable_ipv6', '0'), conf('accept_dad', '0'), conf('proxy_ndp', '1'), conf('forwarding', '1')] : [conf('accept_ra', '0')];
}
