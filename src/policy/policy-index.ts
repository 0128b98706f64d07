import type { Selector } from '../selector/selector.js';
import type { Labels } from './effective-labels.js';
import type { LabelGroups } from './label-groups.js';
import type { Policy } from './policy.js';

/** Finds the policies that select given labels without asking most of them: by a label that they demand and few objects have. */
export class PolicyIndex {
  private readonly byLabel = new Map<string, number[]>();
  private readonly others: number[] = [];
  private readonly groupsWith = new Map<string, number>();

  /** @param policies in their order */
  constructor(
    readonly policies: readonly Policy[],
    groups: LabelGroups,
  ) {
    for (const labels of groups.labels) for (const label of labelsOf(labels)) this.groupsWith.set(label, (this.groupsWith.get(label) ?? 0) + 1);
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
    for (const label of labelsOf(labels)) candidates.push(...(this.byLabel.get(label) ?? []));
    return candidates.sort((left, right) => left - right).map((at) => this.policies[at]!).filter((policy, at, all) => policy !== all[at - 1] && policy.matcher.accepts(group));
  }

  /** Labels of which an object must have one to be selected; undefined where there is no such list. */
  private demandedBy(selector: Selector): readonly string[] | undefined {
    switch (selector.kind) {
      case 'equals':
        return [oneValue(selector.label, selector.value)];
      case 'in':
        return selector.values.map((value) => oneValue(selector.label, value));
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
    return labels.reduce((sum, label) => sum + (this.groupsWith.get(label) ?? 0), 0);
  }
}

/** What an object can be found by: each label with its value, and each key. */
function labelsOf(labels: Labels): readonly string[] {
  return Object.keys(labels).flatMap((key) => [key, oneValue(key, labels[key]!)]);
}

/** No key holds "=". */
function oneValue(key: string, value: string): string {
  return `${key}=${value}`;
}
