import { isMap } from '../base/data.js';
import { NAMESPACE_LABEL, ORCHESTRATOR_LABEL } from '../resources/field-labels.js';
import type { Selector } from '../selector/selector.js';

/**
 * Which endpoints a policy of Kubernetes is for, as one selector: pods of its namespace that meet every requirement of its
 * podSelector (libcalico-go's k8sSelectorToCalico). One with an unknown operator is ignored, as Calico does.
 */
export function podSelector(selector: unknown, namespace: string | undefined): Selector {
  const { matchLabels, matchExpressions } = isMap(selector) ? selector : {};
  const labels = isMap(matchLabels) ? Object.entries(matchLabels) : [];
  const requirements = Array.isArray(matchExpressions) ? (matchExpressions as readonly unknown[]) : [];
  return {
    kind: 'and',
    operands: [
      { kind: 'equals', label: ORCHESTRATOR_LABEL, value: 'k8s' },
      { kind: 'equals', label: NAMESPACE_LABEL, value: namespace ?? '' },
      ...labels.map(([label, value]): Selector => ({ kind: 'equals', label, value: String(value) })),
      ...requirements.flatMap((each) => requirementOf(each) ?? []),
    ],
  };
}

function requirementOf(requirement: unknown): Selector | undefined {
  const { key, operator, values } = isMap(requirement) ? requirement : {};
  const label = String(key);
  const set = Array.isArray(values) ? [...new Set(values.map(String))].sort() : [];
  switch (operator) {
    case 'In':
      return { kind: 'in', label, values: set };
    case 'NotIn':
      return { kind: 'notIn', label, values: set };
    case 'Exists':
      return { kind: 'has', label };
    case 'DoesNotExist':
      return { kind: 'not', operand: { kind: 'has', label } };
    default:
      return undefined;
  }
}
