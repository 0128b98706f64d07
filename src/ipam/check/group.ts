import { compareBytes } from '../../go/json.js';
import { compareIp, parseCidrOrIp } from '../../net/address.js';
import type { Finding, FindingCode } from './finding.js';
import { repairOf, together, type Remedy } from './remedy.js';

/** Findings that differ only in their subject and evidence. */
export interface Group {
  readonly code: FindingCode;
  readonly cause: string;
  readonly risk: string;
  /** In order of address, or of name. */
  readonly findings: readonly Finding[];
  /** What fixes all of them: commands, in order; or advice where no command can. */
  readonly remedy: readonly Remedy[] | string;
}

/** The most subjects that one command names; for more, it finds them itself (`--finding`). */
const MOST_NAMED = 8;
/** The most commands in a row. */
const MOST_IN_A_ROW = 3;

/** The findings in groups, both in the order in which they were found. */
export function groupFindings(findings: readonly Finding[]): Group[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const { code, cause, risk, remedy } = finding;
    const key = JSON.stringify([code, cause, risk, typeof remedy === 'string' ? remedy : remedy.length]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  return [...groups.values()].map((members) => {
    const { code, cause, risk } = members[0]!;
    return { code, cause, risk, findings: sorted(members), remedy: remedyOf(members) };
  });
}

function remedyOf(findings: readonly Finding[]): readonly Remedy[] | string {
  const [{ code, remedy: first }] = findings as readonly [Finding];
  if (typeof first === 'string') return first;
  // Findings of one group have as many commands each, or none has.
  const remedies = findings.map(({ remedy }) => remedy as readonly Remedy[]);
  const merged = first.map((_, step) => together(remedies.map((steps) => steps[step]!)));
  if (merged.every((each) => each !== undefined && each.options.length <= MOST_NAMED)) return merged as Remedy[];
  return remedies.length <= MOST_IN_A_ROW ? withoutRepeats(remedies.flat()) : repairOf('finding', code);
}

/** The same command is needed only once. */
function withoutRepeats(remedies: readonly Remedy[]): readonly Remedy[] {
  return [...new Map(remedies.map((each) => [JSON.stringify(each), each])).values()];
}

function sorted(findings: readonly Finding[]): readonly Finding[] {
  const keyed = findings.map((finding) => ({ finding, cidr: parseCidrOrIp(finding.subject) }));
  keyed.sort((a, b) => {
    if (a.cidr === undefined || b.cidr === undefined) return Number(a.cidr === undefined) - Number(b.cidr === undefined) || compareBytes(a.finding.subject, b.finding.subject);
    return compareIp(a.cidr.address, b.cidr.address) || a.cidr.length - b.cidr.length;
  });
  return keyed.map(({ finding }) => finding);
}
