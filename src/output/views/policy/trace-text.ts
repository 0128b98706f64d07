import type { Directory } from '../../../insight/directory.js';
import type { Difference, ExplainedStep, PassedOver } from '../../../insight/explain.js';
import type { Trace } from '../../../insight/trace.js';
import type { Packet } from '../../../policy/packet.js';
import { safe } from '../../../text/safe.js';
import type { Colours } from '../../theme/colours.js';
import { conditionText } from './condition-text.js';
import { differenceText, trapText } from './trap-text.js';
import { deciderText, DONE, isWritten, packetText, placedRule, ruleName, shownRule, stepTitle } from './words.js';

/** Of rules that did not match the nearest are told where there are more. */
const MOST_PASSED = 5;

/** What `policy trace` prints of one flow: the verdict, a paragraph for each question, and what to know about it. */
export function traceText({ from, to, flow, verdict, steps, traps, otherwise }: Trace, directory: Directory, colours: Colours): string {
  const coloured = verdict.verdict === 'allow' ? colours.good : colours.bad;
  const end = (name: string, address: string): string => (name === address ? safe(name) : `${safe(name)} (${address})`);
  const lines = [
    `${end(from.name, flow.src)} to ${end(to.name, flow.dst)}, ${packetText(flow)}: ${coloured(verdict.verdict === 'allow' ? 'allowed' : 'denied')}`,
    ...steps.flatMap((step, at) => ['', ...stepLines(step, at, verdict.packet, directory, { colours, allOfThem: '-o json has all' })]),
    ...notes([...traps.map((trap) => trapText(trap, directory)), ...otherwise.map((address) => `${address} of the same set is ${verdict.verdict === 'allow' ? 'denied' : 'allowed'}`)]),
  ];
  return `${lines.join('\n')}\n`;
}

interface StepOptions {
  readonly colours: Colours;
  /** Where somebody finds all rules that did not match. */
  readonly allOfThem: string;
}

/** A question about a packet, what decided it, and what would have to be different. */
export function stepLines(explained: ExplainedStep, at: number, packet: Packet, directory: Directory, { colours, allOfThem }: StepOptions): readonly string[] {
  const { step, differences } = explained;
  const coloured = step.do === 'deny' ? colours.bad : step.do === 'allow' ? colours.good : colours.hint;
  return [
    `${at + 1}. ${safe(stepTitle(explained, directory))}: ${coloured(DONE[step.do])}`,
    ...deciderLines(explained, directory),
    ...passedLines(explained, packet, directory, allOfThem),
    ...list('to be allowed:', differences.map((each) => differenceText(each, packet, directory))),
  ];
}

function deciderLines({ step }: ExplainedStep, directory: Directory): readonly string[] {
  const { rule } = step;
  if (rule === undefined || !isWritten(rule)) return [safe(`   ${deciderText(step, directory)}`)];
  return [safe(`   by ${placedRule(rule, directory)}:`), safe(`     ${shownRule(rule, directory)}`)];
}

function passedLines({ passedOver, differences }: ExplainedStep, packet: Packet, directory: Directory, allOfThem: string): readonly string[] {
  const shown = shortened(passedOver, differences);
  const lines = shown.map(({ rule, failed }) => `${ruleName(rule, directory)} (${shownRule(rule, directory)}): ${failed.slice(0, 1).map((first) => conditionText(first, packet, directory.dialect)).join('')}`);
  const more = passedOver.length - shown.length;
  return list('did not match:', more === 0 ? lines : [...lines, `and ${more} more: ${allOfThem}`]);
}

/** The rules that came nearest, in their order: those of the differences, and others that lack the fewest conditions. */
function shortened(passedOver: readonly PassedOver[], differences: readonly Difference[]): readonly PassedOver[] {
  if (passedOver.length <= MOST_PASSED) return passedOver;
  const isTold = ({ rule }: PassedOver): number => (differences.some((each) => 'rule' in each && each.rule === rule) ? 0 : 1);
  const nearest = [...passedOver].sort((left, right) => isTold(left) - isTold(right) || left.failed.length - right.failed.length).slice(0, MOST_PASSED);
  return passedOver.filter((each) => nearest.includes(each));
}

function list(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`   ${title}`, ...lines.map((line) => safe(`     ${line}`))];
}

function notes(texts: readonly string[]): readonly string[] {
  return texts.length === 0 ? [] : ['', 'Note:', ...[...new Set(texts)].map((text) => safe(`  ${text}`))];
}
