import type { AddressClass } from './address-classes.js';
import { addressTraits } from './address-traits.js';
import type { HookAnswers } from './hook-answers.js';
import { endpointHook } from './hooks.js';
import { DIRECTIONS, type Model } from './model.js';
import { allPackets } from './packet-set.js';
import type { Address } from './packet.js';
import type { Direction } from './rule.js';
import type { Ends } from './rule-packets.js';
import { hostSignature } from './signatures.js';
import { endsOf, sidesOf, type ChangedWorkload, type HookPair, type Suspicion } from './suspicion.js';

/** Classes of sources and of destinations: what becomes of packets from any of the first to any of the second is the same. */
export interface Block {
  readonly from: readonly AddressClass[];
  readonly to: readonly AddressClass[];
}

/** Told again and again while blocks are compared; what it throws ends the work. With how many classes that changed are done, of how many, once that is known. */
export type Tick = (done?: number, of?: number) => void;

type Changed = readonly [AddressClass, ChangedWorkload];

/** A class as what is asked of it is compared: who is there, and what hooks can know of it. */
interface Cell {
  readonly classes: AddressClass[];
  readonly addresses: readonly [Address, Address];
  /** The policies of a workload towards the others, where the class is one, and no host is asked anything besides. */
  readonly hooks: HookPair | undefined;
  /** What the class is, with its hosts, and what its policies say where that is the same for everybody. */
  readonly kind: number;
  /** Whether its policies tell those with changed policies apart, before or after. */
  readonly tells: boolean;
  readonly suspect: ChangedWorkload | undefined;
}

/**
 * The pairs of classes between which the verdict may differ, each in one block. Of workloads whose own policies changed, those that the
 * policies of none can tell apart are compared once for all.
 */
export class ChangedBlocks {
  private readonly kinds = new Map<string, number>();
  private readonly hosts = [new Map<string, number>(), new Map<string, number>()] as const;
  private readonly hostTexts = new Map<string, number>();
  private readonly said = new WeakMap<object, number>();
  private readonly saidTexts = new Map<string, number>();
  private readonly saysNothing: boolean;
  private progress: { readonly tick: Tick; done: number; readonly of: number } = { tick: () => undefined, done: 0, of: 0 };

  /** @param fewPairs so many pairs of classes are compared one by one, since to find out what is alike would take longer */
  constructor(
    private readonly models: readonly [Model, Model],
    private readonly version: 4 | 6,
    private readonly classes: readonly AddressClass[],
    private readonly suspicion: Suspicion,
    private readonly answers: readonly [HookAnswers, HookAnswers],
    private readonly fewPairs: number,
  ) {
    this.saysNothing = models.every((model) => hostsAskNothing(model));
  }

  /** What was compared is done when the next block is asked for. */
  *all(tick: Tick): Generator<Block> {
    const suspects = new Map<AddressClass, ChangedWorkload>();
    const whole = new Set<AddressClass>();
    for (const one of this.classes) {
      tick();
      const suspect = this.suspicion.of(one);
      if (suspect === 'whole') whole.add(one);
      else if (suspect !== undefined) suspects.set(one, suspect);
    }
    const changed = { egress: withHooks(suspects, 'egress'), ingress: withHooks(suspects, 'ingress') };
    this.progress = { tick, done: 0, of: whole.size + changed.egress.length + changed.ingress.length };
    yield* this.ofWhole(whole);
    const others = this.classes.filter((one) => !whole.has(one));
    for (const direction of ['egress', 'ingress'] as const) {
      if (changed[direction].length > 0) yield* this.ofWorkloads(direction, changed[direction], others, suspects);
    }
  }

  /** Tells how far it has come, after some more classes. */
  private tell(more = 0): void {
    this.progress.done += more;
    this.progress.tick(this.progress.done, this.progress.of);
  }

  private *ofWhole(whole: ReadonlySet<AddressClass>): Generator<Block> {
    const done = new Set<AddressClass>();
    for (const one of whole) {
      for (const other of this.classes) if (!done.has(other)) yield { from: [other], to: [one] };
      for (const other of this.classes) if (!done.has(other) && other !== one) yield { from: [one], to: [other] };
      done.add(one);
      this.tell(1);
    }
  }

