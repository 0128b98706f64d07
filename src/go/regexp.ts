/** Escapes of a letter or digit that Go's regular expressions know. */
const GO_ESCAPES = 'AabBCDdEfnPpQrSstvWwxz0';

/** What is wrong with a regular expression of Go (RE2), or undefined: syntax it shares with JavaScript, less look-around and back-references. */
export function goRegexpProblem(value: string): string | undefined {
  if (/\(\?<?[=!]/.test(value)) return 'look-around is not supported';
  for (const [, escaped = ''] of value.matchAll(/\\(.)/gs)) {
    if (/[A-Za-z0-9]/.test(escaped) && !GO_ESCAPES.includes(escaped)) return `\\${escaped} is not supported`;
  }
  try {
    new RegExp(inJavaScript(value));
    return undefined;
  } catch (error) {
    return (error as Error).message.replace(/^Invalid regular expression: /, '');
  }
}

/** The expression with what only Go writes replaced by something of the same shape. */
function inJavaScript(value: string): string {
  return value
    .replace(/\(\?P</g, '(?<')
    .replace(/\(\?[imsU-]+\)/g, '')
    .replace(/\(\?[imsU-]+:/g, '(?:')
    .replace(/\[:\^?[a-z]+:\]/g, 'a-z');
}
