import { CalicoError } from '../base/errors.js';
import { entering, type Namespaces } from './namespaces/namespaces.js';
import { runProgram, type ProgramOptions } from './program.js';

/** Runs a command somewhere and returns what it printed. Throws CalicoError where it fails. */
export type Run = (words: readonly string[], stdin?: string) => Promise<string>;

/** Runs a command where we are, and waits for its end. Throws CalicoError with what it said where it fails or cannot be started. */
export const runHere: Run = (words, stdin) => runBounded(words, stdin, {});

/** The same for commands that are ended once they have run for so long. */
export function runWithin(timeoutMs: number): Run {
  return (words, stdin) => runBounded(words, stdin, { timeoutMs });
}

async function runBounded(words: readonly string[], stdin: string | undefined, options: ProgramOptions): Promise<string> {
  const [file = '', ...args] = words;
  const { code, stdout, stderr } = await runProgram(file, args, stdin === undefined ? options : { ...options, input: stdin }).catch((error: unknown) => ({ code: null, stdout: '', stderr: (error as Error).message }));
  if (code === 0) return stdout;
  const said = stderr.trim() === '' ? (code === null ? 'it was ended by a signal' : `it ended with ${code}`) : stderr.trim();
  throw new CalicoError('failed', `${shown(words, stdin, said)}: ${said.split('\n').slice(0, 2).join('; ')}`);
}

/** Runs commands in namespaces. */
export function runIn(namespaces: Namespaces, run: Run = runHere): Run {
  return (words, stdin) => run(entering(namespaces, words), stdin);
}

/** Without the words that only lead into namespaces; of many lines that it reads the one that it says is wrong; of a script nothing else. */
function shown(words: readonly string[], stdin: string | undefined, said: string): string {
  const command = words[0] === 'nsenter' ? words.slice(words.indexOf('--') + 1) : words;
  const line = /-:(\d+)/.exec(said)?.[1];
  const brief = command[0] === 'sh' && command[1] === '-c' ? ['sh', '-c', '...'] : command;
  return `${brief.join(' ')}${stdin === undefined || line === undefined ? '' : ` (${stdin.split('\n')[Number(line) - 1] ?? ''})`}`;
}
