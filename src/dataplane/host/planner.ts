import type { StoredObject } from '../../resources/kind.js';
import type { Family } from '../desired.js';
import type { BlockOwner, Link, ObjectsByKind } from '../input.js';
import { interfaceSettings } from './interface-settings.js';
import { localPeers, peeringAddresses } from './local-peers.js';
import { Migrations } from './migrations.js';
import { hostMtu, vxlanMtu, workloadMtu } from './mtu.js';
import { overlayOf, type Overlay } from './overlay.js';
import { readPools, usesIpip, type Pool } from './pools.js';
import { Remembered } from './remembered.js';
import { familiesOf, isWorkloadInterface, type HostSettings } from './settings.js';
import { shapingOf } from './shaping.js';
import { routeKey, VXLAN_DEVICES, type HostState, type KernelSetting, type Route, type Shaping } from './state.js';
import { localWorkloads, type Workload } from './workload.js';
import { workloadRoutes, type ConnectedWorkload } from './workload-routes.js';

/** What the state of a host follows from. */
export interface HostInput {
  readonly objects: ObjectsByKind;
  readonly blocks: readonly BlockOwner[];
  readonly links: readonly Link[];
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Ids of workloads (`wep:NAMESPACE/NAME`) that announced themselves on this host, where a live migration awaits them. */
  readonly seen?: ReadonlySet<string>;
}

const NOBODY: ReadonlySet<string> = new Set();

/**
 * Works out what the kernel of a host should hold, netfilter aside. One planner serves one row of settings. What is made of objects
 * that are the identical ones is kept: a change of a workload costs no look at other nodes, blocks or pools.
 */
export class HostPlanner {
  private readonly pools = new Remembered<readonly Pool[]>();
  private readonly overlays: Readonly<Record<Family, Remembered<Overlay>>> = { 4: new Remembered(), 6: new Remembered() };
  private readonly clusterRoutes = new Remembered<ReadonlyMap<string, Route>>();
  private readonly interfaces = new Map<string, { readonly link: Link; readonly workload: StoredObject | undefined; readonly settings: readonly KernelSetting[] }>();
  private readonly migrations: Migrations;
  private mtu: number | undefined;

  /** @param sourceCheck what the kernel's DEFAULT_SOURCE_CHECK held when the agent was started */
  constructor(private readonly settings: HostSettings, private readonly sourceCheck: string) {
    this.migrations = new Migrations(settings);
  }

  plan(input: HostInput): HostState {
    const { objects, links } = input;
    const workloads = localWorkloads(objects.get('WorkloadEndpoint') ?? [], this.settings);
    this.migrations.update(objects, workloads.values(), input.seen ?? NOBODY, input.now);
    this.mtu = hostMtu(links, this.settings, this.mtu);
    const stored = objects.get('IPPool') ?? [];
    const pools = this.pools.get([stored], () => readPools(stored));
    const connected = this.connected(links, workloads);
    const local = workloadRoutes(connected, this.settings);
    const overlays = familiesOf(this.settings).map((family) => this.overlay(family, pools, this.mtu!, input));
    return {
      routes: this.settings.routeSyncDisabled ? undefined : this.allRoutes(overlays, local.routes),
      neighbours: local.neighbours,
      vxlan: new Map(overlays.flatMap(({ device, usesVxlan }, at) => (usesVxlan ? [[VXLAN_DEVICES[at === 0 ? 4 : 6], device] as const] : []))),
      addresses: this.peerAddresses(objects, links, workloads),
      settings: this.interfaceSettings(links, workloads),
      shaping: new Map(connected.flatMap(({ workload, link }): [string, Shaping][] => { const shaping = shapingOf(workload, link); return shaping === undefined ? [] : [[link.name, shaping]]; })),
      interfaces: new Map(links.map((link) => [link.name, link])),
      awaited: connected.filter(({ preference }) => preference === 'withheld').map(({ workload: { id, addresses }, link }) => ({ id, device: link.name, addresses: addresses.filter(({ family }) => family === 4).map(({ address }) => address) })),
      workloadMtu: workloadMtu(this.mtu, pools, this.settings),
      refused: this.refused(pools),
      dueAt: this.migrations.dueAt,
    };
  }

