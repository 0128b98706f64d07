import { addressClasses, type AddressClass } from './address-classes.js';
import { HookAnswers } from './hook-answers.js';
import type { EndpointHook } from './hooks.js';
import { DIRECTIONS, type Model } from './model.js';
import { overlap, type PacketSet } from './packet-set.js';
import { outcomesOn } from './reach.js';
import { routesBetween, type Route } from './routes.js';
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

/**
 * Every new packet whose verdict differs between two models, worked out for classes of packets that neither can tell apart.
 * @param classes those of `addressClasses` of both models, where they are known
 * @param tick is called again and again while it works; what it throws ends the work
 */
export function* changes(before: Model, after: Model, version: 4 | 6, classes = addressClasses([before, after], version), tick: () => void = () => undefined): Generator<Change> {
  const models = [before, after];
  const answers = models.map((model) => new HookAnswers(model));
  for (const [from, to] of suspectPairs(new Suspicion(before, after, answers), classes, tick)) {
    for (const route of routesBetween(models, from, to)) {
      const [was, is] = models.map((model, at) => outcomesOn(model, answers[at]!, version, route));
      for (const old of was!) {
        for (const now of is!) {
          const packets = old.verdict === now.verdict ? [] : overlap(old.packets, now.packets);
          if (packets.length > 0) yield { from, to, route, before: { verdict: old.verdict, by: old.by }, after: { verdict: now.verdict, by: now.by }, packets, hook: old.hook ?? now.hook };
        }
      }
    }
  }
}

/** The pairs of classes between which anything may differ; each once. */
function* suspectPairs(suspicion: Suspicion, classes: readonly AddressClass[], tick: () => void): Generator<readonly [AddressClass, AddressClass]> {
  const known = new Set<number>();
  for (const [at, one] of classes.entries()) {
    tick();
    const suspect = suspicion.of(one);
    if (suspect === undefined) continue;
    for (const direction of DIRECTIONS) {
      if (suspect !== 'whole' && suspect.hooks[direction] === undefined) continue;
      for (const [index, other] of classes.entries()) {
        const key = direction === 'egress' ? at * classes.length + index : index * classes.length + at;
        if (known.has(key) || (suspect !== 'whole' && !suspicion.differs(suspect, direction, other))) continue;
        known.add(key);
        tick();
        yield direction === 'egress' ? [one, other] : [other, one];
      }
    }
  }
}
