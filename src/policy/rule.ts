import { isMap, type Data } from '../base/data.js';
import type { Condition } from './condition.js';
import type { LabelGroups } from './label-groups.js';
import { ruleConditions } from './rule-conditions.js';

export type Direction = 'ingress' | 'egress';
export type Action = 'allow' | 'deny' | 'log' | 'pass';

/** Whose rule it is: a policy or a profile. */
export interface RuleOwner {
  /** `gnp:NAME`, `np:NAMESPACE/NAME` or `profile:NAME`. */
  readonly id: string;
  readonly namespace: string | undefined;
}

/** A rule of a policy or a profile, ready to be asked. */
export class Rule {
  /** `gnp:allow-db/ingress/0`. */
  readonly id: string;
  readonly action: Action;
  private readonly byFamily: { 4?: readonly Condition[]; 6?: readonly Condition[] } = {};

  /**
   * @param stored as it stands in the policy
   * @param index its place in the list of its direction, from 0
   */
  constructor(
    readonly owner: RuleOwner,
    readonly direction: Direction,
    readonly index: number,
    readonly stored: Data,
    private readonly groups: LabelGroups,
  ) {
    this.id = `${owner.id}/${direction}/${index}`;
    this.action = actionOf(stored['action']);
  }

  /** What has to hold for packets of an IP family, in the order in which it is looked at. */
  conditions(version: 4 | 6): readonly Condition[] {
    return (this.byFamily[version] ??= ruleConditions(this.stored, version, this.owner.namespace, this.groups));
  }
}

/** The rules in a stored list. */
export function rulesIn(stored: unknown, owner: RuleOwner, direction: Direction, groups: LabelGroups): readonly Rule[] {
  return Array.isArray(stored) ? stored.map((rule, index) => new Rule(owner, direction, index, isMap(rule) ? rule : {}, groups)) : [];
}

/** Older releases called Pass next-tier. */
function actionOf(stored: unknown): Action {
  const word = typeof stored === 'string' ? stored.toLowerCase() : '';
  if (word === 'next-tier') return 'pass';
  return word === 'deny' || word === 'log' || word === 'pass' ? word : 'allow';
}
