import { InvalidRequest } from '../base/errors.js';
import { listed } from '../text/listed.js';
import { similar } from '../text/similar.js';
import { unexpectedWords, type Called } from './unexpected-words.js';
import type { KnownFlags } from './value-words.js';

/** A command as problems of its line are told. */
export interface CalledLine extends Called {
  readonly examples: readonly unknown[];
}

/** An argument that is not there. */
interface MissingWord {
  readonly name: string;
  readonly description?: string | undefined;
}

/** What oclif's parser throws; the words, arguments or flags that it is about are with some. */
interface ParserError extends Error {
  readonly args?: readonly (string | MissingWord)[];
  readonly flags?: readonly string[];
}

/** An error of oclif's parser in our words, with what to write instead. Any other error is returned as it is. */
export function parseProblem(error: unknown, called: CalledLine): unknown {
  if (!(error instanceof Error) || !('oclif' in error)) return error;
  const { message, args = [], flags = [] } = error as ParserError;
  if (message.startsWith('Unexpected argument')) return unexpectedWords(args as readonly string[], called);
  if (message.startsWith('Nonexistent flag')) return unknownFlags(flags, called);
  const missing = message.startsWith('Missing ') ? (args as readonly MissingWord[]).map(({ name, description }) => missingText(name.toUpperCase(), description)) : missingFlags(message, called.flags);
  const apart = exclusivePairs(message);
  if (missing.length + apart.length > 0) return contradiction(missing, apart, called);
  return valueProblem(message, called.flags) ?? error;
}

function unknownFlags(unknown: readonly string[], { command, flags }: CalledLine): InvalidRequest {
  const shown = Object.keys(flags).filter((name) => flags[name]?.hidden !== true);
  const names = unknown.map((flag) => flag.split('=', 1)[0] as string);
  const meant = names.map((name) => (name.startsWith('--') ? similar(name.slice(2), shown) : undefined));
  const hint = meant.every((each) => each !== undefined) ? `did you mean ${meant.map((name) => `--${name}`).join(' ')}?` : `calicoctl ${command} --help shows what it takes`;
  return new InvalidRequest(`${command} has no flag ${names.join(', ')}`, hint);
}

/** The required flags that are not there, with what each is. */
function missingFlags(message: string, flags: KnownFlags): readonly string[] {
  return [...message.matchAll(/^ *Missing required flag ([\w-]+)$/gm)].map(([, name = '']) => missingText(`--${name}`, flags[name]?.description));
}

function missingText(word: string, description: string | undefined): string {
  return `${word} is missing${description === undefined ? '' : `: ${description}`}`;
}

/** Flags that cannot be together, each pair once. The values of flags are in the message too, whatever is in them. */
function exclusivePairs(message: string): readonly string[] {
  const pairs = [...message.matchAll(/^ *(--[\w-]+)[^]*? cannot also be provided when using (--[\w-]+)/gm)].map(([, one = '', other = '']) => [one, other].sort().join(' and '));
  return [...new Set(pairs)];
}

function contradiction(missing: readonly string[], apart: readonly string[], { command, examples }: CalledLine): InvalidRequest {
  const example = typedExample(examples[0]);
  const hint = missing.length === 0 ? 'leave out one of the two' : example === undefined ? `calicoctl ${command} --help shows what it takes` : `write for example: ${example}`;
  return new InvalidRequest([...missing, ...apart.map((pair) => `${pair} cannot be given together`)].join('\n'), hint);
}

/** An example as it is typed behind `calicoctl`; of one with several lines the first. */
function typedExample(example: unknown): string | undefined {
  return typeof example === 'string' ? example.split('\n', 1)[0]?.replace(/^.*?<%= config\.bin %> /, '') : undefined;
}

/** What is wrong with the value of one flag. */
function valueProblem(message: string, flags: KnownFlags): InvalidRequest | undefined {
  const [, choiceOf, given = '', choices] = /^Expected (--[\w-]+)=([^]*) to be one of: (.*)\nSee more help with --help$/.exec(message) ?? [];
  if (choiceOf !== undefined) return new InvalidRequest(`${choiceOf}: expected ${listed((choices as string).split(', '), 'or')}, found ${JSON.stringify(given)}`);
  const [, number, side, limit, text] = /^Parsing (--[\w-]+) \n\tExpected an integer(?: (greater|less) than or equal to (-?\d+))? but received: ([^]*)\nSee more help with --help$/.exec(message) ?? [];
  if (number !== undefined) return new InvalidRequest(`${number}: expected a whole number${limit === undefined ? '' : ` of at ${side === 'less' ? 'most' : 'least'} ${limit}`}, found ${JSON.stringify(text)}`);
  const [, flag = '', what] = /^Flag (--?[\w-]+) (expects a value|expects one of these values: .*|can only be specified once)$/.exec(message) ?? [];
  if (what === undefined) return undefined;
  // A flag of one letter is a name for oclif too.
  const name = flag.replace(/^-+/, '');
  const typed = name.length === 1 ? `-${name}` : flag;
  return what.startsWith('expects') ? new InvalidRequest(`${typed} needs a value`, `write ${typed} ${wordFor(name, flags)}`) : new InvalidRequest(`${typed} can be given only once`, `leave out all but one ${typed}`);
}

/** What help texts call the value of a flag. */
function wordFor(name: string, flags: KnownFlags): string {
  const { helpValue, options } = flags[name] ?? {};
  return String(helpValue ?? options?.join('|') ?? 'VALUE');
}
