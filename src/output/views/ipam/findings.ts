import { groupFindings, type Group } from '../../../ipam/check/group.js';
import type { Finding } from '../../../ipam/check/finding.js';
import { commandsText } from './remedy-text.js';
import { safe } from '../../../text/safe.js';

export interface FindingsView {
  /** Every finding has its line, however many there are. */
  readonly every: boolean;
  /** How many lines there may be otherwise. */
  readonly lines: number;
  /** Words that choose the cluster, for the commands to be typed. */
  readonly chosen: readonly string[];
}

/** Rows of a table, unless all are asked for. */
const MOST_ROWS = 25;
/** Lines of a group without its table, and of a finding by itself. */
const HEAD = 5;
const SINGLE = 6;
/** Lines of a table that are not rows: its heading, and how many more there are. */
const AROUND_TABLE = 2;

/**
 * The findings in groups, each with its cause, risk and what repairs it, in pieces. What does not fit into the lines is
 * counted: first rows of tables, then all but the command of the last groups.
 */
export function* findingsText(findings: readonly Finding[], { every, lines, chosen }: FindingsView): Generator<string> {
  const groups = groupFindings(findings);
  const whole = every ? groups.length : wholeGroups(groups, lines);
  const shown = groups.slice(0, whole);
  const tables = shown.filter(({ findings: members }) => members.length > 1).length;
  const free = lines - shown.reduce((sum, group) => sum + headOf(group), 0) - (groups.length - whole);
  const rows = every ? Infinity : Math.max(0, Math.min(MOST_ROWS, Math.floor(free / Math.max(1, tables)) - AROUND_TABLE));
  for (const group of shown) yield* groupLines(group, rows, chosen);
  if (whole < groups.length) yield '\n';
  for (const group of groups.slice(whole)) yield safe(`${titleOf(group)}; ${remedyText(group, chosen).trim()}`) + '\n';
}

/** How many groups can be shown with cause and risk while one line is left for each of the others, and one between. */
function wholeGroups(groups: readonly Group[], lines: number): number {
  let used = 0;
  for (const [index, group] of groups.entries()) {
    used += headOf(group);
    const others = groups.length - index - 1;
    if (used + others + (others > 0 ? 1 : 0) > lines) return index;
  }
  return groups.length;
}

function headOf({ findings }: Group): number {
  return findings.length === 1 ? SINGLE : HEAD;
}

function* groupLines(group: Group, rows: number, chosen: readonly string[]): Generator<string> {
  const { cause, risk, findings } = group;
  const evidence = findings.length === 1 ? [`  Evidence: ${findings[0]!.evidence}`] : [];
  const lines = [titleOf(group), `  Cause:    ${cause}`, ...evidence, `  Risk:     ${risk}`, remedyText(group, chosen)];
  yield `\n${lines.map((line) => `${safe(line)}\n`).join('')}`;
  if (findings.length > 1 && rows > 0) yield* tableLines(findings, rows);
}

function titleOf({ code, findings }: Group): string {
  return findings.length === 1 ? `${code} ${findings[0]!.subject}` : `${code}: ${findings.length} findings`;
}

function remedyText({ remedy }: Group, chosen: readonly string[]): string {
  return typeof remedy === 'string' ? `  Advice:   ${remedy}` : `  Fix:      ${commandsText(remedy, chosen)}`;
}

function* tableLines(findings: readonly Finding[], rows: number): Generator<string> {
  const shown = findings.slice(0, findings.length <= rows ? undefined : rows);
  const width = shown.reduce((widest, { subject }) => Math.max(widest, safe(subject).length), 'SUBJECT'.length);
  yield `  ${'SUBJECT'.padEnd(width)}  EVIDENCE\n`;
  for (const { subject, evidence } of shown) yield `  ${safe(subject).padEnd(width)}  ${safe(evidence)}\n`;
  if (shown.length < findings.length) yield `  and ${findings.length - shown.length} more: --all shows every one\n`;
}
