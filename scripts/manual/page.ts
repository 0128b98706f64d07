import type { Command } from '@oclif/core';
import { listed } from '../../src/text/listed.js';
import { Refusal } from '../build/refusal.js';

/** A row of a list: a flag, an argument, a command or a key, and what it is. */
export interface Row {
  readonly term: string;
  readonly text: string;
}

/** A list under a heading. */
export interface RowSection {
  readonly title: string;
  readonly rows: readonly Row[];
}

/** Paragraphs under a heading. */
export interface TextSection {
  readonly title: string;
  readonly paragraphs: readonly string[];
}

/** All that is to be said of a command, in the order in which it is needed; help texts and manual pages are drawn from it. */
export interface Page {
  /** The command as it is typed: `ipam release`. */
  readonly command: string;
  readonly summary: string;
  /** Each begins with the command. */
  readonly usage: readonly string[];
  readonly args: readonly Row[];
  readonly examples: readonly string[];
  readonly description: readonly string[];
  readonly flags: readonly RowSection[];
  /** What is only looked up, such as the kinds. */
  readonly lists: readonly TextSection[];
  /** Flags that many commands have. */
  readonly commonFlags: readonly RowSection[];
}

export type Flag = Command.Flag.Cached & { readonly options?: readonly string[]; readonly helpValue?: string | readonly string[]; readonly default?: unknown };

const COMMON = ['DATASTORE', 'GLOBAL'];
export const HELP_ROW: Row = { term: '-h, --help', text: 'show the help text' };

/** The page of a command, from what its class declares. Throws Refusal where a flag that takes a value has no word for it. */
export function pageOf(command: Command.Cached): Page {
  const name = command.id.replaceAll(':', ' ');
  const [description, lists] = paragraphsOf(command.description ?? '');
  const usage = command.usage === undefined ? [derivedUsage(name, command)] : [command.usage].flat();
  const flags = sortedFlags(command, usage);
  const rows = (group: string): Row[] => flagRows(name, flags.filter(({ helpGroup = '' }) => helpGroup === group));
  const groups = [...new Set(flags.map(({ helpGroup }) => helpGroup ?? ''))].sort((a, b) => place(a) - place(b));
  const section = (group: string): RowSection => ({ title: `${group} FLAGS`.trim(), rows: [...rows(group), ...(group === 'GLOBAL' ? [HELP_ROW] : [])] });
  return {
    command: name,
    summary: command.summary ?? '',
    usage,
    args: argumentRows(command, usage),
    examples: (command.examples ?? []).map((example) => (example as string).replaceAll('<%= config.bin %>', 'calicoctl')),
    description,
    flags: groups.filter((group) => !COMMON.includes(group)).map(section),
    lists,
    commonFlags: groups.filter((group) => COMMON.includes(group)).map(section),
  };
}

/** Own flags come first, then their groups, then what is common. */
function place(group: string): number {
  return group === '' ? -1 : COMMON.indexOf(group) + 1;
}

/** The paragraphs of a description; one that begins with a line in capitals is a list of its own, with that as its heading. */
function paragraphsOf(description: string): readonly [readonly string[], readonly TextSection[]] {
  const [all, lists]: [string[], TextSection[]] = [[], []];
  for (const paragraph of description.split('\n\n').filter((each) => each !== '')) {
    const [, title, text = ''] = /^([A-Z ]+)\n([^]*)$/.exec(paragraph) ?? [];
    if (title === undefined) all.push(paragraph);
    else lists.push({ title, paragraphs: text.split('\n') });
  }
  return [all, lists];
}

/** What stands behind a kind; commands that take any number of words declare the first alone. */
const WORDS: Readonly<Record<string, string>> = {
  NAME: 'name of a resource of that kind',
  'KIND/NAME': 'kind and name as one word, as -o name prints them',
  KEY: 'key of a label',
  'KEY=VALUE': 'a label and its value',
};

/** The arguments that are declared, and the words that only the usage names. */
function argumentRows({ args }: Command.Cached, usage: readonly string[]): readonly Row[] {
  const declared = Object.values(args).map(({ name, description: text = '' }) => ({ term: name.toUpperCase(), text }));
  const others = placeholders(usage).filter((word) => !declared.some(({ term }) => term === word) && word in WORDS);
  return [...declared, ...others.map((term) => ({ term, text: WORDS[term] as string }))];
}

/** The words of a usage that stand for arguments, each once: those in capitals that are not the value of a flag. */
export function placeholders(usage: readonly string[]): readonly string[] {
  const found = usage.flatMap((line) => line.split(' ').filter((_word, at, all) => !(all[at - 1] ?? '').replace('[', '').startsWith('-')));
  return [...new Set(found.map((word) => word.replace(/^\[/, '').replace(/(?:\[.*|\.\.\.|\]).*$/, '')).filter((word) => /^[A-Z][A-Z/=]*$/.test(word)))];
}

/** Arguments and flags that have to be given; the rest is `[flags]`. */
function derivedUsage(name: string, { args, flags }: Command.Cached): string {
  const words = Object.values(args).map(({ name: arg, required }) => (required === true ? arg.toUpperCase() : `[${arg.toUpperCase()}]`));
  const required = (Object.values(flags) as Flag[]).filter((flag) => flag.required === true).map((flag) => `${flag.char === undefined ? `--${flag.name}` : `-${flag.char}`} ${valueOf(name, flag)}`);
  return [name, ...words, ...required, '[flags]'].join(' ');
}

/** The flags that are shown: first those that the usage names, in its order, then the others by name. */
function sortedFlags(command: Command.Cached, usage: readonly string[]): readonly Flag[] {
  const words = usage.join(' ').split(/[\s[\]|]+/);
  const named = (flag: Flag): number => {
    const at = words.findIndex((word) => word === `--${flag.name}` || word === `-${flag.char ?? ''}`);
    return at === -1 ? words.length : at;
  };
  const shown = (Object.values(command.flags) as Flag[]).filter(({ hidden }) => hidden !== true);
  return shown.sort((a, b) => named(a) - named(b) || (a.name < b.name ? -1 : 1));
}

/** A row for each flag. Throws Refusal where one that takes a value has no word for it; `command` is what to name then. */
export function flagRows(command: string, flags: readonly Flag[]): Row[] {
  return flags.map((flag) => flagRow(command, flag));
}

function flagRow(command: string, flag: Flag): Row {
  const names = flag.helpLabel ?? [...(flag.char === undefined ? [] : [`-${flag.char}`]), `--${flag.name}`].join(', ');
  const value = valueOf(command, flag);
  const choices = flag.helpValue !== undefined && flag.options !== undefined ? `: ${listed(flag.options, 'or')}` : '';
  const often = (flag as { readonly multiple?: boolean }).multiple === true ? '; may be given several times' : '';
  const standard = flag.type === 'option' && flag.default !== undefined ? ` [default: ${String(flag.default)}]` : '';
  return { term: value === '' ? names : `${names} ${value}`, text: `${flag.description ?? ''}${choices}${often}${standard}` };
}

/** The word for the value of a flag: what it declares, or what it can be. */
function valueOf(command: string, flag: Flag): string {
  if (flag.type === 'boolean') return '';
  const word = flag.helpValue ?? flag.options?.join('|');
  if (word === undefined) throw new Refusal(`${command}: --${flag.name} does not say what its value is called: declare helpValue, such as FILE`);
  return String(word);
}
