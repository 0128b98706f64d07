import { InvalidRequest } from '../base/errors.js';
import { numberFormProblem } from '../text/number-form.js';
import { shellWord } from '../text/shell-word.js';
import { switchProblem, switchValues, type FlagShape } from './switches.js';

/** The mistake of giving words that name resources beside -f: the words of a shell's glob, or a kind. */
export function wordsBesideFiles(words: readonly string[]): InvalidRequest {
  const files = words.every((word) => /\.(?:ya?ml|json)$|\/$/i.test(word));
  return new InvalidRequest('give a kind or -f, not both', files ? `write ${words.map(asManifest).join(' ')}` : `leave out -f, or leave out ${words.map(shellWord).join(' ')}`);
}

/** What is to be known of a command before its line is parsed. */
interface Parsable {
  readonly flags?: Readonly<Record<string, FlagShape>> | undefined;
  readonly baseFlags?: Readonly<Record<string, FlagShape>> | undefined;
  readonly args?: object | undefined;
  readonly strict?: boolean | undefined;
}

/** Throws InvalidRequest where a switch is given a value. A word `true` behind one is its value too, but where it may be the argument of a command that has few: `config set NAME true`. */
export function refuseSwitchValues(argv: readonly string[], { flags, baseFlags, args = {}, strict }: Parsable): void {
  const found = switchValues(argv, { ...baseFlags, ...flags }, strict === false || Object.keys(args).length === 0);
  if (found.length === 0) return;
  const { message, hint } = switchProblem(found);
  throw new InvalidRequest(message, hint);
}

interface Token {
  readonly type: 'arg' | 'flag';
  readonly flag?: string;
  readonly input: string;
}

/** Throws InvalidRequest where the number of a flag is not written in the one form that everybody reads alike. */
export function refuseOddNumbers(raw: readonly Token[], flags: Readonly<Record<string, unknown>>): void {
  for (const { flag, input } of raw) {
    const problem = flag !== undefined && typeof flags[flag] === 'number' ? numberFormProblem(input) : undefined;
    if (problem !== undefined) throw new InvalidRequest(`--${flag as string}: ${problem}`);
  }
}

/** Flags of which each command says itself that they are empty, in the official tool's words where it has some. */
const TOLD_BY_COMMANDS = ['node', 'namespace', 'n', 'scope', 'orchestrator', 'workload'];

/** Throws InvalidRequest where flags are given an empty value, as by a variable of a script that is not set: what names something is never ignored. */
export function refuseEmptyValues(raw: readonly Token[]): void {
  const empty = new Set(raw.flatMap(({ type, flag = '', input }) => (type === 'flag' && input === '' && !TOLD_BY_COMMANDS.includes(flag) ? [`--${flag}`] : [])));
  if (empty.size > 0) throw new InvalidRequest([...empty].map((flag) => `${flag} is empty`).join(', '), empty.size === 1 ? 'give it a value, or leave it out' : 'give each a value, or leave it out');
}

/** The words of a command line that are not flags, in their order. oclif's own list loses it where a word is also the value of a flag. */
export function argumentsOf(raw: readonly Token[]): readonly string[] {
  return raw.filter(({ type }) => type === 'arg').map(({ input }) => input);
}

/** `-f FILE` for a word where a manifest is meant. */
export function asManifest(word: string): string {
  return /[./]/.test(word) ? `-f ${shellWord(word)}` : '-f FILE';
}

/** `--FLAG WORD`. */
export function asFlag(flag: string, word: string): string {
  return `--${flag} ${shellWord(word)}`;
}
