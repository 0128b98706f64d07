import { addressClasses, objectsText, type AddressClass } from './address-classes.js';
import { HookAnswers } from './hook-answers.js';
import type { Model } from './model.js';
import { overlap, type PacketSet } from './packet-set.js';
import { outcomesOn } from './reach.js';
import { formatIp } from '../net/address.js';
import type { InterfaceOf } from './flow.js';
import { hopsBetween, type Hop } from './path.js';
import type { Gate } from './place.js';
import { questionsOf } from './route.js';
import { hopsOnRoute, networkInterfaces, routesBetween, transits, type Route } from './routes.js';
import { hookSignature } from './signatures.js';

/** New packets between two classes of addresses whose verdict is another one in the second of two models. */
export interface Change {
  readonly from: AddressClass;
  readonly to: AddressClass;
  /** The way, by an example. */
  readonly route: Route;
  readonly before: { readonly verdict: 'allow' | 'deny'; readonly by: string };
  readonly after: { readonly verdict: 'allow' | 'deny'; readonly by: string };
  readonly packets: PacketSet;
}

/** Every new packet whose verdict differs between two models, worked out for classes of packets that neither can tell apart. */
export function* changes(before: Model, after: Model, version: 4 | 6): Generator<Change> {
  const models = [before, after];
  const classes = addressClasses(models, version);
  const suspects = new Set(classes.filter((each) => isSuspect(before, after, each)));
  const answers = models.map((model) => new HookAnswers(model));
  for (const from of classes) {
    for (const to of suspects.has(from) ? classes : suspects) {
      for (const route of routesBetween(models, from, to)) {
        if (!isSuspectRoute(before, after, route)) continue;
        const [was, is] = models.map((model, at) => outcomesOn(model, answers[at]!, version, route));
        for (const old of was!) {
          for (const now of is!) {
            const packets = old.verdict === now.verdict ? [] : overlap(old.packets, now.packets);
            if (packets.length > 0) yield { from, to, route, before: { verdict: old.verdict, by: old.by }, after: { verdict: now.verdict, by: now.by }, packets };
          }
        }
      }
    }
  }
}

function isSuspectRoute(before: Model, after: Model, route: Route): boolean {
  if ([route.src, route.dst].some((text) => objectsText(before.address(text)) !== objectsText(after.address(text)))) return true;
  return hopsSignature(before, hopsOnRoute(before, route)) !== hopsSignature(after, hopsOnRoute(after, route));
}

/** Whether anything may differ for packets from or to a class: between two of which none is so, nothing does. */
function isSuspect(before: Model, after: Model, { representatives }: AddressClass): boolean {
  const models = [before, after];
  return representatives.some((ip) => {
    const text = formatIp(ip);
    return objectsText(before.address(text)) !== objectsText(after.address(text)) || aroundSignature(before, models, text) !== aroundSignature(after, models, text);
  });
}

/** Every question that can be asked on the host that an address is on, as text; of an address outside, on all hosts that packets are sent through. */
function aroundSignature(model: Model, models: readonly Model[], text: string): string {
  const { place } = model.address(text);
  if (place === undefined) return throughSignature(model, models);
  const gates = networkInterfaces(models, place.node).map((interfaceName): Gate => ({ kind: 'network', interfaceName }));
  const hops = gates.flatMap((gate) => [...hopsBetween(place, undefined, () => gate), ...hopsBetween(undefined, place, () => gate)]);
  return hopsSignature(model, [...hops, ...hopsBetween(place, place, () => gates[0]!)]);
}

const THROUGH = new WeakMap<Model, string>();

function throughSignature(model: Model, models: readonly Model[]): string {
  let text = THROUGH.get(model);
  if (text === undefined) {
    const gates = [...transits(models)].map(({ from, to }) => ({ node: from.node, enters: networkGate(from), leaves: networkGate(to) }));
    THROUGH.set(model, (text = hopsSignature(model, gates)));
  }
  return text;
}

function networkGate({ interface: interfaceName }: InterfaceOf): Gate {
  return { kind: 'network', interfaceName };
}

function hopsSignature(model: Model, hops: readonly Hop[]): string {
  return hops.map((hop) => questionsSignature(model, hop)).join('|');
}

/** What is asked on a host, as text that is equal in all models where the same is asked of equal rules. */
function questionsSignature(model: Model, hop: Hop): string {
  const asked = questionsOf(model, hop).map((question) => {
    if (question.kind === 'hook') return hookSignature(model, question.hook);
    return question.kind === 'endpoint-to-host' ? `${question.kind} ${model.parts.settings(hop.node).dropsWorkloadToHost}` : question.kind;
  });
  return asked.join('+');
}
