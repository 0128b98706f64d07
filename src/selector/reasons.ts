import { matches } from './matches.js';
import type { Condition, Selector } from './selector.js';

/** A condition of a selector that decided, and whether it holds. */
export interface Reason {
  readonly condition: Condition;
  readonly holds: boolean;
}

/**
 * The conditions by which a selector is true or false for a set of labels: of an && that is true all, of one that is false those that are not;
 * of an || the other way round, of which the first is enough.
 */
export function reasonsOf(selector: Selector, labels: Readonly<Record<string, string>>): readonly Reason[] {
  switch (selector.kind) {
    case 'not':
      return reasonsOf(selector.operand, labels);
    case 'and':
      return decided(selector.operands, labels, matches(selector, labels), false);
    case 'or':
      return decided(selector.operands, labels, matches(selector, labels), true);
    default:
      return [{ condition: selector, holds: matches(selector, labels) }];
  }
}

/** @param alone what one operand decides alone by being so */
function decided(operands: readonly Selector[], labels: Readonly<Record<string, string>>, holds: boolean, alone: boolean): readonly Reason[] {
  const deciding = operands.filter((each) => matches(each, labels) === holds);
  return (holds === alone && alone ? deciding.slice(0, 1) : deciding).flatMap((each) => reasonsOf(each, labels));
}
