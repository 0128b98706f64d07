import { isMap } from '../base/data.js';
import type { StoredObject } from '../resources/kind.js';
import type { PolicySpec } from '../resources/v3/policy.js';
import { matches } from '../selector/matches.js';
import { parseSelector } from '../selector/parse.js';
import type { Selector } from '../selector/selector.js';
import type { Labels } from './effective-labels.js';

const NAMESPACE_LABEL = 'projectcalico.org/namespace';
const ACCOUNT_LABEL = 'projectcalico.org/serviceaccount';

/** Which endpoints a policy is for. */
export interface PolicySelection {
  /** Whether it selects an endpoint that has these labels in truth (effective-labels.ts). */
  selects(labels: Labels): boolean;
  /** Whether a selector of one of its rules matches something with these labels. */
  rulesMatch(labels: Labels): boolean;
}

/**
 * Reads the selectors of a policy as Felix does: that of a namespaced one is for its namespace only; a namespaceSelector and a
 * serviceAccountSelector are about the labels of the namespace's and the account's profiles (`pcns.`, `pcsa.`), and all() there means
 * that there is one. A selector that cannot be read selects nothing.
 */
export function selectionOf({ metadata: { namespace }, spec }: StoredObject<PolicySpec>): PolicySelection {
  const own = read(spec.selector);
  const inNamespace = namespace === undefined ? inherited(spec.namespaceSelector, 'pcns.', NAMESPACE_LABEL) : (labels: Labels) => labels[NAMESPACE_LABEL] === namespace;
  const ofAccount = inherited(spec.serviceAccountSelector, 'pcsa.', ACCOUNT_LABEL);
  const rules = ruleSelectors(spec);
  return {
    selects: (labels) => own !== undefined && matches(own, labels) && inNamespace(labels) && ofAccount(labels),
    rulesMatch: (labels) => rules.some((selector) => matches(selector, labels)),
  };
}

/** Whether labels of another object, which the endpoint has by its profile behind a prefix, match; without a selector always. */
function inherited(text: unknown, prefix: string, mark: string): (labels: Labels) => boolean {
  if (text === undefined || text === '') return () => true;
  const selector = read(text);
  if (selector === undefined) return () => false;
  if (selector.kind === 'all') return (labels) => labels[mark] !== undefined;
  if (selector.kind === 'global') return (labels) => labels[mark] === undefined;
  return (labels) => matches(selector, Object.fromEntries(Object.entries(labels).filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key.slice(prefix.length), value])));
}

function ruleSelectors({ ingress, egress }: StoredObject<PolicySpec>['spec']): readonly Selector[] {
  const rules = [ingress, egress].flatMap((list) => (Array.isArray(list) ? (list as readonly unknown[]) : [])).filter(isMap);
  const sides = rules.flatMap(({ source, destination }) => [source, destination]).filter(isMap);
  return sides.flatMap(({ selector }) => (typeof selector === 'string' && selector !== '' ? (read(selector) ?? []) : []));
}

/** An absent selector is all(). */
function read(text: unknown): Selector | undefined {
  if (text === undefined || text === null || text === '') return { kind: 'all' };
  const result = typeof text === 'string' ? parseSelector(text, 'v3') : undefined;
  return result?.ok === true ? result.selector : undefined;
}
