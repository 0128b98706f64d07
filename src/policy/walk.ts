import type { TierPolicies } from './tier-policies.js';
import type { Packet } from './packet.js';
import type { Profile } from './policy.js';
import type { Direction, Rule, Visit } from './rule.js';

/** What one hook said of a packet. */
export interface Answer {
  /** `none`: undecided, the packet goes on. */
  readonly do: 'allow' | 'deny' | 'none';
  /** What decided: a rule's id, `tier-default:TIER`, `no-profile`, `failsafe` and so on; of `none`, `no-policy` or `no-match`. */
  readonly by: string;
  /** The rule that decided, where one did. */
  readonly rule?: Rule;
  readonly visits: readonly Visit[];
  /** Rules that matched, with their actions, and ends of tiers that were passed, in order; where it is more than the decider alone. */
  readonly trace?: readonly string[];
}

/** What a walk asks. */
export interface Questions {
  readonly tiers: readonly TierPolicies[];
  readonly direction: Direction;
  /** Whether the default action of a tier counts at its end. */
  readonly endsTiers: boolean;
  /** Whether any policy, be it a staged one, is there in this hook and direction. */
  readonly isGoverned: boolean;
  /** The profiles to ask where no tier decided; without a list, the packet then goes on. */
  readonly profiles?: readonly Pick<Profile, 'id' | 'namespace' | 'rules'>[];
}

/** Asks rules in order until one decides (reference/policy 4). */
export function walk({ tiers, direction, endsTiers, isGoverned, profiles }: Questions, packet: Packet): Answer {
  const visits: Visit[] = [];
  const trace: string[] = [];
  for (const { tier, rules } of tiers) {
    const rule = firstDeciding(rules, packet, visits, trace);
    if (rule !== undefined && rule.action !== 'pass') return decidedBy(rule, visits, trace);
    if (rule !== undefined || !endsTiers) continue;
    trace.push(`tier ${tier.name} default ${tier.defaultAction}`);
    if (tier.defaultAction === 'deny') return answer('deny', `tier-default:${tier.name}`, visits, trace, 1);
  }
  if (profiles === undefined) return answer('none', isGoverned ? 'no-match' : 'no-policy', visits, trace);
  for (const profile of profiles) {
    const rule = firstDeciding(profile.rules(direction), packet, visits, trace);
    if (rule !== undefined && rule.action !== 'pass') return decidedBy(rule, visits, trace);
  }
  return answer('deny', profiles.length === 0 ? 'no-profile' : 'no-profile-match', visits, trace);
}

/** The first rule that matches and does more than log. */
function firstDeciding(rules: readonly Rule[], packet: Packet, visits: Visit[], trace: string[]): Rule | undefined {
  for (const rule of rules) {
    const visit = rule.visit(packet);
    visits.push(visit);
    if (visit !== rule.matched) continue;
    trace.push(`${rule.id} ${rule.action}`);
    if (rule.action !== 'log') return rule;
  }
  return undefined;
}

function decidedBy(rule: Rule, visits: readonly Visit[], trace: readonly string[]): Answer {
  return { ...answer(rule.action === 'allow' ? 'allow' : 'deny', rule.id, visits, trace, 1), rule };
}

/** @param own how many entries of the trace are the decider's own */
function answer(action: Answer['do'], by: string, visits: readonly Visit[], trace: readonly string[], own = 0): Answer {
  return trace.length > own ? { do: action, by, visits, trace } : { do: action, by, visits };
}
