import { longFlag, shortFlag, type FlagShape } from '../switches.js';
import type { CommandFacts, CompletionFacts, FlagFacts } from './facts.js';

/** A command line up to the word that is being written. */
export interface Line {
  /** The command, where it is complete. */
  readonly command?: { readonly name: string; readonly facts: CommandFacts };
  /** The words before it is: of folders, or of what does not exist. */
  readonly path: readonly string[];
  /** Whether help is asked for: the command itself is not followed by anything. */
  readonly help: boolean;
  /** The flags that are given, with their values; a switch has none. */
  readonly flags: ReadonlyMap<string, readonly string[]>;
  /** The words behind the command that are no flags. */
  readonly words: readonly string[];
  /** The flag whose value comes next. */
  readonly pending?: FlagFacts;
  /** Whether a `--` stands before: no more flags. */
  readonly ended: boolean;
}

/** A word that gives a flag: with the value in the same word, and how many characters stand before that. */
interface GivenFlag {
  readonly flag: FlagFacts;
  readonly value?: { readonly text: string; readonly lead: number };
}

/** Reads the words before the one that is being written, without the name of the program. */
export function readLine(before: readonly string[], facts: CompletionFacts): Line {
  const flags = new Map<string, readonly string[]>();
  const leading = readFlags(before, facts.globals, flags, true);
  if (leading.pending !== undefined) return { path: [], help: false, flags, words: [], pending: leading.pending, ended: false };
  const rest = leading.words;
  const help = rest[0] === 'help';
  const named = help ? rest.slice(1) : rest;
  const name = longestCommand(named, facts);
  const command = name === undefined ? undefined : facts.commands[name];
  if (help || name === undefined || command === undefined) return { path: named, help, flags, words: [], ended: false };
  const { words, ...state } = readFlags(rest.slice(name.split(' ').length), [...command.flags, ...facts.globals], flags, false);
  return { command: { name, facts: command }, path: [], help: false, flags, words, ...state };
}

/** Reads flags among words; with `leading`, up to the first word that is none. */
function readFlags(given: readonly string[], known: readonly FlagFacts[], flags: Map<string, readonly string[]>, leading: boolean): Pick<Line, 'words' | 'pending' | 'ended'> {
  const words: string[] = [];
  for (let at = 0; at < given.length; at++) {
    const word = given[at] as string;
    if (word === '--' && !leading) return { words: [...words, ...given.slice(at + 1)], ended: true };
    const found = flagsOf(word, known);
    const last = found.at(-1);
    if (last === undefined && leading) return { words: given.slice(at), ended: false };
    if (last === undefined && !word.startsWith('-')) words.push(word);
    for (const { flag, value } of found) note(flags, flag, value?.text);
    if (last === undefined || last.flag.value === undefined || last.value !== undefined) continue;
    const next = given[++at];
    if (next === undefined) return { words, pending: last.flag, ended: false };
    note(flags, last.flag, next);
  }
  return { words, ended: false };
}

function note(flags: Map<string, readonly string[]>, { name }: FlagFacts, value: string | undefined): void {
  flags.set(name, [...(flags.get(name) ?? []), ...(value === undefined ? [] : [value])]);
}

/** The flags that a word gives: several switches of one letter may stand in it. Empty where it gives none that is known. */
export function flagsOf(word: string, known: readonly FlagFacts[]): readonly GivenFlag[] {
  const shapes = shapesOf(known);
  if (word.startsWith('--')) {
    const equals = word.indexOf('=');
    const flag = longFlag(equals < 0 ? word.slice(2) : word.slice(2, equals), shapes);
    return flag === undefined ? [] : [{ flag: flag.of, ...(equals < 0 ? {} : { value: { text: word.slice(equals + 1), lead: equals + 1 } }) }];
  }
  const found: GivenFlag[] = [];
  if (!word.startsWith('-')) return found;
  for (let at = 1; at < word.length; at++) {
    const flag = shortFlag(word[at] as string, shapes)?.of;
    if (flag === undefined) return [];
    if (flag.value === undefined) found.push({ flag });
    else return [...found, { flag, ...shortValue(word, at + 1) }];
  }
  return found;
}

/** The value behind a letter, with or without `=`; none where the next word is it. */
function shortValue(word: string, from: number): Pick<GivenFlag, 'value'> {
  const lead = word[from] === '=' ? from + 1 : from;
  return from < word.length ? { value: { text: word.slice(lead), lead } } : {};
}

interface Shape extends FlagShape {
  readonly of: FlagFacts;
}

function shapesOf(known: readonly FlagFacts[]): Readonly<Record<string, Shape>> {
  const shape = (of: FlagFacts): Shape => ({ type: of.value === undefined ? 'boolean' : 'option', char: of.char, aliases: of.aliases, of });
  // What a command says of a flag goes before what all of them have.
  return Object.fromEntries([...known].reverse().map((flag) => [flag.name, shape(flag)]));
}

function longestCommand(words: readonly string[], { commands }: CompletionFacts): string | undefined {
  for (let count = words.length; count > 0; count--) {
    const name = words.slice(0, count).join(' ');
    if (Object.hasOwn(commands, name)) return name;
  }
  return undefined;
}
