/** Control characters, directional and invisible characters, line separators, and halves of surrogate pairs. */
const UNSAFE = /[\0-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|\p{Surrogate}/gu;

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t', '\r': '\\r' };

/**
 * Text that can do no harm on a terminal or in a line-based listing: what would move the cursor, change colours, or
 * reorder or hide text is shown as an escape (reliability-libs.md 3.5).
 */
export function safe(text: string): string {
  return isPrintableAscii(text) ? text : text.replace(UNSAFE, escape);
}

/** The same of JSON text, where such characters become escapes of JSON; what it says stays the same. */
export function safeJson(text: string): string {
  return text.replace(UNSAFE, (character) => (character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`));
}

/** Whether every character is one column wide and harmless. */
export function isPrintableAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

function escape(character: string): string {
  const named = NAMED[character];
  if (named !== undefined) return named;
  const hex = (character.codePointAt(0) as number).toString(16);
  return hex.length > 2 ? `\\u{${hex}}` : `\\x${hex.padStart(2, '0')}`;
}
