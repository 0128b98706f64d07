import { isMap } from '../../base/data.js';

/**
 * A selector of Kubernetes (matchLabels, matchExpressions) as the text that Calico reads: `app == 'api' && has(tier)`.
 * A map of plain labels is read as matchLabels. Undefined for anything that is neither.
 */
export function selectorOfLabels(raw: unknown): string | undefined {
  if (!isMap(raw)) return undefined;
  const { matchLabels, matchExpressions } = raw;
  if (matchLabels === undefined && matchExpressions === undefined) {
    const plain = Object.keys(raw).length > 0 ? labelParts(raw) : ['all()'];
    return plain?.join(' && ');
  }
  const labels = labelParts(matchLabels ?? {});
  const expressions = Array.isArray(matchExpressions) ? matchExpressions.map(requirement) : [];
  if (labels === undefined || expressions.includes(undefined)) return undefined;
  return [...labels, ...expressions].join(' && ') || 'all()';
}

function labelParts(labels: unknown): string[] | undefined {
  if (!isMap(labels) || !Object.values(labels).every(isScalar)) return undefined;
  return Object.entries(labels).map(([key, value]) => `${key} == ${quoted(value)}`);
}

function requirement(raw: unknown): string | undefined {
  if (!isMap(raw) || typeof raw['key'] !== 'string') return undefined;
  const { key, operator, values } = raw;
  if (operator === 'Exists') return `has(${key})`;
  if (operator === 'DoesNotExist') return `!has(${key})`;
  if ((operator !== 'In' && operator !== 'NotIn') || !Array.isArray(values) || !values.every(isScalar)) return undefined;
  return `${key} ${operator === 'In' ? 'in' : 'not in'} {${values.map(quoted).join(', ')}}`;
}

function isScalar(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function quoted(value: unknown): string {
  const text = String(value);
  return text.includes("'") ? `"${text}"` : `'${text}'`;
}
