import { containsIp } from '../net/address.js';
import { addressTraits, type AddressTraits, type Traits } from './address-traits.js';
import { isIn, isSelected, namedPortsAt, type Side } from './condition.js';
import type { FelixSettings } from './felix-settings.js';
import { askPackets, type Part } from './hook-packets.js';
import type { EndpointHook } from './hooks.js';
import type { Model } from './model.js';
import type { Address } from './packet.js';
import { allPackets, overlap, type PacketSet } from './packet-set.js';
import type { Rule } from './rule.js';
import type { Ends } from './rule-packets.js';
import type { Questions } from './walk.js';

/** What a hook's rules can tell of an address on one side: by what is there, and by the networks that it is in. */
interface Tellers {
  readonly objects: readonly Teller[];
  readonly nets: readonly Teller[];
}

/** Of one side of a hook: its tellers, and the kinds of addresses that they tell apart, as numbers. */
class Kinds {
  private readonly byObjects: (number | undefined)[] = [];
  private readonly byNets: (number | undefined)[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly known = new Map<number, number>();

  constructor(private readonly tellers: Tellers) {}

  /** Whether there is more than one kind. */
  get tells(): boolean {
    return this.tellers.objects.length + this.tellers.nets.length > 0;
  }

  /** Equal for addresses that the hook's rules cannot tell apart; small numbers. */
  of(address: Address, { objects, nets }: Traits): number {
    if (!this.tells) return 0;
    const pair = (this.byObjects[objects] ??= this.number(this.tellers.objects, address)) * PAIRS + (this.byNets[nets] ??= this.number(this.tellers.nets, address));
    let kind = this.known.get(pair);
    if (kind === undefined) this.known.set(pair, (kind = this.known.size));
    return kind;
  }

  private number(tellers: readonly Teller[], address: Address): number {
    let text = '';
    for (const tell of tellers) text += tell(address);
    let number = this.numbers.get(text);
    if (number === undefined) this.numbers.set(text, (number = this.numbers.size));
    return number;
  }
}

const PAIRS = 2 ** 24;

/** What is known of hooks that say the same. */
interface Known {
  readonly number: number;
  readonly answers: Map<string, readonly Part[]>;
  readonly kinds: { 4?: Readonly<Record<Side, Kinds>>; 6?: Readonly<Record<Side, Kinds>> };
}

/** What hooks say of all packets between two addresses, worked out once for addresses that the hook's own rules cannot tell apart. */
export class HookAnswers {
  private readonly byQuestions = new Map<Questions, Map<FelixSettings, Known>>();
  private readonly byHook = new Map<EndpointHook, Known>();
  private readonly traits: AddressTraits;
  private hooks = 0;

  constructor(private readonly model: Model) {
    this.traits = addressTraits(model);
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
    return `${ends.version} ${this.keyOf(hook, 'source', ends)} ${this.keyOf(hook, 'destination', ends)}`;
  }

  /** What the hook's rules can say of the address on one side. */
  keyOf(hook: EndpointHook, side: Side, ends: Ends): number {
    const address = ends[side];
    return this.kindsOf(hook, ends.version)[side].of(address, this.traits.of(address));
  }

  /** Whether the hook's rules tell addresses on a side apart. */
  tells(hook: EndpointHook, side: Side, version: 4 | 6): boolean {
    return this.kindsOf(hook, version)[side].tells;
  }

  /** The same number for hooks that say the same. */
  number(hook: EndpointHook): number {
    return this.knownOf(hook).number;
  }

  private kindsOf(hook: EndpointHook, version: 4 | 6): Readonly<Record<Side, Kinds>> {
    const { kinds } = this.knownOf(hook);
    return (kinds[version] ??= kindsIn(hook, version));
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

/** Says what a condition can tell of the address on its side. */
type Teller = (address: Address) => string;

function kindsIn(hook: EndpointHook, version: 4 | 6): Readonly<Record<Side, Kinds>> {
  const bySide: Record<Side, { objects: Teller[]; nets: Teller[] }> = { source: { objects: [], nets: [] }, destination: { objects: [], nets: [] } };
  const asked = new Set<string>();
  for (const condition of rulesOf(hook).flatMap((rule) => rule.conditions(version))) {
    if (condition.kind === 'selector') {
      // Many rules ask the same, and what does not match says as much.
      const key = `${condition.side} ${condition.matcher.text}`;
      if (asked.has(key)) continue;
      asked.add(key);
      bySide[condition.side].objects.push((address) => (isSelected(condition.matcher, address) ? '+' : '-'));
    } else if (condition.kind === 'nets') bySide[condition.side].nets.push((address) => (isIn(condition.nets, address) ? '+' : '-'));
    else if (condition.kind === 'ports' && condition.names.length > 0) bySide[condition.side].objects.push((address) => `${namedPortsAt(condition, address).join(',')};`);
  }
  const { failsafe } = hook.settings;
  for (const { net } of hook.hook === 'workload' ? [] : [...failsafe.ingress, ...failsafe.egress]) {
    if (net !== undefined) for (const side of ['source', 'destination'] as const) bySide[side].nets.push(({ ip }) => (containsIp(net, ip) ? '+' : '-'));
  }
  return { source: new Kinds(bySide.source), destination: new Kinds(bySide.destination) };
}

/** Every rule that a hook asks. */
export function rulesOf({ direction, questions: { tiers, profiles = [] } }: EndpointHook): readonly Rule[] {
  return [...tiers.flatMap(({ rules }) => rules), ...profiles.flatMap((profile) => profile.rules(direction))];
}
