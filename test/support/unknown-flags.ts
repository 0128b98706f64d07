import { longFlag, shortFlag, type FlagShape } from '../../src/cli/switches.js';

/** Words that look like flags, and are none of these; those behind `--` are not for us. */
export function unknownFlags(words: readonly string[], flags: Readonly<Record<string, FlagShape>>): readonly string[] {
  const end = words.indexOf('--');
  return (end < 0 ? words : words.slice(0, end)).filter((word) => (word.startsWith('--') ? longFlag((word.split('=')[0] as string).slice(2), flags) === undefined : /^-\w/.test(word) && shortFlag(word[1] as string, flags) === undefined));
}
