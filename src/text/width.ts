import { isPrintableAscii } from './safe.js';

/** Columns a text takes on a terminal: two for a wide character, none for a mark on the one before. */
export function columnsOf(text: string): number {
  if (isPrintableAscii(text)) return text.length;
  let count = 0;
  for (const character of text) count += isWide(character) ? 2 : /\p{Mark}/u.test(character) ? 0 : 1;
  return count;
}

function isWide(character: string): boolean {
  return /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u.test(character);
}
