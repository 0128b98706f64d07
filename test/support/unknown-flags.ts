import { longFlag, shortFlag, type FlagShape } from '../../src/cli/switches.js';

/** Words that look like flags, and are none of these. */
export function unknownFlags(words: readonly string[], flags: Readonly<Record<string, FlagShape>>): readonly string[] {
  return words.filter((word) => (word.startsWith('--') ? longFlag((word.split('=')[0] as string).slice(2), flags) === undefined : /^-\w/.test(word) && shortFlag(word[1] as string, flags) === undefined));
}
