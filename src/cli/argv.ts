import { similar } from '../text/similar.js';
import { switchProblem, switchValues, type FlagShape } from './switches.js';

/** An option that may also stand before the command. */
interface GlobalOption {
  readonly name: string;
  readonly char?: string;
  readonly takesValue: boolean;
}

/** The options every tool of this family takes before the command, as in `calicoctl -l debug get nodes` (reference/classic 4.6). */
export const GLOBAL_OPTIONS: readonly GlobalOption[] = [
  { name: 'log-level', char: 'l', takesValue: true },
  { name: 'dialect', takesValue: true },
  { name: 'config', char: 'c', takesValue: true },
  { name: 'timeout', takesValue: true },
  { name: 'store', takesValue: true },
  { name: 'context', takesValue: true },
  { name: 'allow-version-mismatch', takesValue: false },
];

/** The switches of calicoctl itself. */
const SWITCHES: Readonly<Record<string, FlagShape>> = {
  help: { type: 'boolean', char: 'h' },
  version: { type: 'boolean', char: 'v' },
  ...Object.fromEntries(GLOBAL_OPTIONS.filter(({ takesValue }) => !takesValue).map(({ name }) => [name, { type: 'boolean' }] as const)),
};

/** What a command line asks for. Commands and topics are written with spaces: `ipam show`; the topic '' is the tool itself. */
export type CommandLine =
  | { readonly kind: 'run'; readonly command: string; readonly args: readonly string[] }
  | { readonly kind: 'help'; readonly topic: string }
  | { readonly kind: 'version' }
  | { readonly kind: 'problem'; readonly message: string; readonly hint: string };

/**
 * Finds the command in a command line, and moves options that stand before it behind it, where oclif expects them.
 * `commands` are the names of all commands. Never throws: a line that cannot be understood is a `problem`.
 */
export function readCommandLine(argv: readonly string[], commands: readonly string[]): CommandLine {
  const leading = leadingOptions(argv);
  if (leading.problem) return leading.problem;
  if (leading.version) return { kind: 'version' };
  const rest = argv.slice(leading.count);
  if (rest[0] === 'help') return helpOf(words(rest.slice(1)), commands);
  const valued = switchValues(rest, { help: SWITCHES['help'] as FlagShape }, false);
  if (valued.length > 0) return { kind: 'problem', ...switchProblem(valued) };
  const helpAsked = leading.help || beforeDashes(rest).some(isHelpOption);
  if (helpAsked || rest.length === 0) return helpOf(words(rest), commands);
  const command = longestCommand(rest, commands);
  if (command === undefined) return isTopic(rest.join(' '), commands) ? { kind: 'help', topic: rest.join(' ') } : unknownCommand(words(rest), commands);
  return { kind: 'run', command, args: [...leading.options, ...rest.slice(command.split(' ').length)] };
}

interface Leading {
  readonly options: readonly string[];
  readonly count: number;
  readonly help: boolean;
  readonly version: boolean;
  readonly problem?: CommandLine;
}

function leadingOptions(argv: readonly string[]): Leading {
  const options: string[] = [];
  let help = false;
  let at = 0;
  for (; argv[at]?.startsWith('-') === true; at++) {
    const given = argv[at] as string;
    const none = { options, count: at, help, version: false };
    const valued = switchValues([given], SWITCHES, false);
    if (valued.length > 0) return { ...none, problem: { kind: 'problem', ...switchProblem(valued) } };
    if (given === '--version' || given === '-v') return { ...none, version: true };
    if (isHelpOption(given)) {
      help = true;
      continue;
    }
    const option = globalOption(given);
    if (option === undefined) return { ...none, problem: unknownOption(given) };
    options.push(given);
    if (!option.takesValue || holdsValue(given)) continue;
    const value = argv[++at];
    if (value === undefined) return { ...none, problem: { kind: 'problem', message: `option ${given} needs a value`, hint: `write ${given} VALUE COMMAND` } };
    options.push(value);
  }
  return { options, count: at, help, version: false };
}

function globalOption(given: string): GlobalOption | undefined {
  if (!given.startsWith('--')) return GLOBAL_OPTIONS.find(({ char }) => char !== undefined && char === given[1]);
  const name = given.slice(2).split('=', 1)[0];
  return GLOBAL_OPTIONS.find((option) => option.name === name);
}

/** Whether the value is written in the same word: `--timeout=5s`, `-ldebug`. */
function holdsValue(given: string): boolean {
  return given.startsWith('--') ? given.includes('=') : given.length > 2;
}

function unknownOption(given: string): CommandLine {
  const meant = given.startsWith('--') && similar(given.slice(2), GLOBAL_OPTIONS.map(({ name }) => name));
  const hint = meant ? `did you mean --${meant}?` : 'options of a command go after it: calicoctl COMMAND --OPTION';
  return { kind: 'problem', message: `${given} is not an option of calicoctl itself`, hint };
}

function isHelpOption(word: string): boolean {
  return word === '--help' || word === '-h';
}

function beforeDashes(args: readonly string[]): readonly string[] {
  const dashes = args.indexOf('--');
  return dashes === -1 ? args : args.slice(0, dashes);
}

/** The words up to the first option other than a question for help. */
function words(args: readonly string[]): readonly string[] {
  const wanted = args.filter((arg) => !isHelpOption(arg));
  const end = wanted.findIndex((arg) => arg.startsWith('-'));
  return end === -1 ? wanted : wanted.slice(0, end);
}

function longestCommand(given: readonly string[], commands: readonly string[]): string | undefined {
  for (let count = given.length; count > 0; count--) {
    const name = given.slice(0, count).join(' ');
    if (commands.includes(name)) return name;
  }
  return undefined;
}

function isTopic(name: string, commands: readonly string[]): boolean {
  return commands.some((command) => command.startsWith(`${name} `));
}

function helpOf(asked: readonly string[], commands: readonly string[]): CommandLine {
  const topic = asked.join(' ');
  if (topic === '' || isTopic(topic, commands)) return { kind: 'help', topic };
  const command = longestCommand(asked, commands);
  return command === undefined ? unknownCommand(asked, commands) : { kind: 'help', topic: command };
}

/** Says which word is wrong, and the command of the same topic that is nearest to it. */
function unknownCommand(asked: readonly string[], commands: readonly string[]): CommandLine {
  let known = 0;
  while (known < asked.length && isTopic(asked.slice(0, known + 1).join(' '), commands)) known++;
  const topic = asked.slice(0, known);
  const wrong = asked.slice(0, known + 1).join(' ');
  const candidates = new Set(commands.map((command) => command.split(' ')).filter((parts) => topic.every((word, at) => parts[at] === word)).map((parts) => parts[known] as string));
  const meant = similar(asked[known] ?? '', [...candidates]);
  const hint = meant === undefined ? `calicoctl help${topic.map((word) => ` ${word}`).join('')} lists the commands` : `did you mean ${[...topic, meant].join(' ')}?`;
  return { kind: 'problem', message: known === asked.length ? `${wrong} needs a command` : `${wrong} is not a command`, hint };
}
