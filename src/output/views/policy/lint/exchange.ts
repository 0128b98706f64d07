import { goJsonIndented } from '../../../../go/indented-json.js';
import { LINT_CODES, SEVERITIES, type LintCode, type Severity } from '../../../../insight/lint/codes.js';
import { safe } from '../../../../text/safe.js';
import { junitXml, type JUnitCase } from '../../../formats/junit.js';
import type { LintReport, ToldFinding } from './report.js';
import { LINT_TITLES } from './titles.js';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

const LEVELS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

/** The findings as SARIF 2.1.0, with the rules that it speaks of. */
export function lintSarif({ findings }: LintReport, version: string): string {
  const codes = [...new Set(findings.map(({ code }) => code))];
  return `${goJsonIndented({
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [{
      tool: { driver: { name: 'calicoctl', version, rules: codes.map(sarifRule) } },
      columnKind: 'utf16CodeUnits',
      results: findings.map((finding) => sarifResult(finding, codes.indexOf(finding.code))),
    }],
  })}\n`;
}

function sarifRule(code: LintCode): object {
  return { id: code, shortDescription: { text: LINT_TITLES[code] }, defaultConfiguration: { level: LEVELS[LINT_CODES[code]] } };
}

function sarifResult({ code, severity, resource, place, message, remedy }: ToldFinding, ruleIndex: number): object {
  const physical = place === undefined ? {} : {
    physicalLocation: {
      artifactLocation: { uri: place.file.split('/').map(encodeURIComponent).join('/') },
      ...(place.line !== undefined && { region: { startLine: place.line, ...(place.column !== undefined && { startColumn: place.column }) } }),
    },
  };
  return {
    ruleId: code,
    ruleIndex,
    level: LEVELS[severity],
    message: { text: `${safe(resource)}: ${safe(message)}. Remedy: ${safe(remedy)}.` },
    locations: [{ ...physical, logicalLocations: [{ fullyQualifiedName: resource, kind: 'resource' }] }],
  };
}

/** The findings as JUnit: those that `counts` says fail, the others pass with what there is to say; without any, one case that passed. */
export function lintJUnit({ findings }: LintReport, counts: (severity: Severity) => boolean): string {
  const cases = findings.map((finding): JUnitCase => {
    const { code, severity, resource, place, message, remedy } = finding;
    const text = `${severity} ${code}: ${safe(message)}\nremedy: ${safe(remedy)}`;
    return {
      name: `${code}: ${safe(message)}`, className: safe(resource), file: place?.file, line: place?.line,
      ...(counts(severity) ? { failure: { type: code, message: safe(message), text } } : { output: text }),
    };
  });
  return junitXml('policy lint', cases.length === 0 ? [{ name: 'no findings', className: 'policy lint' }] : cases);
}

/** Whether a finding is as bad as asked for, or worse. */
export function isAtLeast(severity: Severity, least: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(least);
}
