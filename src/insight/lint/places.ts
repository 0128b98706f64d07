import type { Rule } from '../../policy/rule.js';
import { Policy, Profile } from '../../policy/policy.js';
import type { StoredObject } from '../../resources/kind.js';
import type { Finding } from './finding.js';

/** The resource that a rule stands in. Only rules that are written are asked for it. */
export function objectOf({ owner }: Pick<Rule, 'owner'>): StoredObject {
  if ((owner instanceof Policy || owner instanceof Profile) && owner.object !== undefined) return owner.object;
  throw new Error(`${owner.id} is not stored`);
}

/** The place of a finding about a rule. */
export function rulesTold(rule: Rule): { readonly at: StoredObject; readonly rules: readonly [Rule] } {
  return { at: objectOf(rule), rules: [rule] };
}

/** One finding for equal causes, with the rules of all: `causeOf` says what makes two the same. */
export function perCause(findings: readonly Finding[], causeOf: (finding: Finding) => readonly unknown[]): readonly Finding[] {
  const known: { readonly cause: readonly unknown[]; readonly first: Finding; readonly rules: Rule[] }[] = [];
  const byObject = new Map<StoredObject, typeof known>();
  for (const finding of findings) {
    const cause = causeOf(finding);
    let here = byObject.get(finding.at);
    if (here === undefined) byObject.set(finding.at, (here = []));
    const same = here.find((each) => each.cause.every((part, at) => part === cause[at]));
    if (same !== undefined) same.rules.push(...(finding.rules ?? []));
    else {
      const entry = { cause, first: finding, rules: [...(finding.rules ?? [])] };
      here.push(entry);
      known.push(entry);
    }
  }
  return known.map(({ first, rules }) => ({ ...first, rules }));
}
