import { evaluate, type Verdict } from '../policy/evaluate.js';
import type { Flow } from '../policy/flow.js';
import type { Model } from '../policy/model.js';
import type { Dialect, StoredObject } from '../resources/kind.js';
import { endOf, type End } from './end.js';
import { explain, type ExplainedStep } from './explain.js';
import { flowBetween, type PacketOptions } from './flow-between.js';
import { trapsOf, type Trap } from './traps.js';
import type { WantedEnd } from './wanted-end.js';

/** What becomes of a flow between two ends, and why. */
export interface Trace {
  readonly from: End;
  readonly to: End;
  readonly flow: Flow;
  readonly verdict: Verdict;
  readonly steps: readonly ExplainedStep[];
  readonly traps: readonly Trap[];
  /** Networks of a set for which the verdict is another one. */
  readonly otherwise: readonly string[];
}

/** Finds the ends, follows a packet between them, and explains. Throws CalicoError where an end cannot be found, or the packet cannot be. */
export function trace(model: Model, resources: readonly StoredObject[], wanted: { readonly from: WantedEnd; readonly to: WantedEnd } & PacketOptions, dialect: Dialect): Trace {
  const [from, to] = [wanted.from, wanted.to].map((each) => endOf(each, resources, model, dialect)) as [End, End];
  const flow = flowBetween(from, to, wanted);
  const verdict = evaluate(model, flow);
  const steps = explain(model, verdict);
  return { from, to, flow, verdict, steps, traps: trapsOf(model, resources, [from, to], verdict, steps), otherwise: otherwiseIn(model, { from, to }, wanted, verdict) };
}

/** A set is judged by the first address of its first network; the others may fare otherwise. */
function otherwiseIn(model: Model, { from, to }: { readonly from: End; readonly to: End }, options: PacketOptions, { verdict, packet }: Verdict): readonly string[] {
  const set = from.isSet ? from : to.isSet ? to : undefined;
  return (set?.addresses ?? [])
    .filter(({ version }) => version === packet.version)
    .map((ip) => (set === from ? flowBetween({ ...from, addresses: [ip] }, to, options) : flowBetween(from, { ...to, addresses: [ip] }, options)))
    .filter((flow) => evaluate(model, flow).verdict !== verdict)
    .map((flow) => (set === from ? flow.src : flow.dst));
}
