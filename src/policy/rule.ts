import { isMap, type Data } from '../base/data.js';
import type { Cidr } from '../net/address.js';
import { testOf, type Condition, type Test } from './condition.js';
import { networks } from './known-objects.js';
import type { LabelGroups } from './label-groups.js';
import type { Packet } from './packet.js';
import { ruleConditions } from './rule-conditions.js';

export type Direction = 'ingress' | 'egress';
export type Action = 'allow' | 'deny' | 'log' | 'pass';

/** Whose rule it is: a policy or a profile. */
export interface RuleOwner {
  /** `gnp:NAME`, `np:NAMESPACE/NAME` or `profile:NAME`. */
  readonly id: string;
  readonly namespace: string | undefined;
}

/** A rule that was looked at: with the first condition that did not hold, or without where it matched. */
export interface Visit {
  readonly rule: Rule;
  readonly failed?: Condition;
}

/** A rule for one IP family: its conditions, and what they come to. */
interface OfFamily {
  readonly conditions: readonly Condition[];
  readonly tests: readonly Test[];
  /** The visit of which each condition was the first to fail. */
  readonly failures: readonly Visit[];
}

/** A rule of a policy or a profile, ready to be asked. */
export class Rule {
  /** `gnp:allow-db/ingress/0`. */
  readonly id: string;
  readonly action: Action;
  /** The visit of a packet that the rule matches. */
  readonly matched: Visit = { rule: this };
  private nets: readonly Cidr[] | undefined;
  private four: OfFamily | undefined;
  private six: OfFamily | undefined;

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
    return this.ofFamily(version).conditions;
  }

  /** The networks that it names, of both families; without reading its conditions. */
  namedNets(): readonly Cidr[] {
    return (this.nets ??= [this.stored['source'], this.stored['destination']].filter(isMap).flatMap(({ nets, notNets }) => [...networks(nets), ...networks(notNets)]));
  }

  /** Looks at the rule. */
  visit(packet: Packet): Visit {
    const { tests, failures } = this.ofFamily(packet.version);
    for (let at = 0; at < tests.length; at++) if (!tests[at]!(packet)) return failures[at]!;
    return this.matched;
  }

  private ofFamily(version: 4 | 6): OfFamily {
    return version === 4 ? (this.four ??= this.read(4)) : (this.six ??= this.read(6));
  }

  private read(version: 4 | 6): OfFamily {
    const conditions = ruleConditions(this.stored, version, this.owner.namespace, this.groups);
    return { conditions, tests: conditions.map(testOf), failures: conditions.map((failed) => ({ rule: this, failed })) };
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
