import type { HookAnswers } from './hook-answers.js';
import type { Part } from './hook-packets.js';
import type { EndpointHook } from './hooks.js';
import { interval, unionOf } from './interval-set.js';
import type { Model } from './model.js';
import { icmpOf, join, NO_PACKETS, overlap, without, type PacketSet } from './packet-set.js';
import type { Hop } from './path.js';
import { ICMPV6 } from './protocol-number.js';
import { NEIGHBOUR_TYPES, questionsOf, type Question } from './route.js';
import type { Ends } from './rule-packets.js';

/** Packets between two addresses that have one verdict, by one decider (`Verdict`). */
export interface Outcome {
  readonly verdict: 'allow' | 'deny';
  readonly by: string;
  readonly packets: PacketSet;
  /** The hook that denies, where one does. */
  readonly hook?: EndpointHook;
}

/** Packets on their way: what expressly allowed them last, and whether a hook before tracking accepted them on this host. */
export interface Group {
  readonly packets: PacketSet;
  readonly by: string | undefined;
  readonly isAsked: boolean;
  readonly isAccepted: boolean;
}

/** How far packets have come on their way. */
export interface Passage {
  /** Those of which the next question is asked. */
  readonly groups: readonly Group[];
  /** Those of which nothing more is asked on this host. */
  readonly through: readonly Group[];
  readonly denied: readonly Outcome[];
}

/** What becomes of packets by one question: a hook and what it says of them, or something that no rule decides. */
export type Answered =
  | { readonly kind: 'hook'; readonly hook?: EndpointHook; readonly accepts: boolean; readonly unlessAccepted: boolean; readonly ask: (packets: PacketSet) => readonly Part[] }
  | { readonly kind: 'neighbour-discovery'; readonly version: 4 | 6 }
  | { readonly kind: 'denied'; readonly by: string }
  | { readonly kind: 'nothing' };

/** What becomes of new packets on their way through hosts, as `evaluate` says of each: disjoint outcomes, which are all of them. */
export function routePackets(model: Model, answers: HookAnswers, hops: readonly Hop[], ends: Ends, packets: PacketSet): readonly Outcome[] {
  let passage = departing(packets);
  for (const hop of hops) {
    passage = arriving(passage);
    for (const question of questionsOf(model, hop)) {
      const answered: Answered = question.kind === 'hook' ? { ...question, ask: (each) => answers.ask(question.hook, ends, each) } : withoutRules(model, hop.node, question, ends.version);
      passage = answering(passage, answered);
    }
  }
  return outcomesOf(passage);
}

/** Packets that nobody was asked about yet. */
export function departing(packets: PacketSet): Passage {
  return { groups: [{ packets, by: undefined, isAsked: false, isAccepted: false }], through: [], denied: [] };
}

/** Packets that come to a host, the next one or the first. */
export function arriving({ groups, through, denied }: Passage): Passage {
  return { groups: [...through, ...groups].map((group) => ({ ...group, isAccepted: false })), through: [], denied };
}

/** What becomes of packets by a question that no rules answer. */
export function withoutRules(model: Model, node: string, question: Exclude<Question, { kind: 'hook' }>, version: 4 | 6): Exclude<Answered, { kind: 'hook' }> {
  if (question.kind === 'unless-neighbour-discovery') return { kind: 'neighbour-discovery', version };
  if (question.kind === 'unknown-interface') return { kind: 'denied', by: 'unknown-interface' };
  return model.parts.settings(node).dropsWorkloadToHost ? { kind: 'denied', by: 'endpoint-to-host-action' } : { kind: 'nothing' };
}

/** Packets after a question. */
export function answering(passage: Passage, answered: Answered): Passage {
  const { groups, through, denied } = passage;
  switch (answered.kind) {
    case 'nothing':
      return passage;
    case 'denied':
      return { groups: [], through, denied: [...denied, ...groups.map(({ packets }): Outcome => ({ verdict: 'deny', by: answered.by, packets }))] };
    case 'neighbour-discovery': {
      const free: PacketSet = answered.version === 4 ? NO_PACKETS : [{ ...icmpOf(6), protocols: interval(ICMPV6), first: unionOf(NEIGHBOUR_TYPES.map((type) => [type, type])) }];
      return { groups: narrowed(groups, (packets) => without(packets, free)), through: [...through, ...narrowed(groups, (packets) => overlap(packets, free))], denied };
    }
    case 'hook': {
      const more: Outcome[] = [];
      return { groups: groups.flatMap((group) => asked(answered, group, more)), through, denied: [...denied, ...more] };
    }
  }
}

/**
 * What became of packets at the end of their way.
 * @param mark what stands for the decider where nothing expressly allowed
 */
export function outcomesOf({ groups, through, denied }: Passage, mark = (by: string): string => by): readonly Outcome[] {
  const allowed = [...through, ...groups].map(({ packets, by, isAsked }): Outcome => ({ verdict: 'allow', by: by ?? mark(isAsked ? 'no-policy' : 'no-endpoint'), packets }));
  return collected([...denied, ...allowed]);
}

function narrowed(groups: readonly Group[], to: (packets: PacketSet) => PacketSet): readonly Group[] {
  return groups.map((group) => ({ ...group, packets: to(group.packets) })).filter(({ packets }) => packets.length > 0);
}

function asked({ hook, accepts, unlessAccepted, ask }: Extract<Answered, { kind: 'hook' }>, group: Group, denied: Outcome[]): readonly Group[] {
  if (unlessAccepted && group.isAccepted) return [group];
  const on: Group[] = [];
  for (const each of ask(group.packets)) {
    if (each.do === 'deny') denied.push({ verdict: 'deny', by: each.by, packets: each.packets, ...(hook !== undefined && { hook }) });
    else on.push({ packets: each.packets, by: each.do === 'allow' ? each.by : group.by, isAsked: true, isAccepted: group.isAccepted || (accepts && isAccept(each)) });
  }
  return on;
}

/** Whether a rule allows. */
export function isAccept({ do: done, rule }: Part): boolean {
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
