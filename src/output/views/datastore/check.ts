import { isFinding, type Check } from '../../../health/check.js';

const MARKS: Readonly<Record<Check['state'], string>> = { ok: 'ok', warning: 'WARNING', problem: 'PROBLEM', skipped: 'skipped' };

/** One step for a person: its state, its name, what was found, and on a line of its own what to do. */
export function checkText(check: Check): string {
  const { step, state, subject, message } = check;
  const line = `${MARKS[state].padEnd(8)} ${step.padEnd(14)} ${subject === undefined ? '' : `${subject}: `}${message}\n`;
  return isFinding(check) ? `${line}${' '.repeat(24)}Fix: ${check.remedy}\n` : line;
}

/** How many findings there are, in words. */
export function checkSummary(checks: readonly Check[]): string {
  const findings = checks.filter(isFinding);
  const problems = findings.filter(({ state }) => state === 'problem').length;
  if (findings.length === 0) return 'Nothing is wrong.\n';
  const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;
  return `${[...(problems > 0 ? [count(problems, 'problem')] : []), ...(findings.length > problems ? [count(findings.length - problems, 'warning')] : [])].join(', ')}.\n`;
}

/** The same as data. */
export function checkData(checks: readonly Check[]): object {
  return {
    findings: checks.filter(isFinding).length,
    checks: checks.map((check) => ({ step: check.step, state: check.state, subject: check.subject ?? null, message: check.message, remedy: isFinding(check) ? check.remedy : null })),
    objects: objectsOf(checks),
  };
}

/** How many objects there are by kind; null where they could not be counted. */
function objectsOf(checks: readonly Check[]): object | null {
  for (const check of checks) if (!isFinding(check) && check.counts !== undefined) return Object.fromEntries(check.counts);
  return null;
}
