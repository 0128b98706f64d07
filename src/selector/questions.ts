import { parseSelector } from './parse.js';
import { printSelector } from './print.js';
import type { Condition, Selector } from './selector.js';

/** Whether the classic language can say the same: it lacks some operators, and labels such as `in` outside has(). */
export function isClassic(selector: Selector): boolean {
  return !someCondition(selector, (condition) => !parseSelector(printSelector(condition), 'classic').ok);
}

/** Whether global() occurs anywhere in a selector. Where it may is in v3-storage.md 3.4. */
export function usesGlobal(selector: Selector): boolean {
  return someCondition(selector, (condition) => condition.kind === 'global');
}

/** Whether a selector is global() and nothing else, as a rule's namespaceSelector may be (v3-storage.md 3.4). */
export function isOnlyGlobal(selector: Selector): boolean {
  return selector.kind === 'global';
}

/** Whether a selector is all() and nothing else; blank text is all(). */
export function isOnlyAll(selector: Selector): boolean {
  return selector.kind === 'all';
}

function someCondition(selector: Selector, test: (condition: Condition) => boolean): boolean {
  if (selector.kind === 'not') return someCondition(selector.operand, test);
  if (selector.kind === 'and' || selector.kind === 'or') return selector.operands.some((operand) => someCondition(operand, test));
  return test(selector);
}
