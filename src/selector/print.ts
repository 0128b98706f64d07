import { OPERATOR_TEXT } from './selector.js';
import type { Selector } from './selector.js';

/** The canonical text of a selector, from which its id is made (reference/classic 1.11). */
export function printSelector(selector: Selector): string {
  switch (selector.kind) {
    case 'all':
    case 'global':
      return `${selector.kind}()`;
    case 'has':
      return `has(${selector.label})`;
    case 'in':
    case 'notIn':
      return `${selector.label} ${OPERATOR_TEXT[selector.kind]} {${selector.values.map(quote).join(', ')}}`;
    case 'not':
      return `!${printSelector(selector.operand)}`;
    case 'and':
      return `(${selector.operands.map(printSelector).join(' && ')})`;
    case 'or':
      return `(${selector.operands.map(printSelector).join(' || ')})`;
    default:
      return `${selector.label} ${OPERATOR_TEXT[selector.kind]} ${quote(selector.value)}`;
  }
}

function quote(value: string): string {
  return value.includes('"') ? `'${value}'` : `"${value}"`;
}
