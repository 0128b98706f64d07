/** The language of v1 manifests (reference/classic 1.11), or that of v3 objects (reference/storage 3.0). */
export type SelectorLanguage = 'classic' | 'v3';

/** Comparisons of a label's value with one text. */
export type ValueOperator = 'equals' | 'notEquals' | 'contains' | 'startsWith' | 'endsWith';

/** Comparisons of a label's value with a set of texts. */
export type SetOperator = 'in' | 'notIn';

/** A condition that holds no other condition. */
export type Condition =
  | { readonly kind: 'all' }
  | { readonly kind: 'global' }
  | { readonly kind: 'has'; readonly label: string }
  | { readonly kind: ValueOperator; readonly label: string; readonly value: string }
  | { readonly kind: SetOperator; readonly label: string; readonly values: readonly string[] };

/**
 * A parsed selector. `values` is sorted by code point and free of duplicates; `and` and `or` have at least two
 * operands; no value holds both kinds of quotes, as the language has no escapes. parseSelector sees to all three.
 */
export type Selector =
  | Condition
  | { readonly kind: 'not'; readonly operand: Selector }
  | { readonly kind: 'and'; readonly operands: readonly Selector[] }
  | { readonly kind: 'or'; readonly operands: readonly Selector[] };

/** How each operator is written. */
export const OPERATOR_TEXT: Readonly<Record<ValueOperator | SetOperator, string>> = {
  equals: '==',
  notEquals: '!=',
  contains: 'contains',
  startsWith: 'starts with',
  endsWith: 'ends with',
  in: 'in',
  notIn: 'not in',
};
