import { addressClasses, type AddressClass } from './address-classes.js';
import { ChangedBlocks, type Block, type Tick } from './changed-blocks.js';
import { HookAnswers } from './hook-answers.js';
import type { EndpointHook } from './hooks.js';
import type { Model } from './model.js';
import { overlap, type PacketSet } from './packet-set.js';
import { outcomesOn } from './reach.js';
import { questionsOf } from './route.js';
import { hopsOnRoute, isWithinHost, routesBetween, type Route } from './routes.js';
import { endpointSignature } from './signatures.js';
import { Suspicion } from './suspicion.js';

/** New packets between two classes of addresses whose verdict is another one in the second of two models. */
export interface Change {
  readonly from: AddressClass;
  readonly to: AddressClass;
  /** The way, by an example. */
  readonly route: Route;
  readonly before: { readonly verdict: 'allow' | 'deny'; readonly by: string };
  readonly after: { readonly verdict: 'allow' | 'deny'; readonly by: string };
  readonly packets: PacketSet;
  /** The hook that denied before or denies after, where one does; of the model in which it denies. */
  readonly hook: EndpointHook | undefined;
}

/** Below this, to find out which classes are alike takes longer than to compare them all. */
const FEW_PAIRS = 1_000_000;

/** What changes on one way between the classes of a block. */
export interface ChangedWay {
  /** By an example for all pairs of classes in the block. */
  readonly route: Route;
  /** Whether both ends are on one host. */
  readonly isWithinHost: boolean;
  readonly changes: readonly Omit<Change, 'from' | 'to' | 'route'>[];
}

/** Classes and others between which something changes, on each of the ways that there are. */
export interface ChangedBlock extends Block {
  readonly ways: readonly ChangedWay[];
}

/**
 * Every new packet whose verdict differs between two models, worked out for classes of packets that neither can tell apart.
 * @param classes those of `addressClasses` of both models, where they are known
 * @param tick is called again and again while it works; what it throws ends the work
 * @param fewPairs up to how many pairs of classes are compared one by one
 */
export function* changes(before: Model, after: Model, version: 4 | 6, classes = addressClasses([before, after], version), tick: () => void = () => undefined, fewPairs = FEW_PAIRS): Generator<Change> {
  const models = [before, after] as const;
  for (const block of comparedBlocks(models, version, classes, tick, fewPairs)) {
    for (const from of block.from) {
      for (const to of block.to) {
        tick();
        for (const route of routesBetween(models, from, to)) {
          for (const change of likeOf(models, route, block.ways).changes) yield { ...change, from, to, route };
        }
      }
    }
  }
}

/** The same in blocks: those in which anything changes. */
export function* changedBlocks(before: Model, after: Model, version: 4 | 6, classes: readonly AddressClass[], tick: Tick = () => undefined): Generator<ChangedBlock> {
  for (const block of comparedBlocks([before, after], version, classes, tick, FEW_PAIRS)) if (block.ways.some((way) => way.changes.length > 0)) yield block;
}

/** The one among the ways of a block on which hosts ask what they ask on this one. */
function likeOf(models: readonly Model[], route: Route, ways: readonly ChangedWay[]): ChangedWay {
  const way = wayOf(models, route);
  return ways.find((each) => wayOf(models, each.route) === way) ?? ways[0]!;
}

function* comparedBlocks(models: readonly [Model, Model], version: 4 | 6, classes: readonly AddressClass[], tick: Tick, fewPairs: number): Generator<ChangedBlock> {
  const answers = [new HookAnswers(models[0]), new HookAnswers(models[1])] as const;
  for (const block of new ChangedBlocks(models, version, classes, new Suspicion(...models, answers), answers, fewPairs).all(tick)) {
    const ways = [...routesBetween(models, ...examplePair(models, block))].map((route): ChangedWay => {
      const [was, is] = models.map((model, at) => outcomesOn(model, answers[at]!, version, route));
      const found = was!.flatMap((old) => is!.flatMap((now) => {
        const packets = old.verdict === now.verdict ? [] : overlap(old.packets, now.packets);
        return packets.length === 0 ? [] : [{ before: { verdict: old.verdict, by: old.by }, after: { verdict: now.verdict, by: now.by }, packets, hook: old.hook ?? now.hook }];
      }));
      return { route, isWithinHost: isWithinHost(models, route), changes: found };
    });
    yield { ...block, ways };
  }
}

/** Two classes of a block that people would name: workloads rather than addresses that nobody has, and not one address twice. */
function examplePair(models: readonly Model[], { from, to }: Block): readonly [AddressClass, AddressClass] {
  const known = (classes: readonly AddressClass[], but?: AddressClass): AddressClass | undefined => (classes.length === 1 ? undefined : classes.find((each) => each !== but && models.some((model) => model.addressOf(each.representatives[0]!).place !== undefined)));
  const source = known(from) ?? from[0]!;
  return [source, known(to, source) ?? to.find((each) => each !== source) ?? source];
}

/** What hosts ask on a route, whatever workloads ask. */
function wayOf(models: readonly Model[], route: Route): string {
  return models.map((model) => hopsOnRoute(model, route).map((hop) => questionsOf(model, hop).map((question) => (question.kind !== 'hook' ? question.kind : question.hook.hook === 'workload' ? 'workload' : `${question.hook.hook} ${question.hook.direction} ${endpointSignature(question.hook.endpoint)}`)).join('+')).join('|')).join('/');
}
