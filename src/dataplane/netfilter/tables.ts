import type { Family, TableName } from '../desired.js';
import { dispatchChains, UNKNOWN_INTERFACE } from './dispatch.js';
import type { HostChains, WorkloadChains } from './endpoints.js';
import { endpointMarkChains, type MarkedEndpoints } from './ipvs.js';
import { Kept } from './kept.js';
import { chain, goTo, RETURN, rule, type Branch, type Chain, type Rule } from './rule.js';
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

type Tables = Readonly<Record<Exclude<TableName, 'nat'>, readonly Chain[]>>;
type Way = 'from' | 'to';

/** The chains by which packets get to those of their endpoints, and these, by table; each is made anew only when something in it changes. */
export class EndpointTables {
  private readonly made = new Kept<readonly Chain[]>();

  constructor(private readonly terms: Terms) {}

  of(endpoints: PlacedEndpoints): Tables {
    return { raw: this.raw(endpoints), mangle: this.mangle(endpoints), filter: this.filter(endpoints) };
  }

  private filter({ workloads, hosts, wildcard }: PlacedEndpoints): readonly Chain[] {
    const of = (way: Way): readonly Branch[] => workloads.map(({ interfaceName, chains }) => ({ interfaceName, to: chains[way].name }));
    const host = (name: string, way: 'in' | 'out', which: keyof HostChains['filter']): readonly Chain[] =>
      this.hostDispatch('filter', name, way, hosts.map(({ interfaceName, chains }) => ({ interfaceName, chain: chains.filter[which] })), wildcard?.filter[which]);
    const all = [...hosts.map(({ chains }) => chains), ...(wildcard === undefined ? [] : [wildcard])];
    return [
      ...this.workloadDispatch('cali-from-wl-dispatch', 'in', of('from')),
      ...this.workloadDispatch('cali-to-wl-dispatch', 'out', of('to')),
      ...workloads.flatMap(({ chains }) => [chains.from, chains.to]),
      ...host('cali-from-host-endpoint', 'in', 'from'),
      ...host('cali-to-host-endpoint', 'out', 'to'),
      ...host('cali-from-hep-forward', 'in', 'fromForwarded'),
      ...host('cali-to-hep-forward', 'out', 'toForwarded'),
      ...all.flatMap(({ filter }) => Object.values(filter)),
      ...(this.terms.usesIpvs ? this.endpointMarks({ workloads: of('from'), hosts: hosts.map(({ interfaceName, chains }) => ({ interfaceName, to: chains.filter.fromForwarded.name })) }) : []),
    ];
  }

  private mangle({ hosts, wildcard }: PlacedEndpoints): readonly Chain[] {
    const from = hosts.flatMap(({ interfaceName, chains: { mangle } }) => (mangle.from === undefined ? [] : [{ interfaceName, chain: mangle.from }]));
    const to = hosts.map(({ interfaceName, chains: { mangle } }) => ({ interfaceName, chain: mangle.to }));
    const skipsWorkloads = this.terms.settings.interfacePrefix.map((prefix) => rule([{ kind: 'interface', way: 'out', name: `${prefix}+` }], RETURN, 'Skip egress WHEP policy for traffic to local workload'));
    return [
      ...this.hostDispatch('mangle', 'cali-from-host-endpoint', 'in', from, wildcard?.mangle.from),
      ...this.hostDispatch('mangle', 'cali-to-host-endpoint', 'out', to, wildcard?.mangle.to, skipsWorkloads),
      ...[...from, ...to].map((each) => each.chain),
      ...(wildcard === undefined ? [] : [wildcard.mangle.to, ...(wildcard.mangle.from === undefined ? [] : [wildcard.mangle.from])]),
    ];
  }

  /** The host endpoint of all interfaces is not asked before connection tracking. */
  private raw({ hosts }: PlacedEndpoints): readonly Chain[] {
    const of = (way: Way): readonly HostBranch[] => hosts.flatMap(({ interfaceName, chains: { raw } }) => (raw === undefined ? [] : [{ interfaceName, chain: raw[way] }]));
    return [
      ...this.hostDispatch('raw', 'cali-from-host-endpoint', 'in', of('from'), undefined),
      ...this.hostDispatch('raw', 'cali-to-host-endpoint', 'out', of('to'), undefined),
      ...[...of('from'), ...of('to')].map((each) => each.chain),
    ];
  }

  private hostDispatch(table: TableName, name: string, way: 'in' | 'out', hosts: readonly HostBranch[], wildcard: Chain | undefined, before: readonly Rule[] = []): readonly Chain[] {
    return this.dispatch(table, name, way, hosts.map(({ interfaceName, chain: { name: to } }) => ({ interfaceName, to })), wildcard === undefined ? [] : [...before, rule([], goTo(wildcard.name))]);
  }

  /** nftables looks interfaces of workloads up in a map, however many there are. */
  private workloadDispatch(name: string, way: 'in' | 'out', branches: readonly Branch[]): readonly Chain[] {
    if (this.terms.language === 'iptables') return this.dispatch('filter', name, way, branches, [UNKNOWN_INTERFACE]);
    return this.made.get(name, branches, () => [chain(name, rule([], { kind: 'by-interface', way, map: name, to: branches }), UNKNOWN_INTERFACE)]);
  }

  private dispatch(table: TableName, name: string, way: 'in' | 'out', branches: readonly Branch[], end: readonly Rule[]): readonly Chain[] {
    return this.made.get(`${table} ${name}`, [branches, end], () => dispatchChains(name, way, branches, end));
  }

  private endpointMarks(endpoints: MarkedEndpoints): readonly Chain[] {
    return this.made.get('marks', endpoints, () => endpointMarkChains(this.terms, endpoints));
  }
}

interface HostBranch {
  readonly interfaceName: string;
  readonly chain: Chain;
}

/** The families whose tables are kept. */
export function familiesOf({ settings }: Terms): readonly Family[] {
  return settings.ipv6Support ? [4, 6] : [4];
}
