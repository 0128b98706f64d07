import { countCovered, type OwnerCoverage } from '../../../../insight/policy-tests/coverage.js';
import type { Directory } from '../../../../insight/directory.js';
import { safe } from '../../../../text/safe.js';
import type { Colours } from '../../../theme/colours.js';
import { shownRule } from '../words.js';
import { countsOf, failureLines, titleOf, type TestReport } from './report.js';

/** What `policy test` prints for people: a line for each test, what is wrong with those that failed, how many passed. */
export function testsText(report: TestReport, colours: Colours): string {
  const { results, file, directory, coverage } = report;
  const { passed, failed } = countsOf(results);
  const lines = results.flatMap((result) => {
    const { test, failure } = result;
    if (failure === undefined) return [`${colours.good('ok')}    ${safe(titleOf(test))}`];
    return [`${colours.bad('FAIL')}  ${safe(titleOf(test))}`, `      ${safe(`${file}:${report.line(test.index)}`)}`, ...failureLines(result, directory).map((line) => `      ${safe(line)}`)];
  });
  const count = `${results.length} ${results.length === 1 ? 'test' : 'tests'}: ${passed} passed, ${failed} failed`;
  return `${[...lines, '', failed === 0 ? colours.good(count) : colours.bad(count), ...(coverage === undefined ? [] : ['', ...coverageLines(coverage, directory)])].join('\n')}\n`;
}

const STATES = { visited: 'no packet of a test matches it', untested: 'no packet of a test comes to it' } as const;

/** What tests say of rules: a line for each policy, and the rules that no test is about. */
export function coverageLines(coverage: readonly OwnerCoverage[], directory: Directory): readonly string[] {
  const all = countCovered(coverage);
  return [
    `Rules: ${all.matched} of ${all.rules} matched by a test (${share(all)}), ${all.visited} more looked at, ${all.untested} not reached`,
    ...coverage.flatMap((each) => [
      safe(`  ${share(countCovered([each])).padStart(4)}  ${directory.name(each.owner.id)}`),
      ...each.rules.flatMap(({ rule, covered }) => (covered === 'matched' ? [] : [safe(`          ${rule.direction} rule ${rule.index + 1} (${shownRule(rule, directory)}): ${STATES[covered]}`)])),
    ]),
  ];
}

function share({ matched, rules }: { readonly matched: number; readonly rules: number }): string {
  return rules === 0 ? 'none' : `${Math.floor((100 * matched) / rules)}%`;
}
