import { askPackets } from '../../policy/hook-packets.js';
import { DIRECTIONS, type Model } from '../../policy/model.js';
import type { Listener } from '../../policy/route-outcomes.js';
import type { Rule, RuleOwner } from '../../policy/rule.js';

/** What tests have to do with a rule: it matched a packet of one, it was looked at and matched none, or no packet came to it. */
export type Covered = 'matched' | 'visited' | 'untested';

/** Keeps in mind which rules packets of tests came to, and which they matched. */
export class Covering {
  private readonly matched = new Set<string>();
  private readonly visited = new Set<string>();

  constructor(private readonly model: Model) {}

  /** Notes what becomes of rules where a hook is asked about packets. */
  readonly listen: Listener = (hook, ends, packets) => {
    askPackets(this.model, hook, ends, packets, ({ id }, _arriving, matching) => {
      this.visited.add(id);
      if (matching.length > 0) this.matched.add(id);
    });
  };

  covered({ id }: Rule): Covered {
    return this.matched.has(id) ? 'matched' : this.visited.has(id) ? 'visited' : 'untested';
  }
}

/** A policy or profile, with what tests have to do with each of its rules. */
export interface OwnerCoverage {
  readonly owner: RuleOwner;
  readonly rules: readonly { readonly rule: Rule; readonly covered: Covered }[];
}

/** All rules that somebody wrote, by policy and profile, policies in the order in which they are asked. */
export function coverageOf({ parts: { policies, profiles } }: Model, covering: Covering, isStored: (id: string) => boolean): readonly OwnerCoverage[] {
  return [...policies.policies, ...profiles.values()].filter(({ id }) => isStored(id)).map((owner) => ({
    owner,
    rules: DIRECTIONS.flatMap((direction) => owner.rules(direction)).map((rule) => ({ rule, covered: covering.covered(rule) })),
  })).filter(({ rules }) => rules.length > 0);
}

/** How many of some rules are each. */
export function countCovered(owners: readonly OwnerCoverage[]): Readonly<Record<Covered, number>> & { readonly rules: number } {
  const rules = owners.flatMap((each) => each.rules);
  const count = (state: Covered): number => rules.filter(({ covered }) => covered === state).length;
  return { rules: rules.length, matched: count('matched'), visited: count('visited'), untested: count('untested') };
}
