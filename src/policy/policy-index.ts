import type { Selector } from '../selector/selector.js';
import type { Labels } from './effective-labels.js';
import { labelText, type LabelGroups } from './label-groups.js';
import type { Policy } from './policy.js';

/** Finds the policies that select given labels without asking most of them: by a label that they demand and few objects have. */
export class PolicyIndex {
  private readonly byLabel = new Map<string, number[]>();
  private readonly others: number[] = [];

  /** @param policies in their order */
  constructor(
    readonly policies: readonly Policy[],
    private readonly groups: LabelGroups,
  ) {
    policies.forEach((policy, at) => {
      const demanded = this.demandedBy(policy.matcher.selector);
      if (demanded === undefined) this.others.push(at);
      for (const label of new Set(demanded)) {
        const known = this.byLabel.get(label);
        if (known === undefined) this.byLabel.set(label, [at]);
        else known.push(at);
      }
    });
  }

  /** The policies that select the objects of a group, in their order. */
  selecting(labels: Labels, group: number): readonly Policy[] {
    const candidates = [...this.others];
    for (const label of this.groups.found(labels)) candidates.push(...(this.byLabel.get(label) ?? []));
    return candidates.sort((left, right) => left - right).map((at) => this.policies[at]!).filter((policy, at, all) => policy !== all[at - 1] && policy.matcher.accepts(group));
  }

  /** Labels of which an object must have one to be selected; undefined where there is no such list. */
  private demandedBy(selector: Selector): readonly string[] | undefined {
    switch (selector.kind) {
      case 'equals':
        return [labelText(selector.label, selector.value)];
      case 'in':
        return selector.values.map((value) => labelText(selector.label, value));
      case 'has':
      case 'contains':
      case 'startsWith':
      case 'endsWith':
        return [selector.label];
      case 'and': {
        const lists = selector.operands.map((each) => this.demandedBy(each)).filter((labels) => labels !== undefined);
        return lists.sort((left, right) => this.spread(left) - this.spread(right))[0];
      }
      case 'or': {
        const lists = selector.operands.map((each) => this.demandedBy(each));
        return lists.some((labels) => labels === undefined) ? undefined : lists.flatMap((labels) => labels ?? []);
      }
      default:
        return undefined;
    }
  }

  private spread(labels: readonly string[]): number {
    return labels.reduce((sum, label) => sum + this.groups.countWith(label), 0);
  }
}
