import { formatIp, mask, parseCidrOrIp, parseIp, type Cidr, type Ip } from '../net/address.js';
import { InvalidRequest } from '../base/errors.js';
import type { FelixSettings } from './felix-settings.js';
import type { EndpointHook } from './hooks.js';
import { Host } from './host.js';
import type { Endpoint, KnownObject } from './known-objects.js';
import type { LabelGroups } from './label-groups.js';
import type { NetworkIndex } from './network-index.js';
import type { Address } from './packet.js';
import { workloadAmong, type Place } from './place.js';
import { Profile, type Policy, type PolicyUse, type Tier } from './policy.js';
import type { PolicyIndex } from './policy-index.js';
import type { Direction, Rule } from './rule.js';
import type { Questions } from './walk.js';

/** The policies of one tier that an endpoint asks in one hook and direction, in their order. */
export interface TierPolicies {
  readonly tier: Tier;
  readonly policies: readonly Policy[];
  /** The rules of all of them, in order: a Pass leaves the tier, not the policy. */
  readonly rules: readonly Rule[];
}

export const DIRECTIONS: readonly Direction[] = ['ingress', 'egress'];

/** Which policies of an endpoint a hook asks (reference/policy 7). */
export type HookPolicies = PolicyUse | 'forward';

/** What `compile` found out once. */
export interface ModelParts {
  readonly groups: LabelGroups;
  readonly objects: readonly KnownObject[];
  readonly endpoints: readonly Endpoint[];
  readonly networks: NetworkIndex<KnownObject>;
  readonly policies: PolicyIndex;
  /** Staged global policies, in order. */
  readonly staged: PolicyIndex;
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly hosts: ReadonlyMap<string, Host>;
  readonly settings: (node: string) => FelixSettings;
}

const HOOKS: readonly HookPolicies[] = ['normal', 'forward', 'preDNAT', 'untracked'];

const CACHED_ADDRESSES = 200_000;

const NOWHERE = new Host('', new Map(), []);

/** A network and its policies, compiled. Facts about single endpoints are worked out when they are first asked for, once for endpoints of equal labels. */
export class Model {
  private readonly addresses = new Map<string, Address>();
  private readonly selected = new Map<number, readonly Policy[]>();
  private readonly applied = new Map<number, readonly TierPolicies[]>();
  private readonly missingProfiles = new Map<string, Profile>();
  private readonly byInterface = new Map<string, Endpoint>();
  private readonly hostOfAddress = new Map<string, string>();
  private readonly byId = new Map<string, Endpoint>();
  private readonly nets: { 4?: readonly Cidr[]; 6?: readonly Cidr[] } = {};
  /** What `endpointHook` worked out, by endpoint; its questions, by what of the endpoint makes them. */
  readonly hooks = new Map<Endpoint, (EndpointHook | undefined)[]>();
  readonly questions = new Map<string, Questions>();

  constructor(readonly parts: ModelParts) {
    for (const endpoint of parts.endpoints) {
      this.byId.set(endpoint.id, endpoint);
      if (endpoint.kind !== 'workload') continue;
      const at = `${endpoint.node}\0${endpoint.interfaceName}`;
      const other = this.byInterface.get(at);
      if (other === undefined || endpoint.identity < other.identity) this.byInterface.set(at, endpoint);
    }
    for (const { name, interfaces } of parts.hosts.values()) {
      for (const ip of [...interfaces.values()].flat()) this.hostOfAddress.set(formatIp(ip), name);
    }
  }

  /** The endpoint of an id (`wep:NAMESPACE/NAME`, `hep:NAME`). */
  endpoint(id: string): Endpoint | undefined {
    return this.byId.get(id);
  }

  /** Reads an address. Throws InvalidRequest where the text is none. */
  address(text: string): Address {
    const known = this.addresses.get(text);
    if (known !== undefined) return known;
    // The data that our answers are compared with has addresses such as fd65::0:4.
    const ip = parseIp(text) ?? parseCidrOrIp(text)?.address;
    if (ip === undefined) throw new InvalidRequest(`${JSON.stringify(text)} is not an address`);
    const address = this.addressOf(ip, text);
    if (this.addresses.size >= CACHED_ADDRESSES) this.addresses.clear();
    this.addresses.set(text, address);
    return address;
  }

