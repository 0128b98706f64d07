import { groupedBy } from '../base/grouped-by.js';
import { bits, containsIp, formatIp, sameIp, type Ip } from '../net/address.js';
import { addressClasses, isSpecial, type AddressClass } from './address-classes.js';
import { HookAnswers } from './hook-answers.js';
import { endpointHook, type EndpointHook } from './hooks.js';
import type { Endpoint } from './known-objects.js';
import { DIRECTIONS, type Model } from './model.js';
import type { Address } from './packet.js';
import type { Ends } from './rule-packets.js';
import { HookSignatures } from './signatures.js';

/** A hook as all endpoints have it whose rules and settings there are the same: what is asked of one is true of all. */
export interface HookClass {
  readonly hook: EndpointHook;
  readonly endpoints: readonly Endpoint[];
}

/** The hooks that packets can come to, those that ask the same as one. */
export function hookClasses(model: Model): readonly HookClass[] {
  const signatures = new HookSignatures();
  const hooks = model.parts.endpoints.flatMap((endpoint) => hooksOf(model, endpoint));
  return [...groupedBy(hooks, (hook) => signatures.of(model, hook)).values()].map((equal) => ({ hook: equal[0]!, endpoints: equal.map(({ endpoint }) => endpoint) }));
}

/** The hooks of an endpoint that packets can come to. */
function hooksOf(model: Model, endpoint: Endpoint): readonly EndpointHook[] {
  if (endpoint.kind === 'workload') return DIRECTIONS.map((direction) => endpointHook(model, 'workload', direction, endpoint));
  const host = model.host(endpoint.node);
  if (host.governedBy(endpoint).length === 0) return [];
  const names = (['host', 'forward', 'untracked'] as const).filter((hook) => hook !== 'untracked' || endpoint !== host.wildcard);
  return [...names.flatMap((hook) => DIRECTIONS.map((direction) => endpointHook(model, hook, direction, endpoint))), endpointHook(model, 'preDNAT', 'ingress', endpoint)];
}

/** Addresses that the rules of a hook cannot tell apart: two of them, or the one that there is. */
export interface AddressKind {
  readonly key: number;
  readonly addresses: readonly Address[];
}

/** Which addresses packets of a hook can have. */
export interface Space {
  /** Whether addresses count that nobody sends packets from or to one by one (loopback, multicast). */
  readonly withSpecial: boolean;
  /** Whether a host has the addresses that are known of it and no others. */
  readonly knowsHosts: boolean;
}

/** Every address, as the hooks of a model see it. */
export class AddressSpace {
  private readonly classes: Readonly<Record<4 | 6, readonly AddressClass[]>>;
  private readonly everywhere: Readonly<Record<4 | 6, readonly Address[]>>;
  private readonly byInterface: ReadonlyMap<string, readonly Endpoint[]>;
  private readonly hosts: { 4?: ReadonlyMap<string | undefined, readonly Address[]>; 6?: ReadonlyMap<string | undefined, readonly Address[]> } = {};

  constructor(
    private readonly model: Model,
    private readonly space: Space,
  ) {
    const classes = (version: 4 | 6): readonly AddressClass[] => addressClasses([model], version, [], space);
    this.classes = { 4: classes(4), 6: classes(6) };
    // What people know comes first: the first of a kind is told as an example.
    const two = (version: 4 | 6): readonly Address[] => specialLast(this.classes[version].flatMap(({ ranges }) => this.twoOf(specialLast(ranges, ([from]) => from))), ({ ip }) => ip);
    this.everywhere = { 4: two(4), 6: two(6) };
    this.byInterface = groupedBy(model.parts.endpoints, interfaceOf);
  }

  /** How many addresses there are to look at, so that none is left out. */
  get size(): number {
    return this.everywhere[4].length + this.everywhere[6].length;
  }

  /** The hook as its rules tell addresses apart; for one class of hooks at a time, since it remembers what it was asked. */
  seenBy(hook: EndpointHook): HookView {
    return new HookView(hook, new HookAnswers(this.model));
  }

