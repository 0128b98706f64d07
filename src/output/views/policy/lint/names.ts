import type { Directory } from '../../../../insight/directory.js';
import { endName } from '../../../../insight/find-named.js';
import type { Taker } from '../../../../insight/lint/rule-use.js';
import type { Rule } from '../../../../policy/rule.js';
import type { StoredObject } from '../../../../resources/kind.js';
import { plainText } from '../../../../resources/plain-text.js';
import { ruleName, shownRule } from '../words.js';

/** `ingress rule 2`, `ingress rules 2, 3 and egress rule 1`: rules of the resource that is spoken of anyway. */
export function rulesText(rules: readonly Rule[]): string {
  return (['ingress', 'egress'] as const).flatMap((direction) => {
    const numbers = rules.filter((rule) => rule.direction === direction).map(({ index }) => index + 1).sort((left, right) => left - right);
    return numbers.length === 0 ? [] : [`${direction} rule${numbers.length > 1 ? 's' : ''} ${joined(numbers.map(String), 8)}`];
  }).join(' and ');
}

/** The rules of a finding, a single one with what it says. */
export function rulesShown(rules: readonly Rule[], directory: Directory): string {
  const [rule] = rules;
  return rules.length === 1 && rule !== undefined ? `${rulesText(rules)} (${shownRule(rule, directory)})` : rulesText(rules);
}

/** A rule of the same or of another resource. */
export function otherRule(rule: Rule, here: readonly Rule[], directory: Directory): string {
  return here.some(({ owner }) => owner === rule.owner) ? rulesText([rule]) : ruleName(rule, directory);
}

/** What takes packets before a rule. */
export function takersText(takers: readonly Taker[], here: readonly Rule[], directory: Directory): string {
  return joined(takers.map((taker) => takerText(taker, here, directory)), 3);
}

function takerText({ by, rule }: Taker, here: readonly Rule[], directory: Directory): string {
  if (by.startsWith('tier-default:')) return `the end of tier ${by.slice('tier-default:'.length)}`;
  if (rule === undefined) return OTHERS[by] ?? by;
  if (directory.object(rule.owner.id) === undefined) return `${directory.name(rule.owner.id)}, which does not exist,`;
  return `${otherRule(rule, here, directory)} (${shownRule(rule, directory)})`;
}

const OTHERS: Readonly<Record<string, string>> = {
  failsafe: 'the failsafe ports, which no policy closes,',
  encapsulation: 'the rule of Calico that workloads may not send encapsulated packets (IPIP, VXLAN)',
};

/** A resource of any kind, as `-o name` prints it. */
export function objectName(object: StoredObject, directory: Directory): string {
  return endName(object, directory.dialect);
}

/** `one thing`, or `one thing and N others`. */
export function withOthers(name: string, others: number, noun: string): string {
  return others === 0 ? name : `${name} and ${others} other ${noun}${others === 1 ? '' : 's'}`;
}

/** `a, b and c`; of more the first. */
export function joined(words: readonly string[], most: number): string {
  const shown = words.slice(0, most);
  const more = words.length - shown.length;
  const all = more > 0 ? [...shown, `${more} more`] : shown;
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)!}`;
}

/** Values of a document, as people read them. */
export function valuesText(values: unknown): string {
  return Array.isArray(values) ? values.map((each) => plainText(each)).join(', ') : plainText(values);
}
