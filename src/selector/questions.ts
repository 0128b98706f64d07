import type { Condition, Selector } from './selector.js';

/** Whether global() occurs anywhere in a selector. Where it may is in reference/storage 3.4. */
export function usesGlobal(selector: Selector): boolean {
  return someCondition(selector, (condition) => condition.kind === 'global');
}

function someCondition(selector: Selector, test: (condition: Condition) => boolean): boolean {
  if (selector.kind === 'not') return someCondition(selector.operand, test);
  if (selector.kind === 'and' || selector.kind === 'or') return selector.operands.some((operand) => someCondition(operand, test));
  return test(selector);
}
