import { LOG_LEVELS } from './flags.js';
import { longFlag, shortFlag, type FlagShape } from './switches.js';

type Flags = Readonly<Record<string, FlagShape>>;

/**
 * The words of a command line with `-l SELECTOR` written as `--selector`, for a command that has such a flag. `-l debug` asks for a
 * log level, as in the official tool. What is the value of another flag stays as it is, and so does what follows `--`.
 */
export function withSelectors(argv: readonly string[], flags: Flags): readonly string[] {
  if (!Object.hasOwn(flags, 'selector')) return argv;
  const words: string[] = [];
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] as string;
    if (word === '--') return [...words, ...argv.slice(at)];
    const { before, flag, value } = shortOf(word, flags);
    const given = value ?? argv[at + 1];
    if (flag === 'l' && given !== undefined && !LOG_LEVELS.includes(given)) words.push(...before, `--selector=${given}`);
    else words.push(word, ...(value === undefined && takesNext(word, flag, flags) ? argv.slice(at + 1, at + 2) : []));
    if (value === undefined && takesNext(word, flag, flags)) at++;
  }
  return words;
}

/** The flag of one letter that takes a value in a word: `-l`, `-Al`, `-ldebug`, `-l=debug`; the switches before it in words of their own. */
function shortOf(word: string, flags: Flags): { readonly before: readonly string[]; readonly flag?: string; readonly value?: string } {
  if (!/^-[^-]/.test(word)) return { before: [] };
  const before: string[] = [];
  for (let at = 1; at < word.length; at++) {
    const flag = word[at] as string;
    const shape = shortFlag(flag, flags);
    if (shape?.type === 'boolean') before.push(`-${flag}`);
    else if (shape === undefined) return { before: [] };
    else return { before, flag, ...(at + 1 < word.length ? { value: word.slice(at + 1).replace(/^=/, '') } : {}) };
  }
  return { before };
}

/** Whether the next word is the value of this one. */
function takesNext(word: string, short: string | undefined, flags: Flags): boolean {
  if (short !== undefined) return true;
  return word.startsWith('--') && !word.includes('=') && longFlag(word.slice(2), flags)?.type === 'option';
}
