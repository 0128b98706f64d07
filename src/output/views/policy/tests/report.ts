import type { Directory } from '../../../../insight/directory.js';
import type { EndAddress } from '../../../../insight/alike.js';
import type { OwnerCoverage } from '../../../../insight/policy-tests/coverage.js';
import { packetsOf } from '../../../../insight/policy-tests/packets.js';
import type { PolicyTest } from '../../../../insight/policy-tests/question.js';
import type { Failure, TestResult } from '../../../../insight/policy-tests/run.js';
import type { WrittenEnd } from '../../../../insight/policy-tests/fields.js';
import { trafficText } from '../traffic-text.js';
import { differenceText } from '../trap-text.js';
import { deciderText, isWritten, placedRule, shownRule, stepTitle } from '../words.js';

/** Results of tests, and where each test stands. */
export interface TestReport {
  readonly file: string;
  readonly results: readonly TestResult[];
  /** The line of each test, by its place in the list. */
  line(index: number): number;
  readonly directory: Directory;
  /** Absent where nobody asked. */
  readonly coverage?: readonly OwnerCoverage[];
}

/** What a test is called: its name, else what it says. */
export function titleOf({ written, packets, expect }: PolicyTest): string {
  if (written.name !== undefined) return written.name;
  return `${endsText(written.from)} to ${endsText(written.to)}, ${trafficText(packetsOf(packets, 4), 4)}: ${expect}`;
}

function endsText(ends: readonly WrittenEnd[]): string {
  return ends.map((end) => ('word' in end ? end.word : end.selector)).join(', ');
}

/** What is not as expected, as lines: the packets, what decides, and what would have to be different. */
export function failureLines({ test, pairs, failure }: TestResult, directory: Directory): readonly string[] {
  if (failure === undefined) return [];
  const { from, to, packets, verdict, what } = failure;
  const done = verdict.verdict === 'allow' ? 'allowed' : 'denied';
  const instead = what === 'verdict' ? `${done}, expected ${test.expect}` : `${done} as expected, and not by ${deciderWanted(test)}`;
  return [
    `${endText(from)} to ${endText(to)}, ${trafficText(packets, from.ip.version)}: ${instead}`,
    ...whyLines(failure, directory).map((line) => `  ${line}`),
    ...(failure.pairs > 1 ? [`  so it is for ${failure.pairs} of ${pairs} pairs of addresses`] : []),
  ];
}

function endText({ end, text }: EndAddress): string {
  return end.name === text ? text : `${end.name} (${text})`;
}

function deciderWanted({ written: { by = {} } }: PolicyTest): string {
  if (by.tier !== undefined) return `the end of tier ${by.tier}`;
  return `${by.rule === undefined ? '' : `rule ${by.rule} of `}${by.policy === undefined ? `profile ${by.profile ?? ''}` : `policy ${by.policy}`}`;
}

/** The step that decided: the one that denies, or the last that expressly allows. */
function whyLines({ verdict, steps, what }: Failure, directory: Directory): readonly string[] {
  const explained = steps.findLast(({ step }) => step.do === verdict.verdict);
  if (explained === undefined) return ['no policy is asked on the way'];
  const { step, differences } = explained;
  const { rule } = step;
  const decider = rule === undefined || !isWritten(rule) ? deciderText(step, directory) : `by ${placedRule(rule, directory)}: ${shownRule(rule, directory)}`;
  const title = stepTitle(explained, directory);
  return [
    `${title.charAt(0).toLowerCase()}${title.slice(1)}: ${decider}`,
    ...(what === 'verdict' ? differences.map((each) => `to be allowed: ${differenceText(each, verdict.packet, directory)}`) : []),
  ];
}

/** How many tests passed and failed. */
export function countsOf(results: readonly TestResult[]): { readonly passed: number; readonly failed: number } {
  const failed = results.filter(({ failure }) => failure !== undefined).length;
  return { passed: results.length - failed, failed };
}
