import type { Notify } from '../../base/notice.js';
import type { InsightNotice } from '../notices.js';
import { rulesOf } from '../../policy/hook-answers.js';
import { AddressSpace, hookClasses, type HookClass, type Space } from '../../policy/hook-classes.js';
import { askPackets, type Part } from '../../policy/hook-packets.js';
import type { Model } from '../../policy/model.js';
import type { TierPolicies } from '../../policy/tier-policies.js';
import { allPackets, join, NO_PACKETS, overlap, without, type PacketSet } from '../../policy/packet-set.js';
import { Policy } from '../../policy/policy.js';
import type { Direction, Rule } from '../../policy/rule.js';
import { rulePackets, type Ends } from '../../policy/rule-packets.js';
import { listsAlone } from './lists-alone.js';
import { RuleUse, type Meeting, type Taker } from './rule-use.js';

/** How many questions (a rule, a pair of addresses) are asked about a network, and about the endpoints of one class. */
export interface Effort {
  readonly total: number;
  readonly each: number;
}

const EFFORT: Effort = { total: 40_000_000, each: 4_000_000 };

/** What becomes of the rules of a network, asked of all packets and not of examples. */
export interface Coverage {
  readonly rules: ReadonlyMap<Rule, RuleUse>;
  /** Of policies and profiles whose rules no packet gets to: what would become of their rules if every packet did. */
  readonly alone: ReadonlyMap<Rule, RuleUse>;
  /** Policies of Log rules alone in a direction, in a tier whose end denies some packet; and those of Deny rules where nothing else in the tier allows. */
  readonly deniedAtEnd: readonly DeniedAtEnd[];
  /** Classes of endpoints that were too much to examine. */
  readonly unexamined: readonly HookClass[];
}

/** A policy in a direction, before the end of a tier that denies some packet. */
export interface DeniedAtEnd {
  readonly policy: Policy;
  readonly direction: Direction;
}

/** No address is left out, and a host is taken to have every one: what is found never to happen happens for no packet at all. */
const EVERYTHING: Space = { withSpecial: true, knowsHosts: false };

/** Asks every rule of a model about every kind of packet. */
export function coverageOf(model: Model, { effort = EFFORT, notify }: { readonly effort?: Effort | undefined; readonly notify?: Notify<InsightNotice> | undefined } = {}): Coverage {
  const asking = new Asking(model);
  const alone = new Asking(model);
  const space = new AddressSpace(model, EVERYTHING);
  const unexamined: HookClass[] = [];
  let left = effort.total;
  const examine = (by: Asking, each: HookClass): void => {
    const allowed = Math.min(left, effort.each);
    const used = by.examine(each, space, allowed);
    left -= Math.min(used, allowed);
    if (used > allowed) unexamined.push(each);
  };
  const classes = hookClasses(model);
  for (const [at, each] of classes.entries()) {
    notify?.({ code: 'insight.progress', did: 'examined', count: at, of: classes.length });
    examine(asking, each);
  }
  for (const each of listsAlone(model, (rule) => isKnown(rule, asking.rules.get(rule)))) examine(alone, each);
  return { rules: asking.rules, alone: alone.rules, deniedAtEnd: [...asking.deniedAtEnd.values()], unexamined };
}

/** Whether there is something to say of a rule in its place: of one of a profile only if a packet gets to it. */
function isKnown({ owner }: Rule, use: RuleUse | undefined): boolean {
  return use !== undefined && (owner instanceof Policy ? use.isAsked || use.isUnsure : use.visited);
}

/** What came to pass between two addresses in a hook. */
interface Passage {
  readonly ends: Ends;
  readonly parts: readonly Part[];
  readonly arriving: ReadonlyMap<Rule, PacketSet>;
  readonly matching: ReadonlyMap<Rule, PacketSet>;
}

class Asking {
  readonly rules = new Map<Rule, RuleUse>();
  readonly deniedAtEnd = new Map<string, DeniedAtEnd>();

  constructor(private readonly model: Model) {}

  /** Asks about every kind of packet in a hook. Gives how many questions that took; more than allowed if it was given up. */
  examine(asked: HookClass, space: AddressSpace, allowed: number): number {
    const { hook } = asked;
    const uses = rulesOf(hook).map((rule) => this.use(rule));
    const meetings = hook.questions.tiers.flatMap((tier) => this.meetingsIn(tier));
    let used = space.size + asked.endpoints.length;
    for (const ends of used > allowed ? [undefined] : pairsOf(asked, space)) {
      used += 1 + uses.length + meetings.length;
      if (ends === undefined || used > allowed) {
        for (const use of uses) use.isUnsure = true;
        return used;
      }
      this.add(asked, this.passage(asked, ends), uses, meetings);
    }
    for (const use of uses) use.isAsked = true;
    return used;
  }

  private passage({ hook }: HookClass, ends: Ends): Passage {
    const arriving = new Map<Rule, PacketSet>();
    const matching = new Map<Rule, PacketSet>();
    const parts = askPackets(this.model, hook, ends, allPackets(ends.version), (rule, packets, those) => {
      // A profile that is listed twice is asked twice.
      arriving.set(rule, join(arriving.get(rule) ?? NO_PACKETS, packets));
      if (those.length > 0 && rule.action !== 'log') matching.set(rule, join(matching.get(rule) ?? NO_PACKETS, those));
    });
    return { ends, parts, arriving, matching };
  }

