import type { Ip } from '../net/address.js';
import { hasSameObjects, type AddressClass } from './address-classes.js';
import type { Side } from './condition.js';
import type { InterfaceOf } from './flow.js';
import type { HookAnswers } from './hook-answers.js';
import { endpointHook, type EndpointHook } from './hooks.js';
import { DIRECTIONS, type Model } from './model.js';
import { allPackets, NO_PACKETS, join, without, type PacketSet } from './packet-set.js';
import type { Address } from './packet.js';
import { hopsBetween, type Hop } from './path.js';
import type { Gate, Place } from './place.js';
import { questionsOf } from './route.js';
import { networkInterfaces, transits } from './routes.js';
import type { Direction } from './rule.js';
import { endpointSignature, HookSignatures } from './signatures.js';
import { Unchanged } from './unchanged.js';
import type { FelixSettings } from './felix-settings.js';
import type { Endpoint } from './known-objects.js';
import type { Ends } from './rule-packets.js';

/** A workload whose own policies or profiles differ, and nothing else around it: its hooks before and after, of the directions in which they do. */
export interface ChangedWorkload {
  readonly addresses: readonly [before: Address, after: Address];
  readonly hooks: Readonly<Partial<Record<Direction, HookPair>>>;
}

/** A hook before and after. */
export type HookPair = readonly [before: EndpointHook, after: EndpointHook];

/** What a host asks of whom: `unknown` is a workload that has no endpoint. */
type HostTexts = Partial<Record<Gate['kind'] | 'unknown', string>>;

/** Whether hooks say something else, by what they can tell of the other end, and of which of some classes. */
interface Known {
  readonly byKind: Map<number, boolean>;
  readonly lists: Map<readonly AddressClass[], readonly AddressClass[]>;
}

/** Above every number of a kind of addresses: two of them make one number. */
const KINDS = 2 ** 26;

/** Where anything may differ between two models: what saves looking at all pairs of addresses. */
export class Suspicion {
  private readonly signatures = new HookSignatures();
  private readonly unchanged: Unchanged;
  private readonly addresses = new Map<AddressClass, readonly [Address, Address]>();
  /** By hooks, and what they can tell of the address of whose they are. */
  private readonly known = new Map<string, Known>();
  private readonly models: readonly Model[];
  private readonly through: readonly [string, string];
  private readonly own = [new Map<FelixSettings, Map<string, string>>(), new Map<FelixSettings, Map<string, string>>()] as const;
  private readonly hosts = [new Map<string, HostTexts>(), new Map<string, HostTexts>()] as const;

  constructor(
    private readonly before: Model,
    private readonly after: Model,
    private readonly answers: readonly [HookAnswers, HookAnswers],
  ) {
    this.models = [before, after];
    this.unchanged = new Unchanged(before, after);
    this.through = [this.throughText(before), this.throughText(after)];
  }

  /** What differs for packets from or to a class: nothing, the policies of workloads, or anything. */
  of({ representatives }: AddressClass): 'whole' | ChangedWorkload | undefined {
    const all = representatives.map((ip) => this.at(ip));
    if (all.every((pair) => this.isSame(pair))) return undefined;
    const [old, now] = all[0]!;
    const [was, is] = [old.place?.gate, now.place?.gate];
    if (was?.kind !== 'workload' || is?.kind !== 'workload' || was.endpoint === undefined || is.endpoint === undefined) return 'whole';
    if (!hasSameObjects(old, now) || !all.every((pair) => this.isSameAround(pair))) return 'whole';
    const pair = (direction: Direction): HookPair => [endpointHook(this.before, 'workload', direction, was.endpoint!), endpointHook(this.after, 'workload', direction, is.endpoint!)];
    const changed = (['ingress', 'egress'] as const).filter((direction) => {
      const [left, right] = pair(direction);
      return this.signatures.of(this.before, left) !== this.signatures.of(this.after, right);
    });
    return { addresses: [old, now], hooks: Object.fromEntries(changed.map((direction) => [direction, pair(direction)])) };
  }

  /** Whether the hook of a workload in a direction says anything else of packets to or from a class. */
  differs(changed: ChangedWorkload, direction: Direction, far: AddressClass): boolean {
    const hook = changed.hooks[direction];
    return hook !== undefined && this.isOther(changed, hook, direction, far, this.knownOf(changed, hook, direction));
  }

  /** To or from which of some classes it does; worked out once for workloads that these cannot tell apart. */
  differing(changed: ChangedWorkload, direction: Direction, fars: readonly AddressClass[]): readonly AddressClass[] {
    const hook = changed.hooks[direction];
    if (hook === undefined) return [];
    const known = this.knownOf(changed, hook, direction);
    let found = known.lists.get(fars);
    if (found === undefined) known.lists.set(fars, (found = fars.filter((far) => this.isOther(changed, hook, direction, far, known))));
    return found;
  }

  private knownOf({ addresses }: ChangedWorkload, hook: HookPair, direction: Direction): Known {
    const [side] = sidesOf(direction);
    const key = `${addresses[0].ip.version} ${direction} ${hook.map((each, at) => `${this.answers[at]!.number(each)} ${this.answers[at]!.keyOf(each, side, addresses[at]!)}`).join('/')}`;
    let known = this.known.get(key);
    if (known === undefined) this.known.set(key, (known = { byKind: new Map(), lists: new Map() }));
    return known;
  }

