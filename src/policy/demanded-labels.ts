import type { Selector } from '../selector/selector.js';
import type { Labels } from './effective-labels.js';
import { labelText } from './label-groups.js';

/**
 * Labels of which an object must have one to be selected, as `findableBy` names them; undefined where there is no such list. Of several
 * lists that all must be met it is the one that the fewest objects meet.
 * @param objectsWith how many objects have a label
 */
export function demandedLabels(selector: Selector, objectsWith: (label: string) => number): readonly string[] | undefined {
  const of = (each: Selector): readonly string[] | undefined => demandedLabels(each, objectsWith);
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
      const spread = (labels: readonly string[]): number => labels.reduce((sum, label) => sum + objectsWith(label), 0);
      const lists = selector.operands.map(of).filter((labels) => labels !== undefined);
      return lists.sort((left, right) => spread(left) - spread(right))[0];
    }
    case 'or': {
      const lists = selector.operands.map(of);
      return lists.some((labels) => labels === undefined) ? undefined : lists.flatMap((labels) => labels ?? []);
    }
    default:
      return undefined;
  }
}

/** What an object can be found by: each label with its value, and each key. */
export function findableBy(labels: Labels): readonly string[] {
  const found: string[] = [];
  for (const key in labels) found.push(key, labelText(key, labels[key]!));
  return found;
}
