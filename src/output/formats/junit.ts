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
    `<testsuites name="${attribute(suite)}" ${counts}>`,
    `  <testsuite name="${attribute(suite)}" ${counts} errors="0" skipped="0">`,
    ...cases.flatMap(caseLines),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function caseLines({ name, className, file, line, failure, output }: JUnitCase): readonly string[] {
  const where = `${file === undefined ? '' : ` file="${attribute(file)}"`}${line === undefined ? '' : ` line="${line}"`}`;
  const open = `    <testcase name="${attribute(name)}" classname="${attribute(className)}"${where}`;
  if (failure === undefined && output === undefined) return [`${open}/>`];
  return [
    `${open}>`,
    ...(failure === undefined ? [] : [`      <failure type="${attribute(failure.type)}" message="${attribute(failure.message)}">${content(failure.text)}</failure>`]),
    ...(output === undefined ? [] : [`      <system-out>${content(output)}</system-out>`]),
    '    </testcase>',
  ];
}

/** What XML has no form for, be it as an entity. */
const NO_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function content(text: string): string {
  return text.replace(NO_XML, '\ufffd').replace(/[&<>"]/g, (character) => ENTITIES[character]!);
}

function attribute(text: string): string {
  return content(text).replace(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
