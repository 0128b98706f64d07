/**
 * Control characters, line and paragraph separators, halves of surrogate pairs, what reorders text and what is not seen;
 * but not the variation selectors, which belong to the character before them.
 */
const UNSAFE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\ufff9-\ufffb]|(?![\ufe00-\ufe0f\u{e0100}-\u{e01ef}])\p{Default_Ignorable_Code_Point}/gu;

/** What most texts consist of. */
const HARMLESS = /^[\t\n\x20-\x7e]*$/;

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t', '\r': '\\r' };

/**
 * Text that can do no harm on a terminal or in a line-based listing: what would move the cursor, change colours, or
 * reorder or hide text is shown as an escape.
 */
export function safe(text: string): string {
  return isPrintableAscii(text) ? text : text.replace(UNSAFE, escape);
}

/**
 * Text of several lines, such as JSON or YAML, on its way to a terminal: line breaks and tabs stay, everything else that `safe` shows
 * as an escape becomes `\\u001b`. In JSON, where such characters stand in strings only, what it says stays the same.
 */
export function safeText(text: string): string {
  return HARMLESS.test(text) ? text : text.replace(UNSAFE, (character) => (character === '\n' || character === '\t' ? character : unicodeEscape(character)));
}

/** Whether a text holds anything that must not reach a terminal as it is, line breaks and tabs aside. */
export function isSafeText(text: string): boolean {
  return safeText(text) === text;
}

/** `\\u202e`; above U+FFFF, two of them, as in JSON. */
function unicodeEscape(character: string): string {
  return Array.from({ length: character.length }, (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`).join('');
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
