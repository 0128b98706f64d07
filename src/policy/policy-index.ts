import type { Labels } from './effective-labels.js';
import type { Policy } from './policy.js';
import type { Selector } from '../selector/selector.js';

/** Finds the policies that select given labels without asking most of them: by a label that they demand. */
export class PolicyIndex {
  private readonly byLabel = new Map<string, number[]>();
  private readonly others: number[] = [];

  /** @param policies in their order */
  constructor(readonly policies: readonly Policy[]) {
    policies.forEach((policy, at) => {
      const demanded = demandedLabels(policy.matcher.selector);
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
    for (const key in labels) {
      candidates.push(...(this.byLabel.get(anyValue(key)) ?? []), ...(this.byLabel.get(oneValue(key, labels[key]!)) ?? []));
    }
    return candidates.sort((left, right) => left - right).map((at) => this.policies[at]!).filter((policy, at, all) => policy !== all[at - 1] && policy.matcher.accepts(group));
  }
}

/** Labels of which an object must have one to be selected; undefined where there is no such list. */
function demandedLabels(selector: Selector): readonly string[] | undefined {
  switch (selector.kind) {
    case 'equals':
      return [oneValue(selector.label, selector.value)];
    case 'in':
      return selector.values.map((value) => oneValue(selector.label, value));
    case 'has':
    case 'contains':
    case 'startsWith':
    case 'endsWith':
      return [anyValue(selector.label)];
    case 'and':
      return best(selector.operands.map(demandedLabels));
    case 'or': {
      const each = selector.operands.map(demandedLabels);
      return each.some((labels) => labels === undefined) ? undefined : each.flatMap((labels) => labels ?? []);
    }
    default:
      return undefined;
  }
}

/** Of several lists, each of which would do, one of values rather than of keys, and of few rather than of many. */
function best(lists: readonly (readonly string[] | undefined)[]): readonly string[] | undefined {
  const cost = (labels: readonly string[]): number => labels.length + (labels.some((label) => !label.includes('=')) ? 100 : 0);
  return lists.filter((labels) => labels !== undefined).sort((left, right) => cost(left) - cost(right))[0];
}

function oneValue(key: string, value: string): string {
  return `${key}=${value}`;
}

/** No key holds "=". */
function anyValue(key: string): string {
  return key;
}
