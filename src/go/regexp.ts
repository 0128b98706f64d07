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

/** The regular expression of Go as one of JavaScript's, or undefined where it has none (see goRegexpProblem). */
export function goRegexp(value: string): RegExp | undefined {
  if (goRegexpProblem(value) !== undefined) return undefined;
  const flags = /^\(\?([ims]+)\)/.exec(value);
  const classes: Readonly<Record<string, string>> = { alpha: 'a-zA-Z', digit: '0-9', alnum: 'a-zA-Z0-9', upper: 'A-Z', lower: 'a-z', space: '\\s', word: '\\w', xdigit: '0-9a-fA-F', punct: '!-\\/:-@\\[-`{-~' };
  const text = value
    .slice(flags?.[0].length ?? 0)
    .replace(/\(\?P</g, '(?<')
    .replace(/\[:([a-z]+):\]/g, (whole, name: string) => classes[name] ?? whole)
    .replace(/\\A/g, '^')
    .replace(/\\z/g, '$');
  try {
    return new RegExp(text, flags?.[1]);
  } catch {
    return undefined;
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
