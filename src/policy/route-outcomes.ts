import { addressTraits, type AddressTraits, type Traits } from './address-traits.js';
import type { HookAnswers, SideKinds } from './hook-answers.js';
import type { Part } from './hook-packets.js';
import type { EndpointHook } from './hooks.js';
import type { Model } from './model.js';
import type { Address } from './packet.js';
import { allPackets, join, overlap, packetsKey, type PacketSet } from './packet-set.js';
import type { Hop } from './path.js';
import type { Gate } from './place.js';
import { questionsEntering, questionsLeaving, questionsOf, type Question } from './route.js';
import { answering, arriving, departing, isAccept, outcomesOf, withoutRules, type Answered, type Group, type Outcome, type Passage } from './route-packets.js';
import type { Ends } from './rule-packets.js';

/** What of deciders (`Verdict.by`) counts: those of one mark are one, in its stead. */
export type Mark = (by: string) => string;

/** Is told what hooks are asked, and of which packets; of what is asked again once. */
export type Listener = (hook: EndpointHook, ends: Ends, packets: PacketSet) => void;

/** How far packets have come, whatever way they took: one object for all of which the same is true. */
export class Stage {
  readonly next = new Map<number, Stage>();
  /** What the listener was told here. */
  readonly told = new Map<Asked, Set<number>>();
  private found: readonly Outcome[] | undefined;

  constructor(
    readonly passage: Passage,
    private readonly mark: Mark,
  ) {}

  /** What becomes of packets that come no further than here; deciders are their marks. */
  get outcomes(): readonly Outcome[] {
    return (this.found ??= outcomesOf(this.passage, this.mark));
  }
}

/** An address that packets come from or go to. */
export interface Spot {
  readonly address: Address;
  readonly traits: Traits;
}

/** A hook that is asked, the kinds of addresses that it tells apart, and what it says between two of them. */
interface Asked extends HookQuestion {
  readonly kinds: SideKinds;
  readonly said: (number[] | undefined)[];
}

type HookQuestion = Extract<Question, { kind: 'hook' }>;

/** What is asked on the way through some hosts: hooks, and what becomes of packets whoever sends them. */
export type Way = readonly (Asked | { readonly said: number })[];

/** That packets come to a host. */
const ARRIVED = { said: 0 } as const;

/** Where packets go. */
export interface Between {
  readonly version: 4 | 6;
  readonly source: Spot;
  readonly destination: Spot;
}

/**
 * What becomes of all packets between two addresses, as `routePackets` says it, for very many pairs: what hooks say is compared, so that of
 * all pairs of which they say the same no more than that is found out.
 */
export class RouteOutcomes {
  private readonly stages = new Map<string, Stage>();
  private readonly answered: Answered[] = [{ kind: 'nothing' }];
  private readonly numbers = new Map<string, number>();
  private readonly asked = new Map<string, Asked>();
  private readonly traits: AddressTraits;

  constructor(
    private readonly model: Model,
    private readonly answers: HookAnswers,
    private readonly mark: Mark,
    private readonly listener?: Listener,
  ) {
    this.traits = addressTraits(model);
  }

  /** Packets that nobody was asked about yet. */
  start(packets: PacketSet): Stage {
    return this.stageOf(departing(packets));
  }

  /** An address that will be asked about. */
  spot(address: Address): Spot {
    return { address, traits: this.traits.of(address) };
  }

  /** What is asked on the way through hosts. */
  way(hops: readonly Hop[], version: 4 | 6): Way {
    return hops.flatMap((hop) => [ARRIVED, ...this.questions(hop.node, questionsOf(this.model, hop), version)]);
  }

  /** What is asked on a host of packets that come in by a workload's interface, up to where they leave. */
  entering(node: string, gate: Gate, version: 4 | 6): Way {
    return [ARRIVED, ...this.questions(node, questionsEntering(this.model, node, gate), version)];
  }

  /** What is asked on a host of packets that another workload sends, where they leave by a workload's interface. */
  leaving(node: string, gate: Gate, version: 4 | 6): Way {
    return this.questions(node, questionsLeaving(this.model, node, gate), version);
  }

  /** How far packets come on a way, from where they have come to. */
  after(start: Stage, way: Way, between: Between): Stage {
    let stage = start;
    for (const each of way) {
      if ('kinds' in each && this.listener !== undefined) this.tell(stage, each, between);
      stage = this.next(stage, 'kinds' in each ? this.saidBy(each, between) : each.said);
    }
    return stage;
  }

  /** What the one hook says that is asked on a way, as a number for `afterSaid`; a way may also be empty. */
  said(way: Way, between: Between): number {
    const [, asked] = way;
    return asked === undefined ? ARRIVED.said : 'kinds' in asked ? this.saidBy(asked, between) : asked.said;
  }

  /** As `after`, of a way on which that is said. */
  afterSaid(stage: Stage, said: number): Stage {
    return this.next(this.next(stage, ARRIVED.said), said);
  }

