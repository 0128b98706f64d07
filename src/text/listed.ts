/** Words as a sentence lists them: `a`, `a and b`, `a, b and c`; or with another word before the last. */
export function listed(words: readonly string[], conjunction: 'and' | 'or' = 'and'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${conjunction} ${words.at(-1) as string}`;
}
