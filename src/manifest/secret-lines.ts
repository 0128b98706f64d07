import { namesSecret, secretNameIn } from '../text/secret-names.js';

/** Lines above that are looked at; a value that is longer is not a secret. */
const MOST_LINES = 400;
/** A line of a block that gives a name. */
const NAMED = /^\s*(?:-\s+)*(?:"[^"]*"|'[^']*'|[^\s"'{}[\],#][^:=]*?)\s*:(?:\s|$)/;
const CERTIFICATE = /-----BEGIN /;

/**
 * Whether a line of a manifest may hold a secret: it has a secret name, or stands below one, in a block by its
 * indentation, in brackets or quotes as long as those are open.
 * @param start the offset at which the line starts
 */
export function mayHoldSecret(text: string, start: number, line: string): boolean {
  if (namesSecret(line)) return true;
  let indentation = blankWidth(line);
  let end = start - 1;
  let between = '';
  let ended = false;
  for (let count = 0; count < MOST_LINES && end >= 0; count++) {
    const from = text.lastIndexOf('\n', end - 1) + 1;
    const above = text.slice(from, end).replace(/\r$/, '');
    end = from - 1;
    if (above.startsWith('---')) return false;
    ended ||= above.includes('-----END ');
    if (CERTIFICATE.test(above) && !ended) return true;
    if (above.trim() === '') continue;
    const width = blankWidth(above);
    if (namesSecret(above) && (width < indentation || staysOpen(above, between) || !NAMED.test(line))) return true;
    if (width < indentation && NAMED.test(above)) indentation = width;
    between = `${above}\n${between}`;
  }
  return false;
}

/** Where the content of a line starts: behind its spaces and dashes. */
function blankWidth(line: string): number {
  return /^\s*(?:-\s+)*/.exec(line)?.[0].length ?? 0;
}

/** Whether brackets that were opened behind a secret name are still open after the lines that follow. */
function staysOpen(line: string, following: string): boolean {
  let depth = 0;
  for (const character of line.slice(secretNameIn(line)) + following) {
    if (character === '{' || character === '[') depth++;
    else if ((character === '}' || character === ']') && --depth < 0) return false;
  }
  return depth > 0;
}