  /** The addresses that packets can have on the side of some endpoints: a workload's own, where hosts are known those of the host where it sends or receives, else all. */
  near({ hook, direction }: EndpointHook, endpoints: readonly Endpoint[], version: 4 | 6): readonly Address[] {
    if (hook === 'workload') return this.ofWorkloads(endpoints, version);
    if (!this.space.knowsHosts || (hook !== 'host' && (hook !== 'untracked' || direction === 'ingress'))) return this.everywhere[version];
    return [...new Set(endpoints.map(({ node }) => node))].flatMap((node) => this.ofHosts(version).get(node) ?? []);
  }

  /** The addresses that packets can have on the other side. */
  far(version: 4 | 6): readonly Address[] {
    return this.everywhere[version];
  }

  /** The addresses that are known of each host. */
  private ofHosts(version: 4 | 6): ReadonlyMap<string | undefined, readonly Address[]> {
    const firsts = (): readonly Address[] => this.classes[version].flatMap(({ ranges }) => ranges.map(([from]) => this.model.addressOf(from)));
    return (this.hosts[version] ??= groupedBy(firsts().filter(({ place }) => place?.gate.kind === 'self'), ({ place }) => place?.node));
  }

  /** The addresses of workloads, with those of others on the same interface: the policies of one are enforced for all (reference/policy 1). */
  private ofWorkloads(endpoints: readonly Endpoint[], version: 4 | 6): readonly Address[] {
    const nets = endpoints.flatMap((endpoint) => this.byInterface.get(interfaceOf(endpoint))!).flatMap((endpoint) => endpoint.nets).filter(({ address }) => address.version === version);
    const single = nets.filter(({ address, length }) => length === bits(address)).map(({ address }) => this.model.address(formatIp(address)));
    const wide = nets.filter(({ address, length }) => length < bits(address));
    if (wide.length === 0) return single;
    const within = this.classes[version].flatMap(({ ranges }) => ranges).filter(([from]) => wide.some((net) => containsIp(net, from)));
    return [...single, ...within.flatMap((range) => this.twoOf([range]))];
  }

  private twoOf(ranges: readonly (readonly [Ip, Ip])[]): readonly Address[] {
    const first = ranges[0]?.[0];
    const second = ranges.flat().find((ip) => !sameIp(ip, first!));
    return [first, second].filter((ip) => ip !== undefined).map((ip) => this.model.addressOf(ip));
  }
}

/** What the rules of a hook can tell of addresses. */
export class HookView {
  constructor(
    private readonly hook: EndpointHook,
    private readonly answers: HookAnswers,
  ) {}

  /** Addresses by what can be told of them on the endpoint's side, or on the other one. */
  kinds(side: 'near' | 'far', addresses: readonly Address[]): readonly AddressKind[] {
    const field = (side === 'near') === (this.hook.direction === 'egress') ? 'source' : 'destination';
    const kinds = new Map<number, Address[]>();
    for (const address of addresses) {
      const key = this.answers.keyOf(this.hook, field, address);
      const known = kinds.get(key);
      if (known === undefined) kinds.set(key, [address]);
      else if (known.length === 1 && !sameIp(known[0]!.ip, address.ip)) known.push(address);
    }
    return [...kinds].map(([key, two]) => ({ key, addresses: two }));
  }

  /** A packet's ends between two kinds; undefined where both are one address, and nothing goes from an address to itself. */
  ends(version: 4 | 6, near: AddressKind, far: AddressKind, toItself: boolean): Ends | undefined {
    const pair = toItself ? ([near.addresses[0]!, far.addresses[0]!] as const) : different(near.addresses, far.addresses);
    if (pair === undefined) return undefined;
    const [mine, theirs] = pair;
    return this.hook.direction === 'egress' ? { version, source: mine, destination: theirs } : { version, source: theirs, destination: mine };
  }
}

function interfaceOf({ kind, node, interfaceName }: Endpoint): string {
  return `${kind}\0${node}\0${interfaceName}`;
}

function specialLast<T>(values: readonly T[], addressOf: (value: T) => Ip): readonly T[] {
  return [...values.filter((value) => !isSpecial(addressOf(value))), ...values.filter((value) => isSpecial(addressOf(value)))];
}

function different(mine: readonly Address[], theirs: readonly Address[]): readonly [Address, Address] | undefined {
  for (const one of mine) for (const other of theirs) if (!sameIp(one.ip, other.ip)) return [one, other];
  return undefined;
}
