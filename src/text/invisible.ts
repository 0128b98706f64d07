/** A character that nobody sees in a file and that is not a blank to the reader. */
export interface Invisible {
  /** UTF-16 units before it in the text. */
  readonly index: number;
  /** As messages call it: `a no-break space (U+00A0)`. */
  readonly name: string;
}

const NAMES: Readonly<Record<string, string>> = {
  '\u00a0': 'a no-break space', '\u00ad': 'a soft hyphen', '\u200b': 'a zero-width space', '\u200c': 'a zero-width non-joiner', '\u200d': 'a zero-width joiner',
  '\u2028': 'a line separator', '\u2029': 'a paragraph separator', '\u202f': 'a narrow no-break space', '\u2060': 'a word joiner', '\u3000': 'an ideographic space',
  '\ufeff': 'a byte order mark', '\u0085': 'a next-line character', '\u2007': 'a figure space', '\u2009': 'a thin space',
};

/** Blanks other than the space, and characters without width, of direction or of control; line ends and tabs are for YAML to judge. Of the ranges both ends belong to it. */
const RANGES: readonly (readonly [first: number, last: number])[] = [
  [0x00, 0x08], [0x0b, 0x0c], [0x0e, 0x1f], [0x7f, 0xa0], [0xad, 0xad], [0x34f, 0x34f], [0x61c, 0x61c], [0x115f, 0x1160], [0x1680, 0x1680], [0x17b4, 0x17b5],
  [0x180b, 0x180f], [0x2000, 0x200f], [0x2028, 0x202f], [0x205f, 0x206f], [0x2800, 0x2800], [0x3000, 0x3000], [0x3164, 0x3164], [0xfe00, 0xfe0f], [0xfeff, 0xfeff], [0xffa0, 0xffa0], [0xfff0, 0xfffb],
];

function isInvisible(code: number): boolean {
  return RANGES.some(([first, last]) => code >= first && code <= last);
}

/** The first invisible character of a text, or undefined. */
export function findInvisible(text: string): Invisible | undefined {
  for (let index = 0; index < text.length; index++) {
    if (isInvisible(text.charCodeAt(index))) return { index, name: invisibleName(text.charAt(index)) };
  }
  return undefined;
}

/** What an invisible character is called. */
function invisibleName(character: string): string {
  const code = character.charCodeAt(0);
  const kind = NAMES[character] ?? (code < 32 || (code >= 127 && code < 160) ? 'a control character' : code >= 0x2000 && code <= 0x200a ? 'a space other than U+0020' : 'an invisible character');
  return `${kind} (U+${code.toString(16).toUpperCase().padStart(4, '0')})`;
}

/** A text without invisible characters. */
export function withoutInvisible(text: string): string {
  return [...text].filter((character) => !isInvisible(character.charCodeAt(0))).join('');
}
