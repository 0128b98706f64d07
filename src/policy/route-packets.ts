import type { HookAnswers } from './hook-answers.js';
import type { Part } from './hook-packets.js';
import type { EndpointHook } from './hooks.js';
import type { Model } from './model.js';
import { interval, unionOf } from './interval-set.js';
import { icmpOf, join, NO_PACKETS, overlap, without, type PacketSet } from './packet-set.js';
import type { Hop } from './path.js';
import { NEIGHBOUR_TYPES, questionsOf, type Question } from './route.js';
import type { Ends } from './rule-packets.js';
import { ICMPV6 } from './protocol-number.js';

/** Packets between two addresses that have one verdict, by one decider (`Verdict`). */
export interface Outcome {
  readonly verdict: 'allow' | 'deny';
  readonly by: string;
  readonly packets: PacketSet;
  /** The hook that denies, where one does. */
  readonly hook?: EndpointHook;
}

/** Packets on their way: what expressly allowed them last, and whether a hook before tracking accepted them on this host. */
interface Group {
  readonly packets: PacketSet;
  readonly by: string | undefined;
  readonly isAsked: boolean;
  readonly isAccepted: boolean;
}

/** What becomes of new packets on their way through hosts, as `evaluate` says of each: disjoint outcomes, which are all of them. */
export function routePackets(model: Model, answers: HookAnswers, hops: readonly Hop[], ends: Ends, packets: PacketSet): readonly Outcome[] {
  const denied: Outcome[] = [];
  let groups: readonly Group[] = [{ packets, by: undefined, isAsked: false, isAccepted: false }];
  for (const hop of hops) groups = crossing(model, answers, hop, ends, groups.map((group) => ({ ...group, isAccepted: false })), denied);
  const allowed = groups.map((group): Outcome => ({ verdict: 'allow', by: group.by ?? (group.isAsked ? 'no-policy' : 'no-endpoint'), packets: group.packets }));
  return collected([...denied, ...allowed]);
}

function crossing(model: Model, answers: HookAnswers, hop: Hop, ends: Ends, arriving: readonly Group[], denied: Outcome[]): readonly Group[] {
  let groups = arriving;
  const through: Group[] = [];
  for (const question of questionsOf(model, hop)) {
    if (question.kind === 'unless-neighbour-discovery') {
      const free: PacketSet = ends.version === 4 ? NO_PACKETS : [{ ...icmpOf(6), protocols: interval(ICMPV6), first: unionOf(NEIGHBOUR_TYPES.map((type) => [type, type])) }];
      through.push(...narrowed(groups, (packets) => overlap(packets, free)));
      groups = narrowed(groups, (packets) => without(packets, free));
    } else if (question.kind === 'hook') groups = groups.flatMap((group) => asked(answers, question, ends, group, denied));
    else if (question.kind === 'unknown-interface' || model.parts.settings(hop.node).dropsWorkloadToHost) {
      const by = question.kind === 'unknown-interface' ? 'unknown-interface' : 'endpoint-to-host-action';
      denied.push(...groups.map(({ packets }): Outcome => ({ verdict: 'deny', by, packets })));
      groups = [];
    }
  }
  return [...through, ...groups];
}

function narrowed(groups: readonly Group[], to: (packets: PacketSet) => PacketSet): readonly Group[] {
  return groups.map((group) => ({ ...group, packets: to(group.packets) })).filter(({ packets }) => packets.length > 0);
}

function asked(answers: HookAnswers, { hook, accepts, unlessAccepted }: Extract<Question, { kind: 'hook' }>, ends: Ends, group: Group, denied: Outcome[]): readonly Group[] {
  if (unlessAccepted && group.isAccepted) return [group];
  const on: Group[] = [];
  for (const each of answers.ask(hook, ends, group.packets)) {
    if (each.do === 'deny') denied.push({ verdict: 'deny', by: each.by, packets: each.packets, hook });
    else on.push({ packets: each.packets, by: each.do === 'allow' ? each.by : group.by, isAsked: true, isAccepted: group.isAccepted || (accepts && isAccept(each)) });
  }
  return on;
}

function isAccept({ do: done, rule }: Part): boolean {
  return done === 'allow' && rule !== undefined;
}

/** One outcome for each verdict, decider and hook that denies. */
function collected(outcomes: readonly Outcome[]): readonly Outcome[] {
  const byReason = new Map<string, Outcome>();
  const hooks = new Map<EndpointHook | undefined, number>();
  for (const outcome of outcomes) {
    if (!hooks.has(outcome.hook)) hooks.set(outcome.hook, hooks.size);
    const key = `${outcome.verdict} ${hooks.get(outcome.hook)!} ${outcome.by}`;
    const known = byReason.get(key);
    byReason.set(key, known === undefined ? outcome : { ...outcome, packets: join(known.packets, outcome.packets) });
  }
  return [...byReason.values()];
}
