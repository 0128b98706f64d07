import { containsIp, formatCidr, type Cidr } from '../net/address.js';
import { AddressKinds, Tellings, type Teller } from './address-kinds.js';
import { addressTraits, type AddressTraits, type Traits } from './address-traits.js';
import { isIn, isSelected, namedPortsAt, type PortsCondition, type Side } from './condition.js';
import type { FelixSettings } from './felix-settings.js';
import { askPackets, type Part } from './hook-packets.js';
import type { EndpointHook } from './hooks.js';
import type { Model } from './model.js';
import type { Address } from './packet.js';
import { allPackets, overlap, type PacketSet } from './packet-set.js';
import type { Rule } from './rule.js';
import type { Ends } from './rule-packets.js';
import type { Questions } from './walk.js';

/** The kinds of addresses on each side of packets, as a hook's rules tell them apart. */
export type SideKinds = Readonly<Record<Side, AddressKinds>>;

/** What is known of hooks that say the same. */
interface Known {
  readonly number: number;
  readonly answers: Map<string, readonly Part[]>;
  readonly kinds: { 4?: SideKinds; 6?: SideKinds };
}

/** What hooks say of all packets between two addresses, worked out once for addresses that the hook's own rules cannot tell apart. */
export class HookAnswers {
  private readonly byQuestions = new Map<Questions, Map<FelixSettings, Known>>();
  private readonly byHook = new Map<EndpointHook, Known>();
  private readonly traits: AddressTraits;
  private readonly tellings: Tellings;
  private hooks = 0;

  constructor(private readonly model: Model) {
    this.traits = addressTraits(model);
    this.tellings = new Tellings(this.traits);
  }

  /** As `askPackets`. */
  ask(hook: EndpointHook, ends: Ends, packets: PacketSet): readonly Part[] {
    const { answers } = this.knownOf(hook);
    const key = this.key(hook, ends);
    let parts = answers.get(key);
    if (parts === undefined) answers.set(key, (parts = askPackets(this.model, hook, ends, allPackets(ends.version))));
    if (packets === allPackets(ends.version)) return parts;
    return parts.map((part) => ({ ...part, packets: overlap(packets, part.packets) })).filter((part) => part.packets.length > 0);
  }

  /** Equal for addresses between which the hook says the same of all packets. */
  key(hook: EndpointHook, ends: Ends): string {
    return `${ends.version} ${this.keyOf(hook, 'source', ends.source)} ${this.keyOf(hook, 'destination', ends.destination)}`;
  }

  /** What the hook's rules can say of an address on one side. */
  keyOf(hook: EndpointHook, side: Side, address: Address): number {
    return this.kindsOf(hook, address.ip.version)[side].of(this.traits.of(address));
  }

  /** Whether the hook's rules tell addresses on a side apart. */
  tells(hook: EndpointHook, side: Side, version: 4 | 6): boolean {
    return this.kindsOf(hook, version)[side].tells;
  }

  /** The same number for hooks that say the same. */
  number(hook: EndpointHook): number {
    return this.knownOf(hook).number;
  }

  /** The kinds of addresses that the hook's rules tell apart. */
  kindsOf(hook: EndpointHook, version: 4 | 6): SideKinds {
    const { kinds } = this.knownOf(hook);
    return (kinds[version] ??= kindsIn(hook, version, this.tellings));
  }

  private knownOf(hook: EndpointHook): Known {
    let known = this.byHook.get(hook);
    if (known === undefined) this.byHook.set(hook, (known = this.sharedBy(hook)));
    return known;
  }

  private sharedBy({ questions, settings }: EndpointHook): Known {
    let bySettings = this.byQuestions.get(questions);
    if (bySettings === undefined) this.byQuestions.set(questions, (bySettings = new Map<FelixSettings, Known>()));
    let known = bySettings.get(settings);
    if (known === undefined) bySettings.set(settings, (known = { number: this.hooks++, answers: new Map(), kinds: {} }));
    return known;
  }
}

function kindsIn(hook: EndpointHook, version: 4 | 6, tellings: Tellings): SideKinds {
  const bySide = { source: { objects: new Map<string, Teller>(), nets: new Map<string, Teller>() }, destination: { objects: new Map<string, Teller>(), nets: new Map<string, Teller>() } };
  const add = (side: Side, part: keyof Traits, key: string, tell: Teller['tell']): void => {
    // Many rules ask the same, and what does not match says as much.
    if (!bySide[side][part].has(key)) bySide[side][part].set(key, { key, tell });
  };
  for (const condition of rulesOf(hook).flatMap((rule) => rule.conditions(version))) {
    if (condition.kind === 'selector') add(condition.side, 'objects', condition.matcher.text, (address) => (isSelected(condition.matcher, address) ? '+' : ''));
    else if (condition.kind === 'nets') add(condition.side, 'nets', netsKey(condition.nets), (address) => (isIn(condition.nets, address) ? '+' : ''));
    else if (condition.kind === 'ports' && condition.names.length > 0) add(condition.side, 'objects', portsKey(condition), (address) => namedPortsAt(condition, address).join());
  }
  const { failsafe } = hook.settings;
  for (const { net } of hook.hook === 'workload' ? [] : [...failsafe.ingress, ...failsafe.egress]) {
    if (net !== undefined) for (const side of ['source', 'destination'] as const) add(side, 'nets', netsKey([net]), ({ ip }) => (containsIp(net, ip) ? '+' : ''));
  }
  const kindsOn = ({ objects, nets }: (typeof bySide)[Side]): AddressKinds => new AddressKinds({ objects: [...objects.values()], nets: [...nets.values()] }, tellings);
  return { source: kindsOn(bySide.source), destination: kindsOn(bySide.destination) };
}

function netsKey(nets: readonly Cidr[]): string {
  return nets.map(formatCidr).join();
}

function portsKey({ names, protocol, scope }: PortsCondition): string {
  return JSON.stringify([names, protocol, scope?.text ?? '']);
}

/** Every rule that a hook asks. */
export function rulesOf({ direction, questions: { tiers, profiles = [] } }: EndpointHook): readonly Rule[] {
  return [...tiers.flatMap(({ rules }) => rules), ...profiles.flatMap((profile) => profile.rules(direction))];
}
