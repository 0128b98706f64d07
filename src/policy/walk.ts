import { holds, type Condition } from './condition.js';
import type { TierPolicies } from './model.js';
import type { Packet } from './packet.js';
import type { Profile } from './policy.js';
import type { Direction, Rule } from './rule.js';

/** A rule that was looked at: with the first condition that did not hold, or without where it matched. */
export interface Visit {
  readonly rule: Rule;
  readonly failed?: Condition;
}

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
  readonly profiles?: readonly Profile[];
}

/** Asks rules in order until one decides (reference/policy 4). */
export function walk({ tiers, direction, endsTiers, isGoverned, profiles }: Questions, packet: Packet): Answer {
  const log = new Log();
  for (const { tier, policies } of tiers) {
    let isPassed = false;
    for (const policy of policies) {
      const rule = firstDeciding(policy.rules(direction), packet, log);
      if (rule === undefined) continue;
      if (rule.action !== 'pass') return log.decided(rule);
      isPassed = true;
      break;
    }
    if (isPassed || !endsTiers) continue;
    log.trace.push(`tier ${tier.name} default ${tier.defaultAction}`);
    if (tier.defaultAction === 'deny') return log.ended('deny', `tier-default:${tier.name}`, 1);
  }
  if (profiles === undefined) return log.ended('none', isGoverned ? 'no-match' : 'no-policy');
  for (const profile of profiles) {
    const rule = firstDeciding(profile.rules(direction), packet, log);
    if (rule !== undefined && rule.action !== 'pass') return log.decided(rule);
  }
  return log.ended('deny', profiles.length === 0 ? 'no-profile' : 'no-profile-match');
}

/** The first rule that matches and does more than log. */
function firstDeciding(rules: readonly Rule[], packet: Packet, log: Log): Rule | undefined {
  for (const rule of rules) {
    const failed = firstFailing(rule.conditions(packet.version), packet);
    if (failed !== undefined) {
      log.visits.push({ rule, failed });
      continue;
    }
    log.visits.push({ rule });
    log.trace.push(`${rule.id} ${rule.action}`);
    if (rule.action !== 'log') return rule;
  }
  return undefined;
}

function firstFailing(conditions: readonly Condition[], packet: Packet): Condition | undefined {
  for (const condition of conditions) if (!holds(condition, packet)) return condition;
  return undefined;
}

class Log {
  readonly visits: Visit[] = [];
  readonly trace: string[] = [];

  decided(rule: Rule): Answer {
    return this.ended(rule.action === 'allow' ? 'allow' : 'deny', rule.id, 1, rule);
  }

  /** @param own how many entries of the trace are the decider's own */
  ended(action: Answer['do'], by: string, own = 0, rule?: Rule): Answer {
    const { visits, trace } = this;
    return { do: action, by, ...(rule !== undefined && { rule }), visits, ...(trace.length > own && { trace }) };
  }
}
