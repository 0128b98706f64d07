import type { Directory } from '../../../../insight/directory.js';
import { LINT_CODES, type LintCode, type Severity } from '../../../../insight/lint/codes.js';
import type { FilePlace, LocatedFinding } from '../../../../insight/lint/located.js';
import type { Rule } from '../../../../policy/rule.js';
import { shownRule } from '../words.js';
import { objectName } from './names.js';
import { findingWords } from './words.js';

/** A finding in words. */
export interface ToldFinding {
  readonly code: LintCode;
  readonly severity: Severity;
  /** As `-o name` prints it. */
  readonly resource: string;
  readonly place?: FilePlace | undefined;
  readonly rules: readonly Rule[];
  readonly others: readonly string[];
  readonly message: string;
  readonly remedy: string;
}

/** What lint found, in words. */
export interface LintReport {
  readonly findings: readonly ToldFinding[];
  readonly totals: Readonly<Record<Severity, number>>;
  readonly suppressed: number;
  /** How many endpoints were too much to examine. */
  readonly unexamined: number;
  /** Whether there are endpoints at all: without them nothing is said of what selectors match. */
  readonly hasEndpoints: boolean;
}

/** Puts what was found into the words of a dialect. */
export function lintReport(findings: readonly LocatedFinding[], counts: Omit<LintReport, 'findings' | 'totals'>, directory: Directory): LintReport {
  const told = findings.map((finding) => toldFinding(finding, directory));
  const count = (severity: Severity): number => told.filter((each) => each.severity === severity).length;
  return { findings: told, totals: { error: count('error'), warning: count('warning'), info: count('info') }, ...counts };
}

function toldFinding(finding: LocatedFinding, directory: Directory): ToldFinding {
  const { code, at, rules = [], others = [], place } = finding;
  return { code, severity: LINT_CODES[code], resource: objectName(at, directory), place, rules, others: others.map((other) => objectName(other, directory)), ...findingWords(finding, directory) };
}

/** A rule as data: counted from 1, as in the sentences. */
export function ruleData(rule: Rule, directory: Directory): { readonly direction: string; readonly number: number; readonly text: string } {
  return { direction: rule.direction, number: rule.index + 1, text: shownRule(rule, directory) };
}
