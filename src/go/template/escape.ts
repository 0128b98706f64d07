import { wellFormed } from '../json.js';

const HTML: Readonly<Record<string, string>> = { '\0': '\ufffd', '"': '&#34;', "'": '&#39;', '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Text for HTML, as Go's `html` escapes it. */
export function htmlEscape(text: string): string {
  return text.replace(/[\0"'&<>]/g, (character) => HTML[character] as string);
}

/** Text for a JavaScript string, as Go's `js` escapes it. */
export function javaScriptEscape(text: string): string {
  return text.replace(/[\\'"]|[<>&=]|(?!\x7f)[\p{C}\p{Zl}\p{Zp}]/gu, (character) => {
    if (/[\\'"]/.test(character)) return `\\${character}`;
    return `\\u${(character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}`;
  });
}

/** Text for the query of a URL, as Go's `urlquery` escapes it. */
export function queryEscape(text: string): string {
  const escaped = encodeURIComponent(wellFormed(text));
  return escaped.replaceAll('%20', '+').replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