  private isOther({ addresses }: ChangedWorkload, hook: HookPair, direction: Direction, far: AddressClass, { byKind }: Known): boolean {
    const [, side] = sidesOf(direction);
    const others = this.standingFor(far);
    const kind = this.answers[0].keyOf(hook[0], side, others[0]) * KINDS + this.answers[1].keyOf(hook[1], side, others[1]);
    let isOther = byKind.get(kind);
    if (isOther === undefined) {
      const [was, is] = hook.map((each, at) => denied(this.answers[at]!, each, endsOf(direction, addresses[at]!, others[at]!)));
      byKind.set(kind, (isOther = without(was!, is!).length > 0 || without(is!, was!).length > 0));
    }
    return isOther;
  }

  /** The address that stands for a class, in both models. */
  standingFor(of: AddressClass): readonly [Address, Address] {
    let addresses = this.addresses.get(of);
    if (addresses === undefined) this.addresses.set(of, (addresses = this.at(of.representatives[0]!)));
    return addresses;
  }

  private at(ip: Ip): readonly [Address, Address] {
    return [this.before.addressOf(ip), this.after.addressOf(ip)];
  }

  private isSame(pair: readonly [Address, Address]): boolean {
    const [old, now] = pair;
    if (!hasSameObjects(old, now)) return false;
    if (old.place === undefined && now.place === undefined) return this.through[0] === this.through[1];
    return this.isSameAround(pair) && this.isSameOwn(ownerAt(old), ownerAt(now));
  }

  /** Whether every question is the same that can be asked on the host that an address is on, but for those of workload policy. */
  private isSameAround([{ place: old }, { place: now }]: readonly [Address, Address]): boolean {
    if (old !== undefined && old === now && this.unchanged.on(old.node)) return true;
    return (old === undefined ? '' : this.hostText(this.before, old)) === (now === undefined ? '' : this.hostText(this.after, now));
  }

  /** Whether a workload's own policies and profiles ask the same. */
  private isSameOwn(was: Endpoint | undefined, is: Endpoint | undefined): boolean {
    if (was === undefined || is === undefined) return was === is;
    return this.unchanged.for(was, is) || this.ownText(this.before, was) === this.ownText(this.after, is);
  }

  /** What a workload's own policies and profiles ask. */
  private ownText(model: Model, endpoint: Endpoint): string {
    const byLabels = this.own[this.models.indexOf(model)]!;
    const settings = model.parts.settings(endpoint.node);
    let texts = byLabels.get(settings);
    if (texts === undefined) byLabels.set(settings, (texts = new Map<string, string>()));
    const key = endpointSignature(endpoint);
    let text = texts.get(key);
    if (text === undefined) texts.set(key, (text = DIRECTIONS.map((direction) => this.signatures.of(model, endpointHook(model, 'workload', direction, endpoint))).join()));
    return text;
  }

  /** What hosts ask of it, whatever the workload is. */
  private hostText(model: Model, place: Place): string {
    const texts = this.hosts[this.models.indexOf(model)]!;
    let ofHost = texts.get(place.node);
    if (ofHost === undefined) texts.set(place.node, (ofHost = {}));
    return (ofHost[place.gate.kind === 'workload' && place.gate.endpoint === undefined ? 'unknown' : place.gate.kind] ??= this.newHostText(model, place));
  }

  private newHostText(model: Model, place: Place): string {
    const gates = networkInterfaces(this.models, place.node).map((interfaceName): Gate => ({ kind: 'network', interfaceName }));
    const hops = gates.flatMap((gate) => [...hopsBetween(place, undefined, () => gate), ...hopsBetween(undefined, place, () => gate)]);
    const toHost: readonly Hop[] = place.gate.kind === 'workload' ? [{ node: place.node, enters: place.gate, leaves: { kind: 'self' } }] : [];
    return this.hopsText(model, [...hops, ...hopsBetween(place, place, () => gates[0]!), ...toHost]);
  }

  /** What is asked of packets that hosts pass from one network to another. */
  private throughText(model: Model): string {
    const hops = [...transits(this.models)].map(({ from, to }) => ({ node: from.node, enters: networkGate(from), leaves: networkGate(to) }));
    return this.hopsText(model, hops);
  }

  private hopsText(model: Model, hops: readonly Hop[]): string {
    return hops.map((hop) => questionsOf(model, hop).map((question) => {
      if (question.kind === 'endpoint-to-host') return `${question.kind} ${model.parts.settings(hop.node).dropsWorkloadToHost}`;
      if (question.kind !== 'hook') return question.kind;
      return question.hook.hook === 'workload' ? 'workload' : this.signatures.of(model, question.hook);
    }).join('+')).join('|');
  }
}

/** The workload at an address, as far as one is stored. */
function ownerAt({ place }: Address): Endpoint | undefined {
  return place?.gate.kind === 'workload' ? place.gate.endpoint : undefined;
}

function networkGate({ interface: interfaceName }: InterfaceOf): Gate {
  return { kind: 'network', interfaceName };
}

function denied(answers: HookAnswers, hook: EndpointHook, ends: Ends): PacketSet {
  return answers.ask(hook, ends, allPackets(ends.version)).filter((part) => part.do === 'deny').reduce<PacketSet>((set, { packets }) => join(set, packets), NO_PACKETS);
}

/** On which side of packets the one is whose hook it is, and on which the other. */
export function sidesOf(direction: Direction): readonly [near: Side, far: Side] {
  return direction === 'egress' ? ['source', 'destination'] : ['destination', 'source'];
}

/** The ends of packets that a hook sees, by whose hook it is. */
export function endsOf(direction: Direction, near: Address, far: Address): Ends {
  const { version } = near.ip;
  return direction === 'egress' ? { version, source: near, destination: far } : { version, source: far, destination: near };
}