  private connected(links: readonly Link[], workloads: ReadonlyMap<string, Workload>): readonly ConnectedWorkload[] {
    return links.flatMap((link) => {
      const workload = link.isUp ? workloads.get(link.name) : undefined;
      return workload === undefined ? [] : [{ workload, link, preference: this.migrations.preferenceOf(workload) }];
    });
  }

  private overlay(family: Family, pools: readonly Pool[], host: number, { objects, blocks, links }: HostInput): Overlay {
    const { settings } = this;
    const nodes = objects.get('Node') ?? [];
    const endpoints = settings.routeSource === 'WorkloadIPs' ? (objects.get('WorkloadEndpoint') ?? []) : [];
    const mtu = vxlanMtu(family, host, settings);
    const uplinks = links.filter(({ name }) => !isWorkloadInterface(name, settings));
    const uplinkText = uplinks.map(({ name, index, isUp, addresses }) => [name, index, isUp, ...addresses].join(' ')).join('\n');
    return this.overlays[family].get([pools, nodes, blocks, endpoints, mtu, uplinkText], () => overlayOf(family, { pools, nodes, blocks, endpoints, links: uplinks, mtu, settings }));
  }

  /** A route to a workload of ours counts more than one to another host. */
  private allRoutes(overlays: readonly Overlay[], local: ReadonlyMap<string, Route>): ReadonlyMap<string, Route> {
    const cluster = this.clusterRoutes.get(overlays, () => new Map(overlays.flatMap(({ routes }) => routes.map((route) => [routeKey(route), route]))));
    const all = new Map(cluster);
    for (const [key, route] of local) all.set(key, route);
    return all;
  }

  private peerAddresses(objects: ObjectsByKind, links: readonly Link[], workloads: ReadonlyMap<string, Workload>): ReadonlyMap<string, readonly string[]> {
    const peers = localPeers(objects, this.settings.node, workloads.values());
    if (peers.size === 0) return new Map();
    const present = new Set(links.map(({ name }) => name));
    const addresses = peeringAddresses(objects, familiesOf(this.settings));
    return new Map([...peers.keys()].filter(({ interfaceName }) => present.has(interfaceName)).map(({ interfaceName }) => [interfaceName, addresses]));
  }

  /** An interface that was down or is another one now gets its settings written again, and so does one whose endpoint changed. */
  private interfaceSettings(links: readonly Link[], workloads: ReadonlyMap<string, Workload>): ReadonlyMap<string, readonly KernelSetting[]> {
    const wanted = new Map<string, readonly KernelSetting[]>();
    for (const link of links) {
      const workload = workloads.get(link.name);
      if (!link.isUp || (workload === undefined && !isWorkloadInterface(link.name, this.settings))) continue;
      let known = this.interfaces.get(link.name);
      if (known === undefined || known.link.index !== link.index || known.workload !== workload?.object) {
        known = { link, workload: workload?.object, settings: interfaceSettings(link.name, workload, this.sourceCheck, this.settings) };
        this.interfaces.set(link.name, known);
      }
      wanted.set(link.name, known.settings);
    }
    for (const name of this.interfaces.keys()) if (!wanted.has(name)) this.interfaces.delete(name);
    return wanted;
  }

  private refused(pools: readonly Pool[]): readonly string[] {
    const { bpfEnabled, wireguardEnabled, wireguardEnabledV6 } = this.settings;
    const ipip = pools.filter(({ encapsulation }) => encapsulation === 'ipip').map(({ name }) => name);
    return [
      ...(usesIpip(pools, this.settings) ? [`this agent has no IPIP: ${ipip.length === 0 ? 'ipipEnabled of the FelixConfiguration' : `the pools ${ipip.join(', ')}`} would need it; use VXLAN, or no encapsulation`] : []),
      ...(wireguardEnabled || wireguardEnabledV6 ? ['this agent has no WireGuard: packets between hosts are not encrypted though its settings ask for it'] : []),
      ...(bpfEnabled ? ['this agent has no eBPF dataplane: it programs iptables or nftables though its settings ask for eBPF'] : []),
    ];
  }
}
