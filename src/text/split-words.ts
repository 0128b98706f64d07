/**
 * The words of a command, divided as a shell divides them: at blanks, with quotes and backslashes, and nothing else that a shell
 * knows. Undefined where a quote or a backslash has no end.
 */
export function splitWords(text: string): string[] | undefined {
  const words: string[] = [];
  const rest = text.replaceAll(/[ \t\r\n]*((?:[^ \t\r\n'"\\]+|'[^']*'|"(?:[^"\\]|\\[^])*"|\\[^])+)/gy, (_, word: string) => {
    words.push(unquoted(word));
    return '';
  });
  return rest.trim() === '' ? words : undefined;
}

/** A word without its quotes. Between double quotes a backslash means something only before what it can protect there. */
function unquoted(word: string): string {
  return word.replaceAll(
    /'([^']*)'|"((?:[^"\\]|\\[^])*)"|\\([^])/g,
    (_, single?: string, double?: string, escaped?: string) => single ?? double?.replaceAll(/\\(["\\$`])/g, '$1') ?? escaped ?? '',
  );
}
