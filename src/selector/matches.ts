import type { Selector } from './selector.js';

/**
 * Whether a selector is true for a set of labels (reference/classic 1.11). An absent label makes `!=` and `not in`
 * true, every other comparison false. global() is true like all(): it says something only about namespaces.
 */
export function matches(selector: Selector, labels: Readonly<Record<string, string>>): boolean {
  switch (selector.kind) {
    case 'all':
    case 'global':
      return true;
    case 'not':
      return !matches(selector.operand, labels);
    case 'and':
      return selector.operands.every((operand) => matches(operand, labels));
    case 'or':
      return selector.operands.some((operand) => matches(operand, labels));
    default: {
      const value = Object.hasOwn(labels, selector.label) ? labels[selector.label] : undefined;
      if (value === undefined) return selector.kind === 'notEquals' || selector.kind === 'notIn';
      return matchesValue(selector, value);
    }
  }
}

function matchesValue(selector: Extract<Selector, { label: string }>, value: string): boolean {
  switch (selector.kind) {
    case 'has':
      return true;
    case 'equals':
      return value === selector.value;
    case 'notEquals':
      return value !== selector.value;
    case 'contains':
      return value.includes(selector.value);
    case 'startsWith':
      return value.startsWith(selector.value);
    case 'endsWith':
      return value.endsWith(selector.value);
    case 'in':
      return selector.values.includes(value);
    case 'notIn':
      return !selector.values.includes(value);
  }
}
