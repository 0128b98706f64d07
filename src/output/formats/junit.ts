import { xmlAttribute, xmlContent } from './xml.js';

/** One case of a suite: passed, unless it has a failure. */
export interface JUnitCase {
  readonly name: string;
  readonly className: string;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly failure?: { readonly type: string; readonly message: string; readonly text: string } | undefined;
  /** What is said of a case that did not fail. */
  readonly output?: string | undefined;
}

/** Cases as JUnit's XML, which systems for continuous integration read. */
export function junitXml(suite: string, cases: readonly JUnitCase[]): string {
  const failures = cases.filter(({ failure }) => failure !== undefined).length;
  const counts = `tests="${cases.length}" failures="${failures}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${xmlAttribute(suite)}" ${counts}>`,
    `  <testsuite name="${xmlAttribute(suite)}" ${counts} errors="0" skipped="0">`,
    ...cases.flatMap(caseLines),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function caseLines({ name, className, file, line, failure, output }: JUnitCase): readonly string[] {
  const where = `${file === undefined ? '' : ` file="${xmlAttribute(file)}"`}${line === undefined ? '' : ` line="${line}"`}`;
  const open = `    <testcase name="${xmlAttribute(name)}" classname="${xmlAttribute(className)}"${where}`;
  if (failure === undefined && output === undefined) return [`${open}/>`];
  return [
    `${open}>`,
    ...(failure === undefined ? [] : [`      <failure type="${xmlAttribute(failure.type)}" message="${xmlAttribute(failure.message)}">${xmlContent(failure.text)}</failure>`]),
    ...(output === undefined ? [] : [`      <system-out>${xmlContent(output)}</system-out>`]),
    '    </testcase>',
  ];
}
