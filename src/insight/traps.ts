import { isMap } from '../base/data.js';
import { containsIp, parseCidr } from '../net/address.js';
import type { Condition } from '../policy/condition.js';
import type { Verdict } from '../policy/evaluate.js';
import type { Endpoint } from '../policy/known-objects.js';
import type { Model } from '../policy/model.js';
import type { Packet } from '../policy/packet.js';
import { WITH_PORTS } from '../policy/protocol-number.js';
import { Profile, type Policy } from '../policy/policy.js';
import type { Rule } from '../policy/rule.js';
import { texts } from '../policy/known-objects.js';
import { walk, type Answer } from '../policy/walk.js';
import type { StoredObject } from '../resources/kind.js';
import type { End } from './end.js';
import type { ExplainedStep } from './explain.js';

/** Something about a network that people do not expect, and that has to do with a flow. */
export type Trap =
  /** A rule would allow, and stands behind the one that denies. */
  | { readonly code: 'behind-deny'; readonly rule: Rule; readonly deny: Rule }
  /** A selector that no endpoint and no set matches. */
  | { readonly code: 'empty-selector'; readonly rule: Rule; readonly condition: Condition }
  /** A policy that only logs, whose tier denies. */
  | { readonly code: 'log-only'; readonly policy: Policy; readonly tier: string }
  /** Profiles that would decide otherwise, and are not asked where a policy selects the endpoint. */
  | { readonly code: 'profile-ignored'; readonly answer: Answer; readonly endpoint: Endpoint; readonly policies: readonly Policy[] }
  /** Another host sees the sending host's address instead of the workload's. */
  | { readonly code: 'nat-outgoing'; readonly pool: string; readonly node: string }
  | EndpointTrap
  | { readonly code: 'missing-profile'; readonly name: string; readonly endpoint: Endpoint }
  /** A rule is taken for less than it says: the dataplane does not see HTTP. */
  | { readonly code: 'http-ignored'; readonly rule: Rule }
  /** Lists of a rule that Calico 3.32.1 does not enforce (reference/policy 5.1). */
  | { readonly code: 'not-enforced'; readonly rule: Rule; readonly fields: readonly string[] }
  /** Neither end is an endpoint or a host that a host endpoint protects. */
  | { readonly code: 'nobody-asked' }
  | { readonly code: 'no-port' };

/** The part of it that is true of an endpoint whatever the flow. */
export type EndpointTrap =
  | { readonly code: 'no-interface'; readonly endpoint: Endpoint }
  /** Another endpoint's policies are enforced at the interface. */
  | { readonly code: 'shared-interface'; readonly endpoint: Endpoint; readonly other: Endpoint }
  /** A host endpoint of no interface that is known. */
  | { readonly code: 'governs-nothing'; readonly endpoint: Endpoint };

/** What there is to say of a flow besides its verdict. */
export function trapsOf(model: Model, resources: readonly StoredObject[], ends: readonly End[], verdict: Verdict, steps: readonly ExplainedStep[]): readonly Trap[] {
  const { packet } = verdict;
  return [
    ...(steps.length === 0 ? [{ code: 'nobody-asked' as const }] : []),
    ...steps.flatMap((step) => [...denied(step), ...ignoredProfiles(step, packet), ...decider(step, packet), ...empty(step, model)]),
    ...ends.flatMap(({ endpoint }) => (endpoint === undefined ? [] : endpointTraps(model, endpoint))),
    ...steps.flatMap(({ endpoint, step: { by } }) => (endpoint === undefined || !by.startsWith('profile:') ? [] : missingProfile(model, endpoint, by))),
    ...translated(resources, packet),
    ...(verdict.verdict === 'deny' && lacksPort(packet) && steps.some(({ differences }) => differences.some((each) => each.code === 'nearly' && each.failed.some(({ kind }) => kind === 'ports'))) ? [{ code: 'no-port' as const }] : []),
  ];
}

function denied({ step, questions, differences }: ExplainedStep): readonly Trap[] {
  if (step.do !== 'deny' || questions === undefined) return [];
  const traps: Trap[] = differences.flatMap((each) => (each.code === 'without-rule' && each.then.rule?.action === 'allow' ? [{ code: 'behind-deny', rule: each.then.rule, deny: each.rule }] : []));
  const tier = questions.tiers.find((each) => step.by === `tier-default:${each.tier.name}`);
  for (const policy of tier?.policies ?? []) {
    const rules = policy.rules(questions.direction);
    if (rules.length > 0 && rules.every(({ action }) => action === 'log')) traps.push({ code: 'log-only', policy, tier: tier!.tier.name });
  }
  return traps;
}