  private *ofWorkloads(direction: Direction, changed: readonly Changed[], others: readonly AddressClass[], suspects: ReadonlyMap<AddressClass, ChangedWorkload>): Generator<Block> {
    const isFew = changed.length * others.length <= this.fewPairs;
    const { cells, alone } = isFew ? { cells: [], alone: others } : this.cellsOf(direction, others, suspects);
    const groups = isFew ? changed.map(([one, suspect]) => ({ classes: [one], suspect })) : this.nearGroups(direction, changed, cells);
    for (const { classes: near, suspect } of groups) {
      // What workloads send was compared before.
      const isKnown = (far: ChangedWorkload | undefined): boolean => direction === 'ingress' && far !== undefined && this.suspicion.differs(far, 'egress', near[0]!);
      for (const far of this.bucketsOf(direction, suspect, cells)) {
        this.tell();
        const [first] = far;
        if (!this.suspicion.differs(suspect, direction, first!.classes[0]!)) continue;
        const left = far.filter((cell) => !isKnown(cell.suspect)).flatMap(({ classes }) => classes);
        if (left.length > 0) yield direction === 'egress' ? { from: near, to: left } : { from: left, to: near };
      }
      for (const other of this.suspicion.differing(suspect, direction, alone)) {
        this.tell();
        if (isKnown(suspects.get(other))) continue;
        for (const one of near) yield direction === 'egress' ? { from: [one], to: [other] } : { from: [other], to: [one] };
      }
      this.tell(near.length);
    }
  }

  /** Classes by what can be told of them; `alone` are those where hosts are asked, too. */
  private cellsOf(direction: Direction, others: readonly AddressClass[], suspects: ReadonlyMap<AddressClass, ChangedWorkload>): { readonly cells: readonly Cell[]; readonly alone: readonly AddressClass[] } {
    const cells = new Map<string, Cell>();
    const alone: AddressClass[] = [];
    const away = direction === 'egress' ? 'ingress' : 'egress';
    const [near, far] = sidesOf(direction);
    for (const one of others) {
      const addresses = this.suspicion.standingFor(one);
      const hooks = this.hooksOf(addresses, away);
      if (!this.saysNothing || (hooks === undefined && addresses.some(({ place }) => place !== undefined))) {
        alone.push(one);
        continue;
      }
      const suspect = suspects.get(one);
      const tells = hooks?.some((hook, at) => this.answers[at]!.tells(hook, near, this.version)) ?? false;
      const said = hooks === undefined ? 'outside' : tells ? hooks.map((hook, at) => this.answers[at]!.number(hook)).join() : `says ${hooks.map((hook, at) => this.saidBy(at, hook, endsOf(direction, addresses[at]!, addresses[at]!), direction)).join()}`;
      const kind = numberOf(this.kinds, `${addresses.map(({ place }, at) => (place === undefined ? '' : this.hostNumber(at, place.node))).join()} ${said}`);
      const own = hooks === undefined ? '' : hooks.map((hook, at) => `${this.answers[at]!.number(hook)}:${this.answers[at]!.keyOf(hook, far, addresses[at]!)}`).join();
      const traits = addresses.map((address, at) => {
        const { objects, nets } = addressTraits(this.models[at]!).of(address);
        return `${objects},${nets}`;
      });
      const key = `${kind} ${traits.join(' ')} ${tells || suspect !== undefined ? own : ''} ${suspect === undefined ? '' : 'changed'}`;
      const known = cells.get(key);
      if (known === undefined) cells.set(key, { classes: [one], addresses, hooks, kind, tells, suspect });
      else known.classes.push(one);
    }
    return { cells: [...cells.values()], alone };
  }

  /** The hooks of a workload in both models; undefined for what is none in both. */
  private hooksOf(addresses: readonly [Address, Address], direction: Direction): HookPair | undefined {
    const hooks = addresses.flatMap(({ place }, at) => {
      const gate = place?.gate;
      return gate?.kind !== 'workload' || gate.endpoint === undefined ? [] : [endpointHook(this.models[at]!, 'workload', direction, gate.endpoint)];
    });
    return hooks.length === 2 ? [hooks[0]!, hooks[1]!] : undefined;
  }

  private hostNumber(at: number, node: string): number {
    const known = this.hosts[at]!;
    let number = known.get(node);
    if (number === undefined) known.set(node, (number = numberOf(this.hostTexts, hostSignature(this.models[at]!, node))));
    return number;
  }

