import type { Labels } from './effective-labels.js';
import { demandedLabels } from './demanded-labels.js';
import type { LabelGroups } from './label-groups.js';
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
      const demanded = demandedLabels(policy.matcher.selector, (label) => groups.countWith(label));
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
}
