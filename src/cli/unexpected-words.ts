import { InvalidRequest } from '../base/errors.js';
import { listed } from '../text/listed.js';
import { shellWord } from '../text/shell-word.js';
import { asFlag } from './command-line.js';
import { flagsFor, isNamed, type KnownFlag, type KnownFlags } from './value-words.js';

/** A command as it is told what to write for words that it has no place for. */
export interface Called {
  /** As it is typed: `ipam release`. */
  readonly command: string;
  readonly args: readonly string[];
  readonly flags: KnownFlags;
  /** What should be written for a word, where the command knows better than its flags say. */
  readonly instead: (word: string) => string | undefined;
}

/** What is wrong with words that a command has no place for: what it takes, and what to write instead, which is the flag that takes such a word. */
export function unexpectedWords(words: readonly string[], called: Called): InvalidRequest {
  const meant = meantBy(words, called);
  const hint = meant.length > 0 && meant.every((each) => each !== undefined) ? `write ${givenAsOften(meant, called.flags)}` : `leave out ${words.map(shellWord).join(' ')}; calicoctl ${called.command} --help shows what it takes`;
  const { command, args } = called;
  const taken = args.length === 0 ? 'no arguments, but was' : `${listed(args.map((arg) => arg.toUpperCase()))}, but was also`;
  return new InvalidRequest(`${command} takes ${taken} given ${words.join(', ')}`, hint);
}

/** What is meant by words: a flag without its dashes (`strictaffinity true`, `ip=10.0.0.1`), or the flag that takes such a word. */
function meantBy(words: readonly string[], { flags, instead }: Called): readonly (string | undefined)[] {
  const meant: (string | undefined)[] = [];
  const used = new Set<string>();
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string;
    const [name = '', ...value] = word.split('=');
    const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
    if (flag === undefined || flag.hidden === true) meant.push(instead(word) ?? meantByWord(word, flags, used));
    else if (flag.type === 'boolean') meant.push(`--${name}`);
    else if (value.length > 0) meant.push(`--${shellWord(word)}`);
    else meant.push(at + 1 < words.length ? asFlag(name, words[++at] as string) : `--${name} ${String(flag.helpValue ?? 'VALUE')}`);
  }
  return meant;
}

/** The flag that takes a word, one after the other where several do (`--from`, `--to`); either, where it may be a name of one thing or another. */
function meantByWord(word: string, flags: KnownFlags, used: Set<string>): string | undefined {
  const all = flagsFor(word, flags);
  const free = all.filter((name) => !used.has(name) || flags[name]?.multiple === true);
  const [first, ...others] = free.length > 0 ? free : all;
  if (first === undefined) return flags['filename'] === undefined ? undefined : '-f FILE';
  used.add(first);
  const meant = isNamed(flags[first] as KnownFlag) ? [first, ...others] : [first];
  return meant.map((name) => asGiven(name, flags[name] as KnownFlag, word)).join(', or ');
}

/** `-f FILE`, `-o svg`, `--ip 10.0.0.1`: files and formats are known by their letter. */
function asGiven(name: string, { char, options, helpValue }: KnownFlag, word: string): string {
  const isShort = char !== undefined && (options !== undefined || /\b(?:FILE|PATH)$/.test(String(helpValue)));
  return isShort ? `-${char} ${shellWord(word)}` : asFlag(name, word);
}

/** The flags that are meant, each once; of one that can be given only once the first. */
function givenAsOften(meant: readonly string[], flags: KnownFlags): string {
  const [first = '', ...others] = new Set(meant);
  const name = /^--([\w-]+)/.exec(first)?.[1];
  const alone = name !== undefined && flags[name]?.multiple !== true && others.some((other) => other.startsWith(`--${name} `));
  return alone ? `${first} alone: --${name} can be given only once` : [first, ...others].join(' ');
}
