import { formatIp } from '../net/address.js';
import { hasSameObjects, type AddressClass } from './address-classes.js';
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

/** Where anything may differ between two models: what saves looking at all pairs of addresses. */
export class Suspicion {
  private readonly signatures = new HookSignatures();
  private readonly addresses = new Map<AddressClass, readonly [Address, Address]>();
  /** By hooks, and what they can tell of addresses: whether they say something else. */
  private readonly known = new Map<string, boolean>();
  private readonly models: readonly Model[];
  private readonly through: readonly [string, string];
  private readonly own = [new Map<FelixSettings, Map<string, string>>(), new Map<FelixSettings, Map<string, string>>()] as const;
  private readonly hosts = [new Map<string, string>(), new Map<string, string>()] as const;

  constructor(
    private readonly before: Model,
    private readonly after: Model,
    private readonly answers: readonly HookAnswers[],
  ) {
    this.models = [before, after];
    this.through = [this.throughText(before), this.throughText(after)];
  }

  /** What differs for packets from or to a class: nothing, the policies of workloads, or anything. */
  of({ representatives }: AddressClass): 'whole' | ChangedWorkload | undefined {
    const all = representatives.map((ip) => formatIp(ip));
    const first = all[0]!;
    if (all.every((text) => this.isSame(text))) return undefined;
    const [old, now] = this.models.map((model) => model.address(first));
    const [was, is] = [old!.place?.gate, now!.place?.gate];
    if (was?.kind !== 'workload' || is?.kind !== 'workload' || was.endpoint === undefined || is.endpoint === undefined) return 'whole';
    if (!hasSameObjects(old!, now!) || all.some((text) => this.aroundText(this.before, text, false) !== this.aroundText(this.after, text, false))) return 'whole';
    const pair = (direction: Direction): HookPair => [endpointHook(this.before, 'workload', direction, was.endpoint!), endpointHook(this.after, 'workload', direction, is.endpoint!)];
    const changed = (['ingress', 'egress'] as const).filter((direction) => {
      const [left, right] = pair(direction);
      return this.signatures.of(this.before, left) !== this.signatures.of(this.after, right);
    });
    return { addresses: [old!, now!], hooks: Object.fromEntries(changed.map((direction) => [direction, pair(direction)])) };
  }

  /** Whether the hook of a workload in a direction says anything else of packets to or from a class. */
  differs({ addresses, hooks }: ChangedWorkload, direction: Direction, far: AddressClass): boolean {
    const hook = hooks[direction];
    if (hook === undefined) return false;
    const others = this.standingFor(far);
    const ends = addresses.map((own, at): Ends => (direction === 'egress' ? { version: far.version, source: own, destination: others[at]! } : { version: far.version, source: others[at]!, destination: own }));
    const key = `${direction} ${hook.map((each, at) => `${this.answers[at]!.number(each)} ${this.answers[at]!.key(each, ends[at]!)}`).join('/')}`;
    let isOther = this.known.get(key);
    if (isOther === undefined) {
      const [was, is] = hook.map((each, at) => denied(this.answers[at]!, each, ends[at]!));
      this.known.set(key, (isOther = without(was!, is!).length > 0 || without(is!, was!).length > 0));
    }
    return isOther;
  }

  /** The address that stands for a class, in both models. */
  standingFor(of: AddressClass): readonly [Address, Address] {
    let addresses = this.addresses.get(of);
    if (addresses === undefined) {
      const text = formatIp(of.representatives[0]!);
      this.addresses.set(of, (addresses = [this.before.address(text), this.after.address(text)]));
    }
    return addresses;
  }

  private isSame(text: string): boolean {
    const [old, now] = this.models.map((model) => model.address(text));
    if (!hasSameObjects(old!, now!)) return false;
    if (old!.place === undefined && now!.place === undefined) return this.through[0] === this.through[1];
    return this.aroundText(this.before, text, true) === this.aroundText(this.after, text, true);
  }

  /** Every question that can be asked on the host that an address is on, as text; `withOwn`: those of workload policy, too. */
  private aroundText(model: Model, text: string, withOwn: boolean): string {
    const { place } = model.address(text);
    if (place === undefined) return '';
    const endpoint = place.gate.kind === 'workload' ? place.gate.endpoint : undefined;
    return `${this.hostText(model, place, endpoint !== undefined)}${withOwn && endpoint !== undefined ? this.ownText(model, endpoint) : ''}`;
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

  /** What of it hosts ask, whatever the workload is. */
  private hostText(model: Model, place: Place, isKnown: boolean): string {
    const texts = this.hosts[this.models.indexOf(model)]!;
    const key = `${place.node} ${place.gate.kind} ${isKnown}`;
    let text = texts.get(key);
    if (text === undefined) texts.set(key, (text = this.newHostText(model, place)));
    return text;
  }

  private newHostText(model: Model, place: Place): string {
    const gates = networkInterfaces(this.models, place.node).map((interfaceName): Gate => ({ kind: 'network', interfaceName }));
    const hops = gates.flatMap((gate) => [...hopsBetween(place, undefined, () => gate), ...hopsBetween(undefined, place, () => gate)]);
    return this.hopsText(model, [...hops, ...hopsBetween(place, place, () => gates[0]!)]);
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

function networkGate({ interface: interfaceName }: InterfaceOf): Gate {
  return { kind: 'network', interfaceName };
}

function denied(answers: HookAnswers, hook: EndpointHook, ends: Ends): PacketSet {
  return answers.ask(hook, ends, allPackets(ends.version)).filter((part) => part.do === 'deny').reduce<PacketSet>((set, { packets }) => join(set, packets), NO_PACKETS);
}
