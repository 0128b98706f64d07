import { UsageError } from './errors.js';
import { numberFormProblem } from './resources/number-form.js';
import { shellWord } from './resources/shell-word.js';
import { switchProblem, switchValues, type FlagShape } from './switches.js';

/** What oclif throws for words that no argument takes. */
interface UnexpectedWords extends Error {
  readonly args: readonly string[];
}

/**
 * An error of oclif's parser as we tell it: words that the command has no place for come with what to write instead.
 * `instead` gives that for a word, or undefined where there is nothing like it. Any other error is returned as it is.
 */
export function explainedParseError(error: unknown, instead: (word: string) => string | undefined): unknown {
  if (!isUnexpectedWords(error)) return withoutTrue(error);
  const meant = error.args.map(instead);
  const hint = meant.every((each) => each !== undefined) ? `write ${[...new Set(meant)].join(' ')}` : 'leave out what is too much: --help says what the command takes';
  return new UsageError(`Unexpected argument${error.args.length === 1 ? '' : 's'}: ${error.args.join(', ')}`, hint);
}

/** oclif writes a switch that contradicts another flag as `--all=true`. */
function withoutTrue(error: unknown): unknown {
  if (error instanceof Error) error.message = error.message.replace(/(--[\w-]+)=true (?=cannot also be provided)/g, '$1 ');
  return error;
}

function isUnexpectedWords(error: unknown): error is UnexpectedWords {
  return error instanceof Error && error.message.startsWith('Unexpected argument') && 'args' in error && Array.isArray(error.args);
}

/** What is to be known of a command before its line is parsed. */
interface Parsable {
  readonly flags?: Readonly<Record<string, FlagShape>> | undefined;
  readonly baseFlags?: Readonly<Record<string, FlagShape>> | undefined;
  readonly args?: object | undefined;
  readonly strict?: boolean | undefined;
}

/** Throws UsageError where a switch is given a value. A word `true` behind one is its value too, but where it may be the argument of a command that has few: `config set NAME true`. */
export function refuseSwitchValues(argv: readonly string[], { flags, baseFlags, args = {}, strict }: Parsable): void {
  const found = switchValues(argv, { ...baseFlags, ...flags }, strict === false || Object.keys(args).length === 0);
  if (found.length === 0) return;
  const { message, hint } = switchProblem(found);
  throw new UsageError(message, hint);
}

/** Throws UsageError where a context is asked for: it would choose a cluster, and there is none to choose. */
export function refuseContext(context: unknown): void {
  if (typeof context !== 'string') return;
  throw new UsageError(`--context ${JSON.stringify(context)}: this tool has no contexts`, 'it connects to etcd: name the cluster with --config FILE, or with ETCD_ENDPOINTS');
}

interface Token {
  readonly type: 'arg' | 'flag';
  readonly flag?: string;
  readonly input: string;
}

/** Throws UsageError where the number of a flag is not written in the one form that everybody reads alike. */
export function refuseOddNumbers(raw: readonly Token[], flags: Readonly<Record<string, unknown>>): void {
  for (const { flag, input } of raw) {
    const problem = flag !== undefined && typeof flags[flag] === 'number' ? numberFormProblem(input) : undefined;
    if (problem !== undefined) throw new UsageError(`--${flag as string}: ${problem}`);
  }
}

/** The words of a command line that are no flags, in their order. oclif's own list loses it where a word is also the value of a flag. */
export function wordsOf(raw: readonly Token[]): readonly string[] {
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
