import { parseGoBool } from '../go/parse.js';
import { shellWord } from '../text/shell-word.js';

/** What is to be known of a flag: one of type `boolean` is a switch, which is on where it stands and takes no value. */
export interface FlagShape {
  readonly type: 'boolean' | 'option';
  readonly char?: string | undefined;
  readonly aliases?: readonly string[] | undefined;
  readonly charAliases?: readonly string[] | undefined;
}

/** A switch with a value as it was given: `--yes` and `false`. `text` is the whole of it. */
export interface SwitchValue {
  readonly flag: string;
  readonly value: string;
  readonly text: string;
}

/**
 * The switches of a command line to which a value is given, in their order: `--yes=false`, `-sy=0`. The parser would
 * take such a switch as given and the value for a word of its own, a NAME. The official tool refuses them (docopt:
 * `--yes must not have an argument`). With `apart`, a `true` or `false` behind a switch counts too: `--yes false`.
 */
export function switchValues(argv: readonly string[], flags: Readonly<Record<string, FlagShape>>, apart: boolean): readonly SwitchValue[] {
  const end = argv.indexOf('--');
  return (end === -1 ? argv : argv.slice(0, end)).flatMap((word, at, words) => {
    const given = switchOf(word, flags);
    if (given === undefined) return [];
    if (given.value !== undefined) return [{ flag: given.flag, value: given.value, text: word }];
    const next = words[at + 1];
    return apart && next !== undefined && /^(?:true|false)$/i.test(next) ? [{ flag: given.flag, value: next, text: `${word} ${next}` }] : [];
  });
}

/** What is wrong with switches that have values, and what to write instead. */
export function switchProblem(found: readonly SwitchValue[]): { readonly message: string; readonly hint: string } {
  return { message: found.map(({ flag }) => `${flag} takes no value`).join(', '), hint: found.map(instead).join('; ') };
}

function instead({ flag, value, text }: SwitchValue): string {
  const wanted = parseGoBool(value);
  const leaving = `leave out ${text.split(' ').map(shellWord).join(' ')}`;
  return wanted === undefined ? `write ${flag}, or ${leaving}` : wanted ? `write ${flag}` : leaving;
}

/** The switch that a word gives, as it is written there, and the value in the same word; undefined where it gives none. */
function switchOf(word: string, flags: Readonly<Record<string, FlagShape>>): { readonly flag: string; readonly value?: string } | undefined {
  if (word.startsWith('--')) {
    const [name = '', ...rest] = word.slice(2).split('=');
    if (longFlag(name, flags)?.type !== 'boolean') return undefined;
    return { flag: `--${name}`, ...(rest.length === 0 ? {} : { value: rest.join('=') }) };
  }
  if (!word.startsWith('-')) return undefined;
  for (let at = 1; at < word.length; at++) {
    const char = word[at] as string;
    if (shortFlag(char, flags)?.type !== 'boolean') return undefined;
    if (at === word.length - 1) return { flag: `-${char}` };
    if (word[at + 1] === '=') return { flag: `-${char}`, value: word.slice(at + 2) };
  }
  return undefined;
}

/** The flag of a name, or undefined. */
export function longFlag<Shape extends FlagShape>(name: string, flags: Readonly<Record<string, Shape>>): Shape | undefined {
  return Object.hasOwn(flags, name) ? flags[name] : Object.values(flags).find(({ aliases, charAliases }) => aliases?.includes(name) === true || charAliases?.includes(name) === true);
}

/** The flag of a letter, or undefined. */
export function shortFlag<Shape extends FlagShape>(char: string, flags: Readonly<Record<string, Shape>>): Shape | undefined {
  return Object.values(flags).find((flag) => flag.char === char || flag.aliases?.includes(char) === true || flag.charAliases?.includes(char) === true);
}
