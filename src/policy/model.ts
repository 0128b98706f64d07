import { mask, type Cidr, type Ip } from '../net/address.js';
import type { FelixSettings } from './felix-settings.js';
import type { EndpointHook } from './hooks.js';
import type { Host } from './host.js';
import type { Endpoint } from './known-objects.js';
import type { LabelGroups } from './label-groups.js';
import type { Address } from './packet.js';
import { Profile, type Policy } from './policy.js';
import type { PolicyIndex } from './policy-index.js';
import type { Direction } from './rule.js';
import { isAsked, tierPolicies, type HookPolicies, type TierPolicies } from './tier-policies.js';
import type { Questions } from './walk.js';
import type { Whereabouts } from './whereabouts.js';

export const DIRECTIONS: readonly Direction[] = ['ingress', 'egress'];

/** What `compile` found out once. */
export interface ModelParts extends Pick<Whereabouts, 'objects' | 'endpoints' | 'hosts'> {
  readonly groups: LabelGroups;
  readonly whereabouts: Whereabouts;
  readonly policies: PolicyIndex;
  /** Staged global policies, in order. */
  readonly staged: PolicyIndex;
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly settings: (node: string) => FelixSettings;
}

const HOOKS: readonly HookPolicies[] = ['normal', 'forward', 'preDNAT', 'untracked'];

/** A network and its policies, compiled. Facts about single endpoints are worked out when they are first asked for, once for endpoints of equal labels. */
export class Model {
  private readonly selected = new Map<number, readonly Policy[]>();
  private readonly applied = new Map<number, readonly TierPolicies[]>();
  private readonly missingProfiles = new Map<string, Profile>();
  private nets: Readonly<Record<4 | 6, readonly Cidr[]>> | undefined;
  /** What `endpointHook` worked out, by endpoint; its questions, by what of the endpoint makes them. */
  readonly hooks = new Map<Endpoint, (EndpointHook | undefined)[]>();
  readonly questions = new Map<string, Questions>();

  constructor(readonly parts: ModelParts) {}

  /** As `Whereabouts.endpoint`. */
  endpoint(id: string): Endpoint | undefined {
    return this.parts.whereabouts.endpoint(id);
  }

  /** As `Whereabouts.address`. Throws InvalidRequest. */
  address(text: string): Address {
    return this.parts.whereabouts.address(text);
  }

  /** As `Whereabouts.addressOf`. */
  addressOf(ip: Ip): Address {
    return this.parts.whereabouts.addressOf(ip);
  }

  /** As `Whereabouts.workloadAt`. */
  workloadAt(node: string, interfaceName: string): Endpoint | undefined {
    return this.parts.whereabouts.workloadAt(node, interfaceName);
  }

  /** As `Whereabouts.host`. */
  host(node: string): Host {
    return this.parts.whereabouts.host(node);
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
    return (this.nets ??= this.allNamedNets())[version];
  }

  private allNamedNets(): Readonly<Record<4 | 6, readonly Cidr[]>> {
    const found = { 4: new Map<number | bigint, Cidr>(), 6: new Map<number | bigint, Cidr>() };
    for (const net of this.netsNamed()) found[net.address.version].set(keyOf(net), net);
    return { 4: [...found[4].values()], 6: [...found[6].values()] };
  }

  private *netsNamed(): Generator<Cidr> {
    for (const owner of [...this.parts.policies.policies, ...this.parts.profiles.values()]) {
      for (const direction of DIRECTIONS) for (const rule of owner.rules(direction)) yield* rule.namedNets();
    }
    for (const settings of new Set([...this.parts.hosts.keys()].map((node) => this.parts.settings(node)))) {
      for (const direction of DIRECTIONS) for (const { net } of settings.failsafe[direction]) if (net !== undefined) yield net;
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
    if (tiers === undefined) this.applied.set(key, (tiers = tierPolicies(this.selecting(group), hook, direction)));
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

/** A number for a network, whatever its host bits. */
function keyOf({ address, length }: Cidr): number | bigint {
  const { value } = mask(address, length);
  return typeof value === 'number' ? value * 64 + length : (value << 8n) + BigInt(length);
}
