import { isMap } from '../../base/data.js';
import type { Found } from '../../changes/stored-object.js';
import { GATEWAYS, single } from '../../host/workload/interface-plan.js';
import { formatCidr, formatIp, network, type Cidr, type Ip } from '../../net/address.js';
import type { Look } from './look.js';

/** What ADD left. */
export interface Expected {
  readonly hostName: string;
  readonly ifname: string;
  /** What the result did not say is not compared. */
  readonly mac: string | undefined;
  readonly mtu: number | undefined;
  readonly addresses: readonly Ip[];
  readonly destinations: readonly Cidr[];
}

/** What is different inside of the container, a fragment each. */
export function insideDifferences(look: Look | undefined, { ifname, mac, mtu, addresses, destinations }: Expected): readonly string[] {
  if (look === undefined) return [`the container has no interface ${ifname}`];
  const { link, routes } = look;
  const leads = (to: string, via: string, version: 4 | 6): boolean => routes.some((route) => route.dst === to && route.gateway === via && route.version === version);
  const wanted = destinations.filter(({ address }) => addresses.some(({ version }) => version === address.version));
  return [
    ...(link.isUp ? [] : [`the interface ${ifname} of the container is down`]),
    ...(mac === undefined || mac.toLowerCase() === link.mac ? [] : [`the interface ${ifname} has the hardware address ${link.mac ?? 'none'}, not ${mac}`]),
    ...(mtu === undefined || mtu === link.mtu ? [] : [`the interface ${ifname} has the MTU ${link.mtu}, not ${mtu}`]),
    ...addresses.map(single).filter((address) => !link.addresses.includes(address)).map((address) => `the interface ${ifname} has no address ${address}`),
    ...wanted.flatMap((cidr) => {
      const { version } = cidr.address;
      const to = cidr.length === 0 ? 'default' : routeText(cidr);
      return leads(to, GATEWAYS[version], version) ? [] : [`the container has no route to ${to === 'default' ? formatCidr(cidr) : to} by ${GATEWAYS[version]}`];
    }),
  ];
}

/** `ip` leaves out the length of a network of one address. */
function routeText(cidr: Cidr): string {
  return cidr.length === (cidr.address.version === 4 ? 32 : 128) ? formatIp(cidr.address) : formatCidr(network(cidr));
}

/** What is different on the host. */
export function hostDifferences(look: Look | undefined, { hostName, addresses }: Expected, mac: string): readonly string[] {
  if (look === undefined) return [`the host has no interface ${hostName}`];
  const { link, routes } = look;
  return [
    ...(link.isUp ? [] : [`the interface ${hostName} of the host is down`]),
    ...(link.mac === mac ? [] : [`the interface ${hostName} has the hardware address ${link.mac ?? 'none'}, not ${mac}`]),
    ...addresses.filter((ip) => !routes.some(({ dst, version }) => dst === formatIp(ip) && version === ip.version)).map((ip) => `the host has no route to ${single(ip)} on ${hostName}`),
  ];
}

/** What is different in the datastore. */
export function endpointDifferences(found: Found | undefined, { hostName, mac, addresses }: Expected, containerId: string): readonly string[] {
  if (found === undefined) return ['the container has no endpoint in the datastore'];
  const { metadata: { name }, spec } = found.object;
  const differs = (field: string, wanted: string | undefined): readonly string[] => (wanted === undefined || spec[field] === wanted ? [] : [`the endpoint ${name} has the ${field} ${JSON.stringify(spec[field])}, not ${JSON.stringify(wanted)}`]);
  const stored: readonly unknown[] = isMap(spec) && Array.isArray(spec['ipNetworks']) ? (spec['ipNetworks'] as unknown[]) : [];
  return [
    ...differs('containerID', containerId),
    ...differs('interfaceName', hostName),
    ...differs('mac', mac?.toLowerCase()),
    ...addresses.map(single).filter((address) => !stored.includes(address)).map((address) => `the endpoint ${name} does not have the address ${address}`),
  ];
}
