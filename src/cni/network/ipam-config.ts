import { isMap, type Data } from '../../base/data.js';
import { parseCidr, type Cidr } from '../../net/address.js';
import { FAILURE, Failure } from '../failure.js';
import { Fields } from '../fields.js';
import type { NetworkCall } from '../call.js';
import { readNetworkConfig } from '../network-config.js';

/** The words that stand for a network of the node in Kubernetes, in lower case (reference/network-plugin 30.5). */
const STAND_INS: Readonly<Record<string, 'ipv4' | 'ipv6'>> = { usepodcidr: 'ipv4', usepodcidripv6: 'ipv6' };

/** The networks of a node for its pods; for what only releases, any will do. */
export interface PodNetworks {
  readonly ipv4: string | undefined;
  readonly ipv6: string | undefined;
}

/** What is given where nothing is assigned: host-local releases by the container's id (reference/network-plugin 30.5). */
export const ANY_NETWORKS: PodNetworks = { ipv4: '0.0.0.0/0', ipv6: '::/0' };

/** A call with some keys of `ipam` other than the configuration has them. */
export function withIpam<Call extends NetworkCall>(call: Call, changed: Data): Call {
  const { data } = call.config;
  return { ...call, config: readNetworkConfig(new Fields({ ...data, ipam: { ...call.config.ipam.data, ...changed } })) };
}

/** The place in `ipam` where a network of the node is asked for; undefined where none is. */
export function podNetworkPlace(ipam: Data): string | undefined {
  for (const { map, path } of subnetMaps(ipam)) if (standIn(map) !== undefined) return `${path}.subnet`;
  return undefined;
}

/** `ipam` with the networks of the node in their places. Throws Failure where there is none of a family that is asked for. */
export function withPodNetworks(ipam: Data, networks: PodNetworks): Data {
  const replaced = (map: unknown, path: string): unknown => {
    if (!isMap(map)) return map;
    const family = standIn(map);
    if (family === undefined) return map;
    const subnet = networks[family];
    if (subnet === undefined) throw new Failure(FAILURE.other, `${path}.subnet is ${JSON.stringify(map['subnet'])}, but the node has no ${family === 'ipv4' ? 'IPv4' : 'IPv6'} network for pods in Kubernetes`);
    return { ...map, subnet };
  };
  const { ranges } = ipam;
  const top = replaced(ipam, 'ipam') as Data;
  if (!Array.isArray(ranges)) return top;
  return { ...top, ranges: ranges.map((set: unknown, at) => (Array.isArray(set) ? set.map((range: unknown, index) => replaced(range, `ipam.ranges[${at}][${index}]`)) : set)) };
}

function subnetMaps(ipam: Data): readonly { readonly map: Data; readonly path: string }[] {
  const { ranges } = ipam;
  const sets: readonly unknown[] = Array.isArray(ranges) ? ranges : [];
  const inRanges = sets.flatMap((set, at) => (Array.isArray(set) ? set.flatMap((map: unknown, index) => (isMap(map) ? [{ map, path: `ipam.ranges[${at}][${index}]` }] : [])) : []));
  return [{ map: ipam, path: 'ipam' }, ...inRanges];
}

function standIn({ subnet }: Data): 'ipv4' | 'ipv6' | undefined {
  const word = typeof subnet === 'string' ? subnet.toLowerCase() : '';
  return Object.hasOwn(STAND_INS, word) ? STAND_INS[word] : undefined;
}

/** The destinations that `ipam.routes` names; one without `dst` is left out. Throws Failure for what is no list of routes. */
export function routesIn(ipam: Data): readonly Cidr[] {
  const fields = new Fields({ ipam }).map('ipam');
  return (fields?.maps('routes') ?? []).flatMap((route) => {
    const text = route.text('dst');
    if (text === undefined) return [];
    const cidr = parseCidr(text);
    if (cidr === undefined) throw route.wrong('dst', 'a network such as 10.0.0.0/8');
    return [cidr];
  });
}

const EVERYWHERE: readonly Cidr[] = ['0.0.0.0/0', '::/0'].map((text) => parseCidr(text) as Cidr);

/** Where a workload gets to through its host (reference/network-plugin 2.3). Throws Failure as routesIn does. */
export function destinationsOf({ config }: Pick<NetworkCall, 'config'>, isPod: boolean): readonly Cidr[] {
  const named = isPod && config.ipam.type === 'host-local' ? routesIn(config.ipam.data) : [];
  if (named.length === 0) return EVERYWHERE;
  return config.includeDefaultRoutes ? [...EVERYWHERE, ...named] : named;
}
