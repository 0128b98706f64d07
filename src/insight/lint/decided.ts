import { givesLabels } from '../../policy/accepted.js';
import { Policy, Profile } from '../../policy/policy.js';
import type { Rule } from '../../policy/rule.js';
import type { Coverage } from './coverage.js';
import { isTie } from './coverage.js';
import type { Finding } from './finding.js';
import { perCause, rulesTold } from './places.js';
import type { EntryUse, Meeting, RuleUse, Taker } from './rule-use.js';

/** What is to be said of rules that never decide, wholly or in part: true for every packet (`coverageOf`). */
export function decidedFindings({ rules, alone }: Coverage): readonly Finding[] {
  const asked = [...rules.values()].filter(({ rule, isAsked, isUnsure }) => isAsked && !isUnsure && isStored(rule) && !mayHideLabels(rule));
  const uses = [...asked.filter(({ rule }) => !isIgnored(rule, rules)), ...[...alone.values()].filter(({ rule, isUnsure }) => !isUnsure && !mayHideLabels(rule))];
  const early = earlyAllows(uses);
  const taken = new Set(early.flatMap((each) => (each.code === 'allow-all-early' ? each.taken : [])));
  const covered = uses.filter(({ rule, canMatch, matches }) => canMatch && !matches && !taken.has(rule));
  return [
    ...early,
    ...perCause(covered.flatMap(coveredFinding), ({ code, at, ...more }) => [code, at, 'takers' in more ? more.takers.map(({ by }) => by).join() : '']),
    ...uses.flatMap(({ rule, canMatch }) => (canMatch ? [] : [{ code: 'never-matches' as const, ...rulesTold(rule), conditions: impossible(rule) }])),
    ...uses.filter(({ matches }) => matches).flatMap(partFinding),
    ...perCause(uses.flatMap(overlapFindings), ({ code, at, ...more }) => [code, at, 'by' in more ? more.by.id : '']),
    ...ties(asked),
    ...asked.flatMap(passFinding),
  ];
}

/** Whether a rule stands somewhere: that of a profile which nobody stored does not. */
function isStored({ owner }: Rule): boolean {
  return !(owner instanceof Profile) || owner.object !== undefined;
}

/** Whether a rule is of a profile that gives no labels since clients refuse it: without the rule it may give them, and selectors match others. */
function mayHideLabels({ owner }: Rule): boolean {
  return owner instanceof Profile && owner.object !== undefined && owner.object.spec['labelsToApply'] !== undefined && !givesLabels(owner.object);
}

/** Allow rules without conditions that alone take all of other rules. */
function earlyAllows(uses: readonly RuleUse[]): readonly Finding[] {
  const taken = new Map<Rule, Rule[]>();
  for (const { rule, canMatch, matches, takers } of uses) {
    const [only, ...more] = [...takers.values()];
    if (!canMatch || matches || only?.rule === undefined || more.length > 0 || !allowsAll(only.rule) || rule.owner instanceof Profile) continue;
    const known = taken.get(only.rule);
    if (known === undefined) taken.set(only.rule, [rule]);
    else known.push(rule);
  }
  return [...taken].map(([rule, those]) => ({ code: 'allow-all-early', ...rulesTold(rule), taken: those }));
}

function allowsAll(rule: Rule): boolean {
  return rule.action === 'allow' && rule.conditions(4).length === 0 && rule.conditions(6).length === 0;
}

/** Rules of a profile that is not asked in a direction are one finding, about the profile; apart from that they are judged among themselves. */
function isIgnored({ owner, direction }: Rule, rules: Coverage['rules']): boolean {
  return owner instanceof Profile && owner.rules(direction).every((each) => rules.get(each)?.visited === false);
}

function coveredFinding({ rule, takers: found }: RuleUse): readonly Finding[] {
  const takers = [...found.values()];
  return [{ code: coveredCode(rule, takers), ...rulesTold(rule), takers }];
}

function coveredCode(rule: Rule, takers: readonly Taker[]): 'behind-deny' | 'shadowed' | 'redundant' | 'behind-tier-end' | 'log-after-decision' {
  if (rule.action === 'log') return 'log-after-decision';
  const effects = takers.map(effectOf);
  if (effects.every((effect) => effect === rule.action)) return 'redundant';
  if (takers.every(({ by }) => by.startsWith('tier-default:'))) return 'behind-tier-end';
  return rule.action === 'allow' && takers.some((taker) => taker.rule?.action === 'deny') ? 'behind-deny' : 'shadowed';
}

/** What becomes of what is taken. */
function effectOf({ by, rule }: Taker): Rule['action'] {
  return rule?.action ?? (by === 'failsafe' ? 'allow' : 'deny');
}

/** The conditions that no packet of the endpoints that ask a rule fulfils: of its family alone where there is one of the other, else all. */
function impossible(rule: Rule): ReturnType<Rule['conditions']> {
  const [four, six] = [rule.conditions(4), rule.conditions(6)];
  return four.some(({ kind }) => kind === 'family') ? six : four;
}

function partFinding({ rule, entries }: RuleUse): readonly Finding[] {
  const taken = contraryEntries(rule, entries);
  return taken.length === 0 ? [] : [{ code: 'shadowed-in-part', ...rulesTold(rule), entries: taken.map(takenEntry) }];
}

/** The entries that others decide, and otherwise. */
function contraryEntries(rule: Rule, entries: readonly EntryUse[]): readonly EntryUse[] {
  return entries.filter((entry) => entry.canMatch && !entry.matches && [...entry.takers.values()].some((taker) => effectOf(taker) !== rule.action));
}

function takenEntry({ field, value, takers }: EntryUse): { readonly field: string; readonly value: string; readonly takers: readonly Taker[] } {
  return { field, value, takers: [...takers.values()] };
}

/** A rule that takes packets of a later one with another effect and is no exception to it; not where only a name puts them in order, nor what was said of an entry of a list. */
function overlapFindings({ rule, matches, meetings, entries }: RuleUse): readonly Finding[] {
  if (!matches) return [];
  const told = new Set(contraryEntries(rule, entries).flatMap(({ takers }) => [...takers.keys()]));
  return [...meetings.values()].flatMap(({ first, shared, isWider }): readonly Finding[] =>
    (shared === undefined || !isWider || told.has(first.id) || isTie(first, rule) || first.action === 'pass' || rule.action === 'pass' ? [] : [{ code: 'overlapping', ...rulesTold(rule), by: first, sample: shared }]));
}

/** Policies of equal order that decide otherwise about some packet: one finding for two of them. */
function ties(uses: readonly RuleUse[]): readonly Finding[] {
  const known = new Map<string, Meeting>();
  for (const { meetings } of uses) {
    for (const meeting of meetings.values()) {
      const key = `${meeting.first.owner.id} ${meeting.second.owner.id}`;
      if (meeting.shared !== undefined && isTie(meeting.first, meeting.second) && !known.has(key)) known.set(key, meeting);
    }
  }
  return [...known.values()].flatMap(({ first, second, shared }): readonly Finding[] => {
    const [before, policy] = [first.owner, second.owner];
    if (!(before instanceof Policy) || !(policy instanceof Policy) || shared === undefined) return [];
    return [{ code: 'order-by-name', ...rulesTold(second), policy, first: before, firstRule: first, sample: shared }];
  });
}

function passFinding({ rule, passes: { fromLast, fromEarlier, toNobody } }: RuleUse): readonly Finding[] {
  return fromLast && !fromEarlier && rule.owner instanceof Policy && rule.owner.use === 'normal' ? [{ code: 'pass-in-last-tier', ...rulesTold(rule), toNobody }] : [];
}
