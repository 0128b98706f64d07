import { testOf, type Condition } from '../policy/condition.js';
import { endpointHook } from '../policy/hooks.js';
import type { Step, Verdict } from '../policy/evaluate.js';
import type { Endpoint } from '../policy/known-objects.js';
import type { Model } from '../policy/model.js';
import type { Packet } from '../policy/packet.js';
import type { Rule } from '../policy/rule.js';
import { walk, type Answer, type Questions } from '../policy/walk.js';

/** A rule that was asked and did not match, with everything that it wants and the packet does not have. */
export interface PassedOver {
  readonly rule: Rule;
  readonly failed: readonly Condition[];
}

/** Something that would have to be different for a packet to be allowed. */
export type Difference =
  /** The rule that denied is in the way: what would come of the hook without it. */
  | { readonly code: 'without-rule'; readonly rule: Rule; readonly then: Answer }
  /** A rule that allows, but for a few conditions. */
  | { readonly code: 'nearly'; readonly rule: Rule; readonly failed: readonly Condition[] }
  /** No rule that allows anything was asked. */
  | { readonly code: 'nothing-allows' };

/** One question about a packet, explained. */
export interface ExplainedStep {
  readonly step: Step;
  /** Absent where there is none. */
  readonly endpoint?: Endpoint;
  /** What the hook asks; absent where it asks no rules. */
  readonly questions?: Questions;
  readonly passedOver: readonly PassedOver[];
  /** Of a hook that denies. */
  readonly differences: readonly Difference[];
}

/** Explains each step of a verdict. */
export function explain(model: Model, verdict: Verdict): readonly ExplainedStep[] {
  return verdict.steps.map((step) => explainStep(model, verdict.packet, step));
}

function explainStep(model: Model, packet: Packet, step: Step): ExplainedStep {
  const endpoint = step.ep === undefined ? undefined : model.endpoint(step.ep);
  if (endpoint === undefined || step.dir === undefined || step.hook === 'workload-to-host') return { step, passedOver: [], differences: [] };
  const { questions } = endpointHook(model, step.hook, step.dir, endpoint);
  const passedOver = step.visits.filter(({ failed }) => failed !== undefined).map(({ rule }) => ({ rule, failed: unmet(rule, packet) }));
  return { step, endpoint, questions, passedOver, differences: step.do === 'deny' ? differencesFor(step, questions, passedOver, packet) : [] };
}

/** The conditions of a rule that a packet does not fulfil. */
export function unmet(rule: Rule, packet: Packet): readonly Condition[] {
  return rule.conditions(packet.version).filter((condition) => !testOf(condition)(packet));
}

/** Of many rules that nearly allow, the nearest are told. */
const MOST_NEAR = 3;

/** What decided before any rule (failsafe ports, connection tracking, encapsulation) is not for policies to change. */
function differencesFor(step: Step, questions: Questions, passedOver: readonly PassedOver[], packet: Packet): readonly Difference[] {
  if (step.rule !== undefined) return [{ code: 'without-rule', rule: step.rule, then: walk(withoutRule(questions, step.rule), packet) }, ...nearest(passedOver)];
  if (step.visits.length === 0 && !isEnd(step.by)) return [];
  const near = nearest(passedOver);
  return near.length > 0 ? near : [{ code: 'nothing-allows' }];
}

/** The same questions, as if a rule did not stand there. */
function withoutRule(questions: Questions, without: Rule): Questions {
  const others = (rules: readonly Rule[]): readonly Rule[] => rules.filter((rule) => rule !== without);
  const { tiers, profiles } = questions;
  return {
    ...questions,
    tiers: tiers.map((tier) => ({ ...tier, rules: others(tier.rules) })),
    ...(profiles !== undefined && { profiles: profiles.map((profile) => ({ id: profile.id, namespace: profile.namespace, rules: (direction) => others(profile.rules(direction)) })) }),
  };
}

/** Whether rules came to their end without a decision. */
function isEnd(by: string): boolean {
  return by.startsWith('tier-default:') || by === 'no-profile' || by === 'no-profile-match';
}

function nearest(passedOver: readonly PassedOver[]): readonly Difference[] {
  return passedOver
    .filter(({ rule, failed }) => rule.action === 'allow' && failed.every(({ kind }) => kind !== 'services'))
    .map(({ rule, failed }) => ({ code: 'nearly' as const, rule, failed, distance: failed.reduce((sum, { kind }) => sum + DISTANCE[kind], 0) }))
    .sort((left, right) => left.failed.length - right.failed.length || left.distance - right.distance)
    .filter(({ failed }, _at, [first]) => failed.length === first?.failed.length)
    .slice(0, MOST_NEAR);
}

/** Of rules that lack as many conditions, how far a packet is from each: another port is near, another address far. */
const DISTANCE: Readonly<Record<Condition['kind'], number>> = { ports: 1, icmp: 1, protocol: 2, selector: 4, nets: 4, family: 8, services: 16 };
