import { isFinding, type Check } from '../../../health/check.js';

const MARKS: Readonly<Record<Check['state'], string>> = { ok: 'ok', warning: 'WARNING', problem: 'PROBLEM', skipped: 'skipped' };

/** One step for a person: its state, its name, what was found, and on a line of its own what to do. */
export function checkText({ step, state, subject, message, remedy }: Check): string {
  const line = `${MARKS[state].padEnd(8)} ${step.padEnd(14)} ${subject === undefined ? '' : `${subject}: `}${message}\n`;
  return remedy === undefined || state === 'ok' ? line : `${line}${' '.repeat(24)}Fix: ${remedy}\n`;
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
    checks: checks.map(({ step, state, subject, message, remedy }) => ({ step, state, subject: subject ?? null, message, remedy: remedy ?? null })),
  };
}