  private add({ hook }: HookClass, passage: Passage, uses: readonly RuleUse[], meetings: readonly Meeting[]): void {
    const { ends, arriving, matching, parts } = passage;
    for (const use of uses) {
      if (!use.isSettled) use.add(ends, rulePackets(use.rule, ends), arriving.get(use.rule) ?? NO_PACKETS, (packets) => takersOf(use.rule, packets, passage));
    }
    for (const meeting of meetings) meet(meeting, passage);
    for (const [at, tier] of hook.questions.tiers.entries()) {
      for (const rule of tier.rules) if (rule.action === 'pass' && matching.has(rule)) this.notePass(rule, at === hook.questions.tiers.length - 1, hook.questions.profiles?.length === 0);
      if (parts.some(({ by }) => by === `tier-default:${tier.tier.name}`)) this.noteEnd(tier, hook.direction);
    }
  }

  private notePass(rule: Rule, isLast: boolean, hasNoProfiles: boolean): void {
    const { passes } = this.use(rule);
    if (!isLast) passes.fromEarlier = true;
    else {
      passes.fromLast = true;
      passes.toNobody ||= hasNoProfiles;
    }
  }

  private noteEnd({ policies, rules }: TierPolicies, direction: Direction): void {
    const isOpening = rules.some(({ action }) => action === 'allow' || action === 'pass');
    for (const policy of policies) {
      const actions = policy.rules(direction).map(({ action }) => action);
      const onlyLogs = actions.length > 0 && actions.every((action) => action === 'log');
      const onlyDenies = !isOpening && actions.includes('deny');
      if (onlyLogs || onlyDenies) this.deniedAtEnd.set(`${direction} ${policy.id}`, { policy, direction });
    }
  }

  /** Pairs of rules of a tier of which it matters which is asked first. */
  private meetingsIn({ rules }: TierPolicies): readonly Meeting[] {
    return rules.flatMap((second, at) => rules.slice(0, at).flatMap((first) => {
      if (!isContrary(first, second)) return [];
      const { meetings } = this.use(second);
      let known = meetings.get(first);
      if (known === undefined) meetings.set(first, (known = { first, second, shared: undefined, isWider: false }));
      return [known];
    }));
  }

  private use(rule: Rule): RuleUse {
    let use = this.rules.get(rule);
    if (use === undefined) this.rules.set(rule, (use = new RuleUse(rule)));
    return use;
  }
}

/** Two addresses for every two kinds that a hook can tell apart; also an address and itself, so that a rule for one endpoint alone is none that matches nothing. */
function* pairsOf({ hook, endpoints }: HookClass, space: AddressSpace): Generator<Ends> {
  const view = space.seenBy(hook);
  for (const version of [4, 6] as const) {
    const far = view.kinds('far', space.far(version));
    for (const near of view.kinds('near', space.near(hook, endpoints, version))) {
      for (const other of far) {
        const ends = view.ends(version, near, other, true);
        if (ends !== undefined) yield ends;
      }
    }
  }
}

/** Of rules of one policy, Allow and Deny; of policies of equal order, which name puts in order, Pass as well. */
function isContrary(first: Rule, second: Rule): boolean {
  const decide = (action: string): boolean => action === 'allow' || action === 'deny';
  if (first.action === second.action || first.action === 'log' || second.action === 'log') return false;
  return (decide(first.action) && decide(second.action)) || isTie(first, second);
}

/** Whether only the names of their policies say which of two rules is asked first. */
export function isTie({ owner: first }: Rule, { owner: second }: Rule): boolean {
  return first !== second && first instanceof Policy && second instanceof Policy && first.tier === second.tier && first.order === second.order;
}

function meet(meeting: Meeting, { ends, matching }: Passage): void {
  if (meeting.shared !== undefined && meeting.isWider) return;
  const taken = matching.get(meeting.first);
  if (taken === undefined) return;
  const possible = rulePackets(meeting.second, ends);
  const packets = overlap(taken, possible);
  if (packets.length > 0) meeting.shared ??= { ends, packets };
  meeting.isWider ||= without(taken, possible).length > 0;
}

/** What decides about packets that a rule could match and that never come to it: a Pass of its own tier, else what decides in the end. */
function takersOf(rule: Rule, packets: PacketSet, { parts, matching }: Passage): readonly Taker[] {
  const takers: Taker[] = [];
  let left = packets;
  for (const [first, taken] of matching) {
    if (first.action !== 'pass' || !isSameTier(first, rule) || overlap(left, taken).length === 0) continue;
    takers.push({ by: first.id, rule: first });
    left = without(left, taken);
  }
  for (const part of parts) if (overlap(left, part.packets).length > 0) takers.push({ by: part.by, rule: part.rule });
  return takers;
}

function isSameTier({ owner: first }: Rule, { owner: second }: Rule): boolean {
  return first === second || (first instanceof Policy && second instanceof Policy && first.tier === second.tier);
}
