import type { Answer, Candidate, CommandFacts, CompletionFacts, FlagFacts, LookUp } from './facts.js';
import { isLookUpWord } from './facts.js';
import { flagsOf, readLine, type Line } from './line.js';

/** Words for values that the shell completes itself. */
const PATHS: Readonly<Record<string, 'files' | 'directories'>> = { FILE: 'files', DIR: 'directories' };

/** What answers to every command. */
const HELP: Candidate = { word: 'help', about: 'Show the help of a command.' };

/** A value of which a part is written: all of the word before that part, and the part. */
interface Written {
  readonly lead: string;
  readonly typed: string;
}

/** What may come at the cursor: `before` are the words before it, without the name of the program, `typed` is what is written of the one there. */
export function answer(before: readonly string[], typed: string, facts: CompletionFacts): Answer {
  const line = readLine(before, facts);
  if (line.pending !== undefined) return ofValue(line.pending.value as string, { lead: '', typed }, line, facts);
  const known = [...(line.command?.facts.flags ?? []), ...facts.globals];
  if (!line.ended && typed.startsWith('-') && typed !== '-') {
    const given = flagsOf(typed, known).at(-1);
    if (given?.value !== undefined) return ofValue(given.flag.value ?? '', { lead: typed.slice(0, given.value.lead), typed: given.value.text }, line, facts);
  }
  if (!line.ended && typed.startsWith('-')) return only(flagWords(line, typed, facts));
  if (line.command === undefined) return only(namesBelow(line, facts));
  return ofArgument(line, line.command.facts, typed, facts);
}

function only(candidates: readonly Candidate[]): Answer {
  return { candidates, lookUps: [] };
}

/** The commands and folders that go on with a path. */
function namesBelow({ path, help, flags }: Line, facts: CompletionFacts): readonly Candidate[] {
  const above = path.map((word) => `${word} `).join('');
  const next = Object.keys(facts.commands).filter((name) => name.startsWith(above)).map((name) => name.slice(above.length).split(' ', 1)[0] as string);
  const candidates = [...new Set(next)].map((word) => ({ word, about: facts.commands[above + word]?.about ?? facts.topics[above + word] }));
  return above === '' && !help && flags.size === 0 ? [...candidates, HELP] : candidates;
}

/** The flags that may still be given, in both forms; the long ones alone once two dashes are there. */
function flagWords({ command, flags }: Line, typed: string, facts: CompletionFacts): readonly Candidate[] {
  const offered = command === undefined ? facts.globals : [...command.facts.flags, ...facts.globals.filter(({ name }) => command.facts.flags.every((flag) => flag.name !== name) && name === 'help')];
  const open = offered.filter((flag) => flag.hidden !== true && (flag.repeatable === true || !flags.has(flag.name)) && !isExcluded(flag, flags, offered));
  return open.flatMap((flag) => spellings(flag, typed).map((word) => ({ word, about: flag.about })));
}

function isExcluded({ name, excludes = [] }: FlagFacts, flags: Line['flags'], all: readonly FlagFacts[]): boolean {
  return excludes.some((other) => flags.has(other)) || all.some((other) => flags.has(other.name) && other.excludes?.includes(name) === true);
}

/** The ways to write a flag; other spellings only where its own does not go on with what is written. */
function spellings({ name, char, aliases = [] }: FlagFacts, typed: string): readonly string[] {
  const written = (spelling: string): string => (spelling.length === 1 ? `-${spelling}` : `--${spelling}`);
  const own = name === char ? [] : [written(name)];
  if (typed === '-') return [...own, ...(char === undefined ? [] : [`-${char}`])];
  return [...own, ...aliases.map(written)].filter((word) => word.startsWith(typed)).slice(0, 1);
}

/** A word behind the command: what stands for it in help says what it may be. Where none is wanted, a flag. */
function ofArgument(line: Line, command: CommandFacts, typed: string, facts: CompletionFacts): Answer {
  const { args, more } = command;
  const word = args[line.words.length] ?? (more === true ? args.at(-1) : undefined);
  if (word === undefined) return typed === '' && !line.ended ? only(flagWords(line, '--', facts)) : only([]);
  return ofValue(more === true && word === 'KIND' ? 'RESOURCE' : word, { lead: '', typed }, line, facts);
}

/** What may be written for a value: each of `json|FILE`, small letters as they are, capitals as what they stand for. */
function ofValue(help: string, written: Written, line: Line, facts: CompletionFacts): Answer {
  const parts = help.split('|').map((each) => ofAlternative(each, written, line, facts));
  return {
    candidates: parts.flatMap(({ candidates }) => candidates),
    ...parts.map(({ paths }) => (paths === undefined ? {} : { paths })).reduce((all, each) => ({ ...all, ...each }), {}),
    lookUps: parts.flatMap(({ lookUps }) => lookUps),
  };
}

function ofAlternative(help: string, written: Written, line: Line, facts: CompletionFacts): Answer {
  const [, literal = '', word = ''] = /^(.*?)([A-Z][^a-z]*)?$/.exec(help) ?? [];
  const { lead, typed } = written;
  if (literal !== '' && word === '') return only([{ word: lead + literal }]);
  if (literal !== '' && !typed.startsWith(literal)) return only([{ word: lead + literal, open: true }]);
  if (literal !== '') return ofAlternative(word, { lead: lead + literal, typed: typed.slice(literal.length) }, line, facts);
  const paths = PATHS[word];
  if (paths !== undefined) return { candidates: [], lookUps: [], paths: { of: paths, lead: lead.length } };
  const list = Object.hasOwn(facts.lists, word) ? facts.lists[word] : undefined;
  if (list !== undefined) return ofList(word, list, written, line, facts);
  if (!isLookUpWord(word)) return only([]);
  const lookUp: LookUp = { word, lead, typed, command: line.command?.name ?? '', words: line.words, flags: line.flags };
  return { candidates: [], lookUps: [lookUp] };
}

/** A word of a list; of codes several may be given, with commas between them. */
function ofList(word: string, list: readonly string[], { lead, typed }: Written, line: Line, facts: CompletionFacts): Answer {
  if (word !== 'CODE') return ofValue(list.join('|'), { lead, typed }, line, facts);
  const comma = typed.lastIndexOf(',') + 1;
  const given = typed.slice(0, comma).split(',');
  return only(list.filter((each) => !given.includes(each)).map((each) => ({ word: lead + typed.slice(0, comma) + each })));
}
