import { isMap } from '../../base/data.js';
import { matches } from '../../selector/matches.js';
import { parseSelector } from '../../selector/parse.js';
import type { Selector } from '../../selector/selector.js';
import { ACCOUNT_LABEL, NAMESPACE_LABEL } from '../field-labels.js';
import type { StoredObject } from '../kind.js';
import type { EntityRule } from './entity-rule.js';

/** Before the labels that namespaces and service accounts give to what belongs to them (reference/policy 1). */
const OF_NAMESPACE = 'pcns.';
const OF_ACCOUNT = 'pcsa.';

const HAS_NAMESPACE: Selector = { kind: 'has', label: NAMESPACE_LABEL };

type Labels = Readonly<Record<string, string>>;

/** Which objects, by their labels, count on one side of a rule. */
export interface SideSelection {
  /** Equal for sides that select the same. */
  readonly text: string;
  /** Whether the rule would say something else without an object of these labels. */
  counts(labels: Labels): boolean;
}

/** The source or destination of a rule that selects by labels, and where it stands: `spec.ingress[0].source`. */
export interface SelectingSide {
  readonly place: string;
  readonly selection: SideSelection;
}

/** Every side of the rules of a stored policy or profile that selects by labels. Rules that cannot be read have none. */
export function* selectingSides(object: StoredObject): Generator<SelectingSide> {
  for (const direction of ['ingress', 'egress']) {
    const rules = object.spec[direction];
    if (!Array.isArray(rules)) continue;
    for (const [index, rule] of rules.entries()) {
      for (const side of ['source', 'destination']) {
        const entity: unknown = isMap(rule) ? rule[side] : undefined;
        const selection = isMap(entity) ? selectionOf(entity, object.metadata.namespace) : undefined;
        if (selection !== undefined) yield { place: `spec.${direction}[${index}].${side}`, selection };
      }
    }
  }
}

/**
 * What one side of a rule selects by labels (reference/policy 2.2), undefined where it does not.
 * @param namespace that of the policy
 */
function selectionOf(side: EntityRule, namespace: string | undefined): SideSelection | undefined {
  const { selector, notSelector, namespaceSelector, serviceAccounts } = side;
  const { names = [], selector: accounts } = serviceAccounts ?? {};
  const own = [
    ...parsed(accounts).map((each) => prefixed(each, OF_ACCOUNT)),
    ...(names.length > 0 ? [{ kind: 'in', label: ACCOUNT_LABEL, values: names } as const] : []),
    ...parsed(selector),
  ];
  const without = parsed(notSelector)[0];
  const scope = namespaceSelector !== undefined ? parsed(namespaceSelector).map((each) => prefixed(each, OF_NAMESPACE)) : namespace === undefined ? [] : [{ kind: 'equals', label: NAMESPACE_LABEL, value: namespace } as const];
  const scoped = own.length > 0 || without !== undefined || namespaceSelector !== undefined;
  if (!scoped) return undefined;
  const positive = [...scope, ...own];
  return {
    text: JSON.stringify([selector, notSelector, namespaceSelector, serviceAccounts, namespace]),
    counts(labels) {
      const excluded = without !== undefined && matches(without, labels);
      return positive.length === 0 ? excluded : !excluded && positive.every((each) => matches(each, labels));
    },
  };
}

/** The selector in a list; none where there is no text, or the text is not a selector. */
function parsed(text: unknown): readonly Selector[] {
  if (typeof text !== 'string' || text === '') return [];
  const result = parseSelector(text, 'v3');
  return result.ok ? [result.selector] : [];
}

/** The selector about labels with a prefix; all() means whatever is in a namespace there, and global() whatever is not. */
function prefixed(selector: Selector, prefix: string): Selector {
  switch (selector.kind) {
    case 'all':
      return prefix === OF_NAMESPACE ? HAS_NAMESPACE : selector;
    case 'global':
      return { kind: 'not', operand: HAS_NAMESPACE };
    case 'not':
      return { ...selector, operand: prefixed(selector.operand, prefix) };
    case 'and':
    case 'or':
      return { ...selector, operands: selector.operands.map((each) => prefixed(each, prefix)) };
    default:
      return { ...selector, label: prefix + selector.label };
  }
}

/** The profile by which a namespace gives labels to what is in it. */
export function profileOfNamespace(namespace: string): string {
  return `kns.${namespace}`;
}

/**
 * The labels by which rules select a stored network set (reference/policy 1).
 * @param inherited what the profile of its namespace gives
 */
export function labelsOfSet({ metadata: { namespace, labels = {} } }: StoredObject, inherited: Labels = {}): Labels {
  return namespace === undefined ? labels : { ...inherited, ...labels, [NAMESPACE_LABEL]: namespace };
}