  /** Workloads whose changed policies say the same, and of which the policies of others say the same. */
  private nearGroups(direction: Direction, changed: readonly Changed[], cells: readonly Cell[]): readonly { readonly classes: readonly AddressClass[]; readonly suspect: ChangedWorkload }[] {
    const [side] = sidesOf(direction);
    const telling = ([0, 1] as const).map((at) => [...new Map(cells.flatMap(({ hooks }) => (hooks !== undefined && this.answers[at].tells(hooks[at], side, this.version) ? [[this.answers[at].number(hooks[at]), hooks[at]] as const] : []))).values()]);
    const groups = new Map<string, { classes: AddressClass[]; suspect: ChangedWorkload }>();
    for (const [one, suspect] of changed) {
      const { addresses, hooks } = suspect;
      const key = addresses.map(({ place }, at) => [
        this.hostNumber(at, place!.node),
        this.answers[at]!.number(hooks[direction]![at]!),
        this.answers[at]!.keyOf(hooks[direction]![at]!, side, addresses[at]!),
        ...telling[at]!.map((hook) => this.answers[at]!.keyOf(hook, side, addresses[at]!)),
      ].join()).join('\n');
      const known = groups.get(key);
      if (known === undefined) groups.set(key, { classes: [one], suspect });
      else known.classes.push(one);
    }
    return [...groups.values()];
  }

  /** Cells between which and a near group all hooks say the same. */
  private bucketsOf(direction: Direction, { addresses: near, hooks }: ChangedWorkload, cells: readonly Cell[]): Iterable<readonly Cell[]> {
    const buckets = new Map<number | string, Cell[]>();
    const [before, after] = hooks[direction]!;
    const [old, now] = this.answers;
    const [, side] = sidesOf(direction);
    for (const cell of cells) {
      const kinds = [cell.kind, old.keyOf(before, side, cell.addresses[0]), now.keyOf(after, side, cell.addresses[1])] as const;
      const key = !cell.tells && kinds.every((each) => each < FEW) ? (kinds[0] * FEW + kinds[1]) * FEW + kinds[2] : `${kinds.join(' ')} ${cell.tells ? `${this.saidBy(0, cell.hooks![0], endsOf(direction, near[0], cell.addresses[0]), direction)} ${this.saidBy(1, cell.hooks![1], endsOf(direction, near[1], cell.addresses[1]), direction)}` : ''}`;
      const known = buckets.get(key);
      if (known === undefined) buckets.set(key, [cell]);
      else known.push(cell);
    }
    return buckets.values();
  }

  /** A number for what a far workload's own policies say: the decider of what is allowed counts where they are asked last. */
  private saidBy(at: number, hook: HookPair[0], ends: Ends, direction: Direction): number {
    const parts = this.answers[at]!.ask(hook, ends, allPackets(this.version));
    let number = this.said.get(parts);
    if (number === undefined) {
      const text = parts.map(({ do: done, by, packets }) => `${done} ${done === 'deny' || direction === 'egress' ? by : ''} ${packets.map(({ protocols, first, second }) => `${protocols.join()}/${first.join()}/${second.join()}`).join(' ')}`).join('\n');
      this.said.set(parts, (number = numberOf(this.saidTexts, `${direction}\n${text}`)));
    }
    return number;
  }
}

function withHooks(suspects: ReadonlyMap<AddressClass, ChangedWorkload>, direction: Direction): readonly Changed[] {
  return [...suspects].filter(([, { hooks }]) => hooks[direction] !== undefined);
}

/** Numbers below this can be three digits of one number. */
const FEW = 2 ** 17;

/** Whether no host is asked by which a packet could be denied on its way through: its host endpoints have policies for nothing but itself. */
export function hostsAskNothing(model: Model): boolean {
  const groups = new Set(model.parts.endpoints.filter(({ kind }) => kind === 'host').map(({ group }) => group));
  return [...groups].every((group) => (['forward', 'untracked', 'preDNAT'] as const).every((hook) => !model.hasPolicies(group, hook, DIRECTIONS)));
}

function numberOf(numbers: Map<string, number>, text: string): number {
  let number = numbers.get(text);
  if (number === undefined) numbers.set(text, (number = numbers.size));
  return number;
}
