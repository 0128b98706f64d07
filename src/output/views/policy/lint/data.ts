import { goJsonIndented } from '../../../../go/indented-json.js';
import type { Directory } from '../../../../insight/directory.js';
import type { Facts } from '../../../../policy/facts.js';
import { ruleData, type LintReport, type ToldFinding } from './report.js';

/** What `policy lint -o json` prints. */
export function lintData({ findings, totals, suppressed, unexamined }: LintReport, directory: Directory): string {
  return `${goJsonIndented({ findings: findings.map((finding) => findingData(finding, directory)), totals, suppressed, unexaminedEndpoints: unexamined })}\n`;
}

function findingData({ code, severity, resource, place, rules, others, message, remedy }: ToldFinding, directory: Directory): object {
  return {
    code,
    severity,
    resource,
    ...(others.length > 0 && { others }),
    ...(rules.length > 0 && { rules: rules.map((rule) => ruleData(rule, directory)) }),
    ...(place !== undefined && { file: place.file, line: place.line, column: place.column }),
    message,
    remedy,
  };
}

/** What `policy lint --facts -o json` prints: the form of the recorded facts, in which a list without elements is null, but for the endpoints of a policy. */
export function factsData({ rules, policies, tierDefaults, passToProfiles }: Facts): string {
  const orNull = (list: readonly unknown[]): readonly unknown[] | null => (list.length === 0 ? null : list);
  return `${goJsonIndented({ rules, policies: orNull(policies), tierDefaults: orNull(tierDefaults), passToProfiles: orNull(passToProfiles) })}\n`;
}
