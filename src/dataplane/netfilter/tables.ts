import type { Family, TableName } from '../desired.js';
import { dispatchChains, UNKNOWN_INTERFACE, type Branch } from './dispatch.js';
import type { HostChains, WorkloadChains } from './endpoints.js';
import { endpointMarkChains } from './ipvs.js';
import { ANY_INTERFACE } from './names.js';
import { chain, goTo, RETURN, rule, type Chain, type Rule } from './rule.js';
import type { Terms } from './terms.js';

/** An interface and the chains of its endpoint. */
export interface Placed<Chains> {
  readonly interfaceName: string;
  readonly chains: Chains;
}

/** The endpoints of a host, each on its interface. */
export interface PlacedEndpoints {
  readonly workloads: readonly Placed<WorkloadChains>[];
  readonly hosts: readonly Placed<HostChains>[];
  /** The host endpoint of all interfaces that have no other. */
  readonly wildcard: HostChains | undefined;
}

/** The chains by which packets get to those of their endpoints, and these, by table. */
export function endpointTables(terms: Terms, endpoints: PlacedEndpoints): Readonly<Record<Exclude<TableName, 'nat'>, readonly Chain[]>> {
  return { raw: rawEndpoints(endpoints), mangle: mangleEndpoints(terms, endpoints), filter: filterEndpoints(terms, endpoints) };
}

function filterEndpoints(terms: Terms, { workloads, hosts, wildcard }: PlacedEndpoints): readonly Chain[] {
  const of = (way: 'from' | 'to'): readonly Branch[] => workloads.map(({ interfaceName, chains }) => ({ interfaceName, to: chains[way].name }));
  const host = (name: string, way: 'in' | 'out', which: keyof HostChains['filter']): readonly Chain[] => hostDispatch(name, way,
    hosts.map(({ interfaceName, chains }) => ({ interfaceName, chain: chains.filter[which] })), wildcard?.filter[which]);
  const all = [...hosts.map(({ chains }) => chains), ...(wildcard === undefined ? [] : [wildcard])];
  return [
    ...dispatchChains('cali-from-wl-dispatch', 'in', of('from'), [UNKNOWN_INTERFACE]),
    ...dispatchChains('cali-to-wl-dispatch', 'out', of('to'), [UNKNOWN_INTERFACE]),
    ...workloads.flatMap(({ chains }) => [chains.from, chains.to]),
    ...host('cali-from-host-endpoint', 'in', 'from'),
    ...host('cali-to-host-endpoint', 'out', 'to'),
    ...host('cali-from-hep-forward', 'in', 'fromForwarded'),
    ...host('cali-to-hep-forward', 'out', 'toForwarded'),
    ...all.flatMap(({ filter }) => Object.values(filter)),
    ...(terms.usesIpvs ? endpointMarkChains(terms, { workloads: of('from'), hosts: hosts.map(({ interfaceName, chains }) => ({ interfaceName, to: chains.filter.fromForwarded.name })) }) : []),
  ];
}

function mangleEndpoints({ settings: { interfacePrefix } }: Terms, { hosts, wildcard }: PlacedEndpoints): readonly Chain[] {
  const from = hosts.flatMap(({ interfaceName, chains: { mangle } }) => (mangle.from === undefined ? [] : [{ interfaceName, chain: mangle.from }]));
  const to = hosts.map(({ interfaceName, chains: { mangle } }) => ({ interfaceName, chain: mangle.to }));
  const skipsWorkloads = interfacePrefix.map((prefix) => rule([{ kind: 'interface', way: 'out', name: `${prefix}+` }], RETURN, 'Skip egress WHEP policy for traffic to local workload'));
  return [
    ...hostDispatch('cali-from-host-endpoint', 'in', from, wildcard?.mangle.from),
    ...hostDispatch('cali-to-host-endpoint', 'out', to, wildcard?.mangle.to, wildcard === undefined ? [] : skipsWorkloads),
    ...[...from, ...to].map((each) => each.chain),
    ...(wildcard === undefined ? [] : [wildcard.mangle.to, ...(wildcard.mangle.from === undefined ? [] : [wildcard.mangle.from])]),
  ];
}

/** The host endpoint of all interfaces is not asked before connection tracking. */
function rawEndpoints({ hosts }: PlacedEndpoints): readonly Chain[] {
  const of = (way: 'from' | 'to'): readonly { readonly interfaceName: string; readonly chain: Chain }[] =>
    hosts.flatMap(({ interfaceName, chains: { raw } }) => (raw === undefined ? [] : [{ interfaceName, chain: raw[way] }]));
  return [
    ...hostDispatch('cali-from-host-endpoint', 'in', of('from'), undefined),
    ...hostDispatch('cali-to-host-endpoint', 'out', of('to'), undefined),
    ...[...of('from'), ...of('to')].map((each) => each.chain),
  ];
}

function hostDispatch(name: string, way: 'in' | 'out', hosts: readonly { readonly interfaceName: string; readonly chain: Chain }[], wildcard: Chain | undefined, before: readonly Rule[] = []): readonly Chain[] {
  const end = wildcard === undefined ? [] : [...before, rule([], goTo(wildcard.name))];
  return dispatchChains(name, way, hosts.map(({ interfaceName, chain: { name: to } }) => ({ interfaceName, to })), end);
}

/** The interface name that the chains of the host endpoint of all interfaces have. */
export const WILDCARD = ANY_INTERFACE;

/** The kernel's own chains that ours hang from. */
export const HOOKS: Readonly<Record<TableName, readonly string[]>> = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'POSTROUTING'],
  nat: ['PREROUTING', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
};

/** The families whose tables are kept. */
export function familiesOf({ settings }: Terms): readonly Family[] {
  return settings.ipv6Support ? [4, 6] : [4];
}

/** A chain without rules, for what has to be there. */
export function emptyChain(name: string): Chain {
  return chain(name);
}
