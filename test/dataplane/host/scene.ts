import { HostPlanner, type HostInput } from '../../../src/dataplane/host/planner.js';
import type { HostState, Route } from '../../../src/dataplane/host/state.js';
import type { BlockOwner, Link } from '../../../src/dataplane/input.js';
import { settingsOfEnvironment } from '../../../src/dataplane/settings/local.js';
import { resolveSettings, type Settings } from '../../../src/dataplane/settings/settings.js';
import type { StoredObject } from '../../../src/resources/kind.js';

export type Spec = Record<string, unknown>;

export function object(kind: string, name: string, spec: Spec, labels?: Record<string, string>): StoredObject {
  return { kind, apiVersion: 'projectcalico.org/v3', metadata: { name, ...(kind === 'WorkloadEndpoint' && { namespace: 'default' }), ...(labels && { labels }) }, spec };
}

/** A workload endpoint of the host `n1`, with the interface `caliNAME`. */
export const workload = (name: string, spec: Spec, node = 'n1'): StoredObject =>
  object('WorkloadEndpoint', name, { node, orchestrator: 'cni', containerID: name, endpoint: 'eth0', interfaceName: `cali${name}`, ...spec }, { app: name });
export const node = (name: string, bgp: Spec, spec: Spec = {}): StoredObject => object('Node', name, { bgp, ...spec });
export const pool = (name: string, cidr: string, spec: Spec = {}): StoredObject => object('IPPool', name, { cidr, vxlanMode: 'Never', ipipMode: 'Never', ...spec });
export const block = (cidr: string, owner?: string, borrowed: Record<string, string[]> = {}): BlockOwner => ({ cidr, node: owner, borrowed: new Map(Object.entries(borrowed)) });
export const link = (name: string, index: number, more: Partial<Link> = {}): Link => ({ name, index, isUp: true, mtu: 1500, addresses: [], ...more });

/** The interface with the address of `n1`. */
export const ETH0 = link('eth0', 2, { addresses: ['192.0.2.1/24', '2001:db8::1/64'] });
/** The host itself, one in its network and one elsewhere, all with tunnel addresses. */
export const THREE_NODES = [
  node('n1', { ipv4Address: '192.0.2.1/24', ipv6Address: '2001:db8::1/64' }, { ipv4VXLANTunnelAddr: '10.1.0.0' }),
  node('n2', { ipv4Address: '192.0.2.2/24' }, { ipv4VXLANTunnelAddr: '10.2.0.0' }),
  node('n3', { ipv4Address: '198.51.100.3/24' }, { ipv4VXLANTunnelAddr: '10.3.0.0' }),
];
/** One of each node. */
export const BLOCKS = [block('10.1.0.0/26', 'n1'), block('10.2.0.0/26', 'n2'), block('10.3.0.0/26', 'n3')];

/** What the host `n1` plans for, changed bit by bit. */
export class Scene {
  private readonly environment: Record<string, string> = {};
  private objects: readonly StoredObject[] = [];
  blocks: readonly BlockOwner[] = [];
  links: readonly Link[] = [ETH0];
  now = 0;
  seen = new Set<string>();
  private made: HostPlanner | undefined;

  with(...objects: readonly StoredObject[]): this {
    const names = new Set(objects.map(({ kind, metadata: { name } }) => `${kind} ${name}`));
    this.objects = [...this.objects.filter(({ kind, metadata: { name } }) => !names.has(`${kind} ${name}`)), ...objects];
    return this;
  }

  without(kind: string): this {
    this.objects = this.objects.filter((each) => each.kind !== kind);
    return this;
  }

  set(settings: Record<string, string>): this {
    for (const [name, value] of Object.entries(settings)) this.environment[`FELIX_${name}`] = value;
    return this;
  }

  /** @param host the name of the host that is planned for */
  constructor(private readonly host = 'n1') {}

  get settings(): Settings {
    return resolveSettings(this.host, [settingsOfEnvironment(this.environment)], this.input.objects).settings;
  }

  get planner(): HostPlanner {
    return (this.made ??= new HostPlanner(this.settings, '1'));
  }

  private get input(): HostInput {
    const kinds = new Set(this.objects.map(({ kind }) => kind));
    return { objects: new Map([...kinds].map((kind) => [kind, this.objects.filter((each) => each.kind === kind)])), blocks: this.blocks, links: this.links, now: this.now, seen: this.seen };
  }

  plan(): HostState {
    return this.planner.plan(this.input);
  }

  routes(): readonly string[] {
    return [...this.plan().routes!.values()].map(text).sort();
  }
}

/** A route as `ip` would print it. */
export function text({ type, destination, gateway, device, isOnLink, scope, protocol, metric, source, mtu }: Route): string {
  const words = [
    type === 'blackhole' ? 'blackhole' : '', destination, gateway && `via ${gateway}`, device && `dev ${device}`, isOnLink ? 'onlink' : '',
    `proto ${protocol}`, scope === 'link' ? 'scope link' : '', metric ? `metric ${metric}` : '', source && `src ${source}`, mtu && `mtu ${mtu}`,
  ];
  return words.filter((word) => word).join(' ');
}
