/** Breaks a text at its blanks into lines of a width. The first is indented by `indent`, the others by `hanging`. */
export function wrapped(text: string, width: number, indent = 0, hanging = indent): string[] {
  return filled(text.split(/ +/), width, indent, hanging, '');
}

/** The same for a command line: words of the shell stay whole, and each line but the last ends with a backslash. */
export function wrappedCommand(text: string, width: number, indent: number): string[] {
  return filled(shellWords(text), width, indent, indent + 4, ' \\');
}

/** Lines as full as they can be; a line is kept that much shorter as what continues it needs. */
function filled(words: readonly string[], width: number, indent: number, hanging: number, continued: string): string[] {
  const lines = [' '.repeat(indent)];
  for (const [at, word] of words.entries()) {
    const line = lines.at(-1) as string;
    const longer = line.trim() === '' ? line + word : `${line} ${word}`;
    if (line.trim() === '' || longer.length + (at === words.length - 1 ? 0 : continued.length) <= width) {
      lines[lines.length - 1] = longer;
    } else {
      lines[lines.length - 1] = line + continued;
      lines.push(' '.repeat(hanging) + word);
    }
  }
  return lines;
}

/** The words of a command line, with their quotes; a flag or an operator and what follows it are one. */
function shellWords(text: string): string[] {
  const words: string[] = text.match(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g) ?? [];
  return words.reduce<string[]>((joined, word, at) => {
    if (at > 0 && /^-[^=]+$|^[>|;&]+$/.test(words[at - 1] as string) && !/^[->|&]/.test(word)) joined.push(`${joined.pop() as string} ${word}`);
    else joined.push(word);
    return joined;
  }, []);
}