  /** The same of an address that was read before. */
  addressOf(ip: Ip, text = formatIp(ip)): Address {
    const objects = this.parts.networks.find(ip);
    return { text, ip, objects, place: this.placeOf(ip, workloadAmong(objects)) };
  }

  /** At a workload, on a host, or outside. */
  private placeOf(ip: Ip, workload: Endpoint | undefined): Place | undefined {
    if (workload !== undefined) return { node: workload.node, gate: { kind: 'workload', endpoint: this.workloadAt(workload.node, workload.interfaceName) } };
    const node = this.hostOfAddress.get(formatIp(ip));
    return node === undefined ? undefined : { node, gate: { kind: 'self' } };
  }

  /** The workload endpoint whose rules are programmed for an interface: the first of several (reference/policy 1). */
  workloadAt(node: string, interfaceName: string): Endpoint | undefined {
    return this.byInterface.get(`${node}\0${interfaceName}`);
  }

  /** A host; one that nobody knows has neither interfaces nor host endpoints. */
  host(node: string): Host {
    return this.parts.hosts.get(node) ?? NOWHERE;
  }

  /** A profile; one that nobody stored denies everything. */
  profile(name: string): Profile {
    const known = this.parts.profiles.get(name) ?? this.missingProfiles.get(name);
    if (known !== undefined) return known;
    const missing = new Profile(name, undefined, this.parts.groups);
    this.missingProfiles.set(name, missing);
    return missing;
  }

  /** The networks that rules and failsafe ports name, each once. */
  namedNets(version: 4 | 6): readonly Cidr[] {
    return (this.nets[version] ??= [...new Map([...this.netsNamed(version)].map((net) => [`${mask(net.address, net.length).value}/${net.length}`, net])).values()]);
  }

  private *netsNamed(version: 4 | 6): Generator<Cidr> {
    for (const owner of [...this.parts.policies.policies, ...this.parts.profiles.values()]) {
      for (const direction of DIRECTIONS) for (const rule of owner.rules(direction)) for (const net of rule.namedNets()) if (net.address.version === version) yield net;
    }
    for (const settings of new Set([...this.parts.hosts.keys()].map((node) => this.parts.settings(node)))) {
      for (const direction of DIRECTIONS) for (const { net } of settings.failsafe[direction]) if (net?.address.version === version) yield net;
    }
  }

  /** The enforced policies that select the endpoints of a group, in order. */
  selecting(group: number): readonly Policy[] {
    let policies = this.selected.get(group);
    if (policies === undefined) this.selected.set(group, (policies = this.parts.policies.selecting(this.parts.groups.labels[group]!, group)));
    return policies;
  }

  /** The tiers that count for endpoints of a group in one hook and direction, with their policies (reference/policy 3). */
  tiers(group: number, hook: HookPolicies, direction: Direction): readonly TierPolicies[] {
    const key = (group * HOOKS.length + HOOKS.indexOf(hook)) * 2 + DIRECTIONS.indexOf(direction);
    let tiers = this.applied.get(key);
    if (tiers === undefined) this.applied.set(key, (tiers = byTier(this.selecting(group).filter((policy) => isAsked(policy, hook) && policy.governs(direction)), direction)));
    return tiers;
  }

  /** Whether a hook has policies for endpoints of a group: staged ones count for this, though nothing of them is enforced (reference/policy 7). */
  hasPolicies(group: number, hook: HookPolicies, directions: readonly Direction[]): boolean {
    if (directions.some((direction) => this.tiers(group, hook, direction).length > 0)) return true;
    if (this.parts.staged.policies.length === 0) return false;
    const staged = this.parts.staged.selecting(this.parts.groups.labels[group]!, group);
    return staged.some((policy) => isAsked(policy, hook) && directions.some((direction) => policy.governs(direction)));
  }
}

function isAsked(policy: Policy, hook: HookPolicies): boolean {
  return hook === 'forward' ? policy.use === 'normal' && policy.appliesOnForward : policy.use === hook;
}

function byTier(policies: readonly Policy[], direction: Direction): readonly TierPolicies[] {
  const tiers: { tier: Tier; policies: Policy[] }[] = [];
  for (const policy of policies) {
    const last = tiers.at(-1);
    if (last?.tier === policy.tier) last.policies.push(policy);
    else tiers.push({ tier: policy.tier, policies: [policy] });
  }
  return tiers.map((each) => ({ ...each, rules: each.policies.flatMap((policy) => policy.rules(direction)) }));
}