  private next(stage: Stage, said: number): Stage {
    let next = stage.next.get(said);
    if (next === undefined) stage.next.set(said, (next = this.stageOf(said === ARRIVED.said ? arriving(stage.passage) : answering(stage.passage, this.answered[said]!))));
    return next;
  }

  private questions(node: string, questions: readonly Question[], version: 4 | 6): Way {
    return questions.map((question) => {
      if (question.kind === 'hook') return this.askedOf(question, version);
      const answered = withoutRules(this.model, node, question, version);
      return { said: this.numberOf(JSON.stringify(answered), () => (answered.kind === 'denied' ? { ...answered, by: this.mark(answered.by) } : answered)) };
    });
  }

  private askedOf(question: HookQuestion, version: 4 | 6): Asked {
    const key = `${version} ${this.answers.number(question.hook)} ${question.accepts} ${question.unlessAccepted}`;
    let asked = this.asked.get(key);
    if (asked === undefined) this.asked.set(key, (asked = { ...question, kinds: this.answers.kindsOf(question.hook, version), said: [] }));
    return asked;
  }

  /** A number for what a hook says of all packets between two addresses. */
  private saidBy(asked: Asked, { version, source, destination }: Between): number {
    const { kinds, said } = asked;
    const near = kinds.source.of(source.traits);
    const far = kinds.destination.of(destination.traits);
    return ((said[near] ??= [])[far] ??= this.newNumber(asked, { version, source: source.address, destination: destination.address }));
  }

  private tell({ told, passage }: Stage, asked: Asked, { version, source, destination }: Between): void {
    let known = told.get(asked);
    if (known === undefined) told.set(asked, (known = new Set()));
    const key = asked.kinds.source.of(source.traits) * KINDS + asked.kinds.destination.of(destination.traits);
    if (known.has(key)) return;
    known.add(key);
    for (const { packets, isAccepted } of passage.groups) if (!asked.unlessAccepted || !isAccepted) this.listener!(asked.hook, { version, source: source.address, destination: destination.address }, packets);
  }

  private newNumber({ hook, accepts, unlessAccepted }: HookQuestion, ends: Ends): number {
    const parts = this.markedParts(this.answers.ask(hook, ends, allPackets(ends.version)), accepts);
    const text = `${accepts} ${unlessAccepted}\n${textOf(parts, (part) => partText(part, accepts))}`;
    const ask = (packets: PacketSet): readonly Part[] => parts.map((each) => ({ ...each, packets: overlap(packets, each.packets) })).filter((each) => each.packets.length > 0);
    return this.numberOf(text, () => ({ kind: 'hook', accepts, unlessAccepted, ask }));
  }

  /** Parts of which the same is true as one; what leaves packets undecided makes no difference. */
  private markedParts(parts: readonly Part[], accepts: boolean): readonly Part[] {
    const marked = parts.map((part) => ({ ...part, by: part.do === 'none' ? '' : this.mark(part.by) }));
    return merged(marked, (part) => partText(part, accepts));
  }

  private numberOf(text: string, find: () => Answered): number {
    let number = this.numbers.get(text);
    if (number === undefined) {
      this.numbers.set(text, (number = this.answered.length));
      this.answered.push(find());
    }
    return number;
  }

  private stageOf({ groups, through, denied }: Passage): Stage {
    const passage = { groups: merged(groups, groupText), through: merged(through, groupText), denied: merged(denied, ({ by }) => by) };
    const text = [textOf(passage.groups, groupText), textOf(passage.through, groupText), textOf(passage.denied, ({ by }) => by)].join('\n\n');
    let stage = this.stages.get(text);
    if (stage === undefined) this.stages.set(text, (stage = new Stage(passage, this.mark)));
    return stage;
  }
}

/** More than a hook can tell apart. */
const KINDS = 2 ** 24;

function partText(part: Part, accepts: boolean): string {
  return `${part.do} ${accepts && isAccept(part)} ${part.by}`;
}

function groupText({ by, isAsked, isAccepted }: Group): string {
  return `${isAsked} ${isAccepted} ${by === undefined ? '' : `by ${by}`}`;
}

interface WithPackets {
  readonly packets: PacketSet;
}

/** Those of equal text as one. */
function merged<T extends WithPackets>(list: readonly T[], textOfOne: (each: T) => string): readonly T[] {
  const found = new Map<string, T>();
  for (const each of list) {
    const text = textOfOne(each);
    const known = found.get(text);
    found.set(text, known === undefined ? each : { ...known, packets: join(known.packets, each.packets) });
  }
  return [...found.values()];
}

function textOf<T extends WithPackets>(list: readonly T[], textOfOne: (each: T) => string): string {
  return list.map((each) => `${textOfOne(each)} ${packetsKey(each.packets)}`).sort().join('\n');
}
