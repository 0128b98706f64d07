import { isMap, type Data } from '../base/data.js';
import type { StoredObject } from '../resources/kind.js';
import { ACCOUNT_LABEL, NAMESPACE_LABEL } from '../resources/field-labels.js';
import { parseSelector } from '../selector/parse.js';
import type { Selector } from '../selector/selector.js';


/** Before the labels that namespaces and service accounts give to what belongs to them (reference/policy 1). */
const OF_NAMESPACE = 'pcns.';
const OF_ACCOUNT = 'pcsa.';

const ALL: Selector = { kind: 'all' };
const IN_NAMESPACE: Selector = { kind: 'has', label: NAMESPACE_LABEL };
const WITH_ACCOUNT: Selector = { kind: 'has', label: ACCOUNT_LABEL };

/** What cannot be read selects nothing. */
const NOTHING: Selector = { kind: 'in', label: '', values: [] };

/**
 * Which endpoints a policy is for, as one selector (reference/policy 2.1): its own, its namespace or namespaceSelector, and its
 * serviceAccountSelector. In a global policy every all() that is written there means a namespace where there is a namespaceSelector, and an
 * account where there is only a serviceAccountSelector.
 */
export function policySelector({ selector, namespaceSelector, serviceAccountSelector }: Data, namespace: string | undefined): Selector {
  const own = readSelector(selector);
  const accounts = accountsOf(serviceAccountSelector);
  if (namespace !== undefined) return both(both(own, inNamespace(namespace)), accounts)!;
  const namespaces = readSelector(namespaceSelector);
  const scoped = namespaces === undefined ? own : withAll(both(own, prefixed(namespaces, OF_NAMESPACE))!, IN_NAMESPACE);
  return (accounts === undefined ? scoped : withAll(both(scoped, accounts)!, WITH_ACCOUNT)) ?? ALL;
}

/** What one side of a rule means of objects (reference/policy 2.2): those that match `selector`; without it, all addresses but those of objects that match `except`. */
export interface SideObjects {
  readonly selector?: Selector;
  readonly except?: Selector;
}

/**
 * Reads the source or destination of a stored rule.
 * @param namespace that of the policy, for namespaced ones
 */
export function sideObjects(side: Data, namespace: string | undefined): SideObjects {
  const accounts = isMap(side['serviceAccounts']) ? side['serviceAccounts'] : {};
  const own = both(both(accountsOf(accounts['selector']), accountNames(accounts['names'])), readSelector(side['selector']));
  const except = readSelector(side['notSelector']);
  const namespaces = readSelector(side['namespaceSelector']);
  const scope = namespaces !== undefined ? withAll(prefixed(namespaces, OF_NAMESPACE), IN_NAMESPACE) : namespace === undefined ? undefined : inNamespace(namespace);
  const isScoped = own !== undefined || except !== undefined || namespaces !== undefined;
  const positive = isScoped ? both(scope, own) : undefined;
  if (positive === undefined) return except === undefined ? {} : { except };
  return { selector: both(positive, except && { kind: 'not', operand: except })! };
}

/** The labels that the selectors of a stored policy or profile ask about. */
export function askedLabels({ metadata: { namespace }, spec }: StoredObject, into: Set<string>): void {
  addLabels(policySelector(spec, namespace), into);
  for (const rules of [spec['ingress'], spec['egress']]) {
    for (const rule of Array.isArray(rules) ? rules.filter(isMap) : []) {
      for (const side of [rule['source'], rule['destination']].filter(isMap)) {
        const { selector, except } = sideObjects(side, namespace);
        for (const each of [...listed(selector), ...listed(except)]) addLabels(each, into);
      }
    }
  }
}

function addLabels(selector: Selector, into: Set<string>): void {
  if ('operands' in selector) for (const each of selector.operands) addLabels(each, into);
  else if (selector.kind === 'not') addLabels(selector.operand, into);
  else if ('label' in selector) into.add(selector.label);
}

/** The selector in a stored field; undefined where there is none. Its global() says what it means (reference/policy 2). */
export function readSelector(text: unknown): Selector | undefined {
  if (text === undefined || text === null || text === '') return undefined;
  const result = typeof text === 'string' ? parseSelector(text, 'v3') : undefined;
  return result?.ok === true ? mapped(result.selector, (each) => (each.kind === 'global' ? { kind: 'not', operand: IN_NAMESPACE } : each)) : NOTHING;
}

function accountNames(names: unknown): Selector | undefined {
  const values = Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
  return values.length === 0 ? undefined : { kind: 'in', label: ACCOUNT_LABEL, values: [...new Set(values)].sort() };
}

function inNamespace(value: string): Selector {
  return { kind: 'equals', label: NAMESPACE_LABEL, value };
}

function listed<T>(value: T | undefined): readonly T[] {
  return value === undefined ? [] : [value];
}

/** What both say, in the form in which Felix puts them together: ids of sets are made of its text. */
function both(left: Selector | undefined, right: Selector | undefined): Selector | undefined {
  return left === undefined || right === undefined ? (left ?? right) : { kind: 'and', operands: [left, right] };
}

function accountsOf(selector: unknown): Selector | undefined {
  const read = readSelector(selector);
  return read && prefixed(read, OF_ACCOUNT);
}

/** The selector about labels with a prefix. What global() became is about the object itself already. */
function prefixed(selector: Selector, prefix: string): Selector {
  return mapped(selector, (each) => ('label' in each && each !== IN_NAMESPACE ? { ...each, label: prefix + each.label } : each));
}

function withAll(selector: Selector, meaning: Selector): Selector {
  return mapped(selector, (each) => (each.kind === 'all' ? meaning : each));
}

/** The selector with another one for each condition in it. */
function mapped(selector: Selector, of: (condition: Selector) => Selector): Selector {
  switch (selector.kind) {
    case 'not':
      return { kind: 'not', operand: mapped(selector.operand, of) };
    case 'and':
    case 'or':
      return { kind: selector.kind, operands: selector.operands.map((each) => mapped(each, of)) };
    default:
      return of(selector);
  }
}
