import { parseSelector } from '../../../src/selector/parse.js';
import { printSelector } from '../../../src/selector/print.js';
import type { Selector } from '../../../src/selector/selector.js';

type Labels = Readonly<Record<string, string>>;

/** Selectors as the text of the semantics has them (reference/policy 2): put together and rewritten as text, evaluated by its sentences. */
export function selects(text: string, labels: Labels): boolean {
  let parsed = PARSED.get(text);
  if (parsed === undefined) PARSED.set(text, (parsed = parseSelector(text, 'v3')));
  return parsed.ok && truth(parsed.selector, labels);
}

const PARSED = new Map<string, ReturnType<typeof parseSelector>>();

function truth(selector: Selector, labels: Labels): boolean {
  if (selector.kind === 'all') return true;
  if (selector.kind === 'global') return labels['projectcalico.org/namespace'] === undefined;
  if (selector.kind === 'not') return !truth(selector.operand, labels);
  if (selector.kind === 'and') return selector.operands.every((each) => truth(each, labels));
  if (selector.kind === 'or') return selector.operands.some((each) => truth(each, labels));
  const value = labels[selector.label];
  switch (selector.kind) {
    case 'has':
      return value !== undefined;
    case 'notEquals':
      return value !== selector.value;
    case 'notIn':
      return value === undefined || !selector.values.includes(value);
    case 'in':
      return value !== undefined && selector.values.includes(value);
    case 'equals':
      return value === selector.value;
    case 'contains':
      return value?.includes(selector.value) === true;
    case 'startsWith':
      return value?.startsWith(selector.value) === true;
    case 'endsWith':
      return value?.endsWith(selector.value) === true;
  }
}

/** The text with every key behind a prefix. */
function behind(prefix: string, text: string): string {
  const rename = (selector: Selector): Selector => {
    if (selector.kind === 'not') return { kind: 'not', operand: rename(selector.operand) };
    if (selector.kind === 'and' || selector.kind === 'or') return { kind: selector.kind, operands: selector.operands.map(rename) };
    return 'label' in selector ? { ...selector, label: prefix + selector.label } : selector;
  };
  const parsed = parseSelector(text, 'v3');
  if (!parsed.ok) throw new Error(`not a selector: ${text}`);
  return printSelector(rename(parsed.selector));
}

const HAS_NAMESPACE = 'has(projectcalico.org/namespace)';

function both(...texts: readonly string[]): string {
  return texts.filter((text) => text !== '').map((text) => `(${text})`).join(' && ');
}

/** 2.1 */
export function policyText(spec: Record<string, unknown>, namespace: string | undefined): string {
  const [own = '', namespaces = '', accounts = ''] = ['selector', 'namespaceSelector', 'serviceAccountSelector'].map((name) => spec[name] as string | undefined);
  const account = accounts === '' ? '' : behind('pcsa.', accounts);
  if (namespace !== undefined) return both(own, `projectcalico.org/namespace == '${namespace}'`, account);
  let text = own;
  if (namespaces !== '') text = both(own, behind('pcns.', namespaces)).replaceAll('all()', HAS_NAMESPACE);
  if (account !== '') text = both(text, account).replaceAll('all()', 'has(projectcalico.org/serviceaccount)');
  return text === '' ? 'all()' : text;
}

export interface RuleSide {
  readonly selector?: string;
  readonly notSelector?: string;
  readonly namespaceSelector?: string;
  readonly serviceAccounts?: { readonly names?: readonly string[]; readonly selector?: string };
  readonly nets?: readonly string[];
  readonly notNets?: readonly string[];
  readonly ports?: readonly (number | string)[];
  readonly notPorts?: readonly (number | string)[];
  readonly services?: unknown;
}

/** 2.2: the positive part of a side, or nothing. */
export function positiveText(side: RuleSide, namespace: string | undefined): string {
  const { names = [], selector: accounts = '' } = side.serviceAccounts ?? {};
  const collected = both(
    accounts === '' ? '' : behind('pcsa.', accounts),
    names.length === 0 ? '' : `projectcalico.org/serviceaccount in {${names.map((name) => `'${name}'`).join(', ')}}`,
    side.selector ?? '',
  );
  let scope = '';
  if (side.namespaceSelector) scope = behind('pcns.', side.namespaceSelector).replaceAll('all()', HAS_NAMESPACE).replaceAll('global()', `!${HAS_NAMESPACE}`);
  else if (namespace !== undefined) scope = `projectcalico.org/namespace == '${namespace}'`;
  const applies = collected !== '' || Boolean(side.notSelector) || Boolean(side.namespaceSelector);
  return applies ? both(collected, scope) : '';
}