/** Profiles that have rules, where policies decided. */
function ignoredProfiles({ step, questions, endpoint }: ExplainedStep, packet: Packet): readonly Trap[] {
  if (questions?.profiles === undefined || endpoint === undefined || step.visits.some(({ rule }) => rule.owner instanceof Profile)) return [];
  const policies = questions.tiers.flatMap((tier) => tier.policies);
  if (policies.length === 0 || !questions.profiles.some((profile) => profile.rules(questions.direction).length > 0)) return [];
  const answer = walk({ ...questions, tiers: [] }, packet);
  return answer.do === step.do ? [] : [{ code: 'profile-ignored', answer, endpoint, policies }];
}

/** What the rule that decided does not say by itself. */
function decider({ step: { rule } }: ExplainedStep, packet: Packet): readonly Trap[] {
  if (rule === undefined) return [];
  const fields = ignoredLists(rule, packet.version);
  return [
    ...(rule.stored['http'] == null ? [] : [{ code: 'http-ignored' as const, rule }]),
    ...(fields.length === 0 ? [] : [{ code: 'not-enforced' as const, rule, fields }]),
  ];
}

/** The lists that stand in a rule and are no condition of it (reference/policy 5.1). */
export function ignoredLists(rule: Rule, version: 4 | 6): readonly string[] {
  const conditions = rule.conditions(version);
  return ['source', 'destination'].flatMap((side) => {
    const stored = rule.stored[side];
    if (!isMap(stored)) return [];
    return ['ports', 'nets'].filter((list) => Array.isArray(stored[list]) && stored[list].length > 0).map((list) => `${side}.${list}`).filter((field) => !conditions.some((each) => each.field === field));
  });
}

function empty({ step, passedOver }: ExplainedStep, { parts: { objects } }: Model): readonly Trap[] {
  if (step.do !== 'deny') return [];
  return passedOver.flatMap(({ rule, failed }) => {
    const condition = failed.find((each) => each.kind === 'selector' && !each.not && !objects.some(({ group }) => each.matcher.accepts(group)));
    return condition === undefined || rule.action !== 'allow' ? [] : [{ code: 'empty-selector' as const, rule, condition }];
  });
}

/** What is wrong with an endpoint's interface, so that other policies than its own are enforced there, or none. */
export function endpointTraps(model: Model, endpoint: Endpoint): readonly EndpointTrap[] {
  if (endpoint.kind === 'host') return model.host(endpoint.node).governedBy(endpoint).length > 0 ? [] : [{ code: 'governs-nothing', endpoint }];
  if (endpoint.interfaceName === '') return [{ code: 'no-interface', endpoint }];
  const other = model.workloadAt(endpoint.node, endpoint.interfaceName);
  return other === undefined || other === endpoint ? [] : [{ code: 'shared-interface', endpoint, other }];
}

function missingProfile(model: Model, endpoint: Endpoint, by: string): readonly Trap[] {
  const name = by.slice('profile:'.length, by.lastIndexOf('/', by.lastIndexOf('/') - 1));
  return model.parts.profiles.has(name) ? [] : [{ code: 'missing-profile', name, endpoint }];
}

/** Behind a pool with natOutgoing, what is in no pool sees the host (reference/policy 9). */
function translated(resources: readonly StoredObject[], { source, destination }: Packet): readonly Trap[] {
  const { place: from } = source;
  const { place: to } = destination;
  if (from?.gate.kind !== 'workload' || to === undefined || to.node === from.node) return [];
  const pools = resources.filter(({ kind, spec }) => kind === 'IPPool' && spec['disabled'] !== true).map((pool) => ({ pool, net: parseCidr(texts([pool.spec['cidr']])[0] ?? '') }));
  const pool = pools.find(({ net }) => net !== undefined && containsIp(net, source.ip))?.pool;
  if (pool?.spec['natOutgoing'] !== true || pools.some(({ net }) => net !== undefined && containsIp(net, destination.ip))) return [];
  return [{ code: 'nat-outgoing', pool: pool.metadata.name, node: from.node }];
}

function lacksPort({ protocol, destinationPort }: Packet): boolean {
  return destinationPort === undefined && WITH_PORTS.includes(protocol);
}
