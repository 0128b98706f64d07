import { goJsonIndented } from '../../../../go/indented-json.js';
import { countCovered, type OwnerCoverage } from '../../../../insight/policy-tests/coverage.js';
import type { Directory } from '../../../../insight/directory.js';
import type { TestResult } from '../../../../insight/policy-tests/run.js';
import { safe } from '../../../../text/safe.js';
import { junitXml } from '../../../formats/junit.js';
import { trafficText } from '../traffic-text.js';
import { shownRule } from '../words.js';
import { countsOf, failureLines, titleOf, type TestReport } from './report.js';

/** The results as JUnit's XML: a case for each test. */
export function testsJUnit(report: TestReport): string {
  const { results, file, directory } = report;
  return junitXml('policy test', results.map((result) => {
    const { test, failure } = result;
    const [message = '', ...why] = failureLines(result, directory).map(safe);
    return {
      name: safe(titleOf(test)), className: safe(file), file, line: report.line(test.index),
      ...(failure !== undefined && { failure: { type: failure.what, message, text: [message, ...why].join('\n') } }),
    };
  }));
}

/** The results in the Test Anything Protocol, version 14. */
export function testsTap(report: TestReport): string {
  const { results, file, directory } = report;
  const lines = results.flatMap((result, at) => {
    const { test, failure } = result;
    const title = `${at + 1} - ${escaped(safe(titleOf(test)))}`;
    if (failure === undefined) return [`ok ${title}`];
    const yaml = { message: failureLines(result, directory).map(safe).join('\n'), severity: 'fail', at: { file: safe(file), line: report.line(test.index) } };
    return [`not ok ${title}`, '  ---', ...Object.entries(yaml).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`), '  ...'];
  });
  return `${['TAP version 14', `1..${results.length}`, ...lines].join('\n')}\n`;
}

/** A # in a description would begin a directive. */
function escaped(text: string): string {
  return text.replace(/[\\#]/g, '\\$&');
}

/** The results as data. */
export function testsData(report: TestReport): string {
  const { results, coverage, directory, file } = report;
  return `${goJsonIndented({
    file,
    ...countsOf(results),
    tests: results.map((result) => testData(result, report)),
    ...(coverage !== undefined && { coverage: { ...countCovered(coverage), policies: coverage.map((each) => ownerData(each, directory)) } }),
  })}\n`;
}

function testData(result: TestResult, { directory, line }: TestReport): object {
  const { test, pairs, failure } = result;
  return {
    name: titleOf(test),
    line: line(test.index),
    expect: test.expect,
    passed: failure === undefined,
    pairs,
    ...(failure !== undefined && {
      failure: {
        what: failure.what,
        pairs: failure.pairs,
        from: { name: failure.from.end.name, address: failure.from.text },
        to: { name: failure.to.end.name, address: failure.to.text },
        packets: trafficText(failure.packets, failure.from.ip.version),
        flow: failure.flow,
        verdict: failure.verdict.verdict,
        by: failure.verdict.by,
        text: failureLines(result, directory).map((each) => each.trim()),
      },
    }),
  };
}

function ownerData(each: OwnerCoverage, directory: Directory): object {
  return {
    policy: directory.name(each.owner.id),
    ...countCovered([each]),
    list: each.rules.map(({ rule, covered }) => ({ direction: rule.direction, number: rule.index + 1, text: shownRule(rule, directory), covered })),
  };
}
