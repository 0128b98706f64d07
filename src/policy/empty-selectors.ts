import type { Condition } from './condition.js';
import type { KnownObject } from './known-objects.js';
import type { Model } from './model.js';
import type { Rule } from './rule.js';

/**
 * The fields of a rule whose selectors select no address, and once for each named port that nobody has, as the golden data call them:
 * `source`, `notSource`, `sourcePort`, `notSourcePort`, and the same of `destination`.
 */
export function emptySelectors(model: Model, rule: Rule): readonly string[] {
  const isForOther = rule.conditions(4).some(({ kind }) => kind === 'family');
  const conditions = rule.conditions(isForOther ? 6 : 4);
  const named = conditions.flatMap((condition) => (condition.kind === 'ports' && !condition.not && condition.ranges.length === 0 ? condition.side : []));
  const objects = model.parts.objects.filter(({ nets }) => nets.length > 0);
  // Where all ports have names, these stand for the selector.
  return conditions.filter((each) => each.kind !== 'selector' || each.not || !named.includes(each.side)).flatMap((condition) => emptyFields(objects, condition)).sort();
}

function emptyFields(objects: readonly KnownObject[], condition: Condition): readonly string[] {
  if (condition.kind === 'selector') return objects.some(({ group }) => condition.matcher.accepts(group)) ? [] : [fieldOf(condition.side, condition.not)];
  if (condition.kind !== 'ports') return [];
  const { names, protocol, scope, side, not } = condition;
  const selected = objects.filter(({ group }) => scope === undefined || scope.accepts(group));
  return [...new Set(names)].filter((name) => !selected.some(({ ports }) => ports.some((port) => port.protocol === protocol && port.name === name))).map(() => fieldOf(`${side}Port`, not));
}

function fieldOf(name: string, not: boolean): string {
  return not ? `not${name[0]!.toUpperCase()}${name.slice(1)}` : name;
}
