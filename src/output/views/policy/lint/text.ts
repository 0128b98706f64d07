import { groupedBy } from '../../../../base/grouped-by.js';
import { SEVERITIES, type Severity } from '../../../../insight/lint/codes.js';
import type { FilePlace } from '../../../../insight/lint/located.js';
import { safe } from '../../../../text/safe.js';
import type { Colours } from '../../../theme/colours.js';
import type { LintReport, ToldFinding } from './report.js';

/** Of one code as many are told; -o json has all. */
const MOST_OF_A_CODE = 20;

/** What `policy lint` prints: findings by resource, and how many there are. */
export function lintText({ findings, totals, suppressed }: LintReport, colours: Colours): string {
  const byCode = groupedBy(findings, ({ code }) => code);
  const shown = new Set([...byCode.values()].flatMap((those) => those.slice(0, MOST_OF_A_CODE)));
  const groups = groupedBy(findings.filter((finding) => shown.has(finding)), ({ resource, place }) => `${place?.file ?? ''}\n${resource}`);
  const more = [...byCode].filter(([, those]) => those.length > MOST_OF_A_CODE).map(([code, those]) => `and ${those.length - MOST_OF_A_CODE} more of ${code}: -o json has all`);
  const lines = [
    ...[...groups.values()].flatMap((group) => [...groupLines(group, colours), '']),
    ...(more.length === 0 ? [] : [...more, '']),
    [...totalsText(totals), ...(suppressed === 0 ? [] : [`${suppressed} suppressed`])].join(', '),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function groupLines(group: readonly ToldFinding[], colours: Colours): readonly string[] {
  const [first] = group;
  return [colours.name(safe(first!.resource)), ...group.flatMap((finding) => findingLines(finding, colours))];
}

function findingLines({ code, severity, place, message, remedy }: ToldFinding, colours: Colours): readonly string[] {
  return [
    `  ${COLOUR[severity](colours)(severity)} ${code}${place === undefined ? '' : ` ${safe(placeText(place))}`}`,
    `    ${safe(message)}`,
    `    ${colours.hint('remedy:')} ${safe(remedy)}`,
  ];
}

const COLOUR: Readonly<Record<Severity, (colours: Colours) => Colours[keyof Colours]>> = {
  error: (colours) => colours.error,
  warning: (colours) => colours.warning,
  info: (colours) => colours.hint,
};

/** `deny-first.yaml:10`. */
function placeText({ file, line }: FilePlace): string {
  return line === undefined ? file : `${file}:${line}`;
}

/** `1 error`, `2 warnings`: of what there is. */
export function totalsText(totals: LintReport['totals']): readonly string[] {
  return SEVERITIES.filter((severity) => totals[severity] > 0).map((severity) => `${totals[severity]} ${severity}${totals[severity] === 1 || severity === 'info' ? '' : 's'}`);
}
