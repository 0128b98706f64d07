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

/** What stands in brackets for the classes that Go writes `[:alpha:]`. */
const CLASSES: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z', alpha: 'A-Za-z', ascii: '\\x00-\\x7f', blank: '\\t ', cntrl: '\\x00-\\x1f\\x7f', digit: '0-9', graph: '!-~', lower: 'a-z', print: ' -~',
  punct: '!-\\/:-@\\[-`{-~', space: '\\t\\n\\v\\f\\r ', upper: 'A-Z', word: '0-9A-Za-z_', xdigit: '0-9A-Fa-f',
};

/** An expression that finds the same as Go's; undefined where it is none of Go's, or is written so that only Go can read it. */
export function goRegexp(value: string): RegExp | undefined {
  if (goRegexpProblem(value) !== undefined) return undefined;
  const [, flags = '', body = ''] = /^(?:\(\?([ims]+)\))?(.*)$/s.exec(value) ?? [];
  if (/\(\?(?![:P])|\[:\^|\\[pPQEC]/.test(body) || (flags.includes('m') && /\\[Az]/.test(body))) return undefined;
  const translated = body.replace(/\(\?P<|\[:([a-z]+):\]|\\(.)/gs, (text, name: string | undefined, escaped: string | undefined) => {
    if (name !== undefined) return CLASSES[name] ?? text;
    if (escaped === undefined) return '(?<';
    return { A: '^', z: '$', a: '\\x07' }[escaped] ?? text;
  });
  return new RegExp(translated, flags);
}
