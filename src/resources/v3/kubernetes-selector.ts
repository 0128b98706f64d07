import { isMap } from '../../base/data.js';
import { listOf, mapOf } from '../fields/collections.js';
import { describe, field, type Of } from '../fields/field.js';
import { objectOf } from '../fields/object.js';
import { listWords, text } from '../fields/scalars.js';
import { labelsText, listText, plainText } from '../plain-text.js';

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'];

const requirement = objectOf(
  'a requirement of a selector',
  [field('key', text(), { write: 'always' }), field('operator', text(), { write: 'always' }), field('values', listOf(text(), { name: 'a list of values' }), { mistakenFor: ['value'] })],
  {
    check({ operator }, path, to) {
      if (operator === undefined || OPERATORS.includes(operator)) return;
      to.problems.warn('ignored', [...path, 'operator'], `Calico ignores this requirement: ${describe(operator)} is not an operator`, { hint: `write ${listWords(OPERATORS)}` });
    },
  },
);

/** A selector of pods or namespaces, in the order of the stored JSON. Calico stores it as it is (reference/storage 3.6). */
export const kubernetesSelector = objectOf(
  'a Kubernetes selector',
  [
    field('matchLabels', mapOf(text(), { name: 'a map of labels' }), { mistakenFor: ['labels'] }),
    field('matchExpressions', listOf(requirement, { name: 'a list of requirements' })),
  ],
  { misplaced: { selector: 'Kubernetes writes selectors as matchLabels and matchExpressions' } },
);

/** A selector in the form in which Kubernetes writes it; an empty one selects everything. */
export type KubernetesSelector = Of<typeof kubernetesSelector>;

/** A selector in one line, as kubectl shows it: `app=db,tier in (a,b),!old`. */
export function kubernetesSelectorText(selector: unknown): string {
  if (!isMap(selector)) return plainText(selector, '<none>');
  const parts = [labelsText(selector['matchLabels']), listText(selector['matchExpressions'], requirementText)].filter((part) => part !== '');
  return parts.length === 0 ? '<none>' : parts.join(',');
}

function requirementText(requirement: unknown): string {
  if (!isMap(requirement)) return plainText(requirement);
  const [key, operator] = [plainText(requirement['key']), plainText(requirement['operator'])];
  if (operator === 'Exists') return key;
  if (operator === 'DoesNotExist') return `!${key}`;
  return `${key} ${operator.toLowerCase()} (${listText(requirement['values'])})`;
}
