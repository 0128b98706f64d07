import { CommandError } from '../errors.js';
import { findProgram, runAttached, runProgram, type ProgramEnd, type ProgramOptions } from './program.js';

/** The container engines whose command takes docker's words, in the order in which they are looked for. */
export const ENGINES = ['docker', 'podman', 'nerdctl'] as const;
export type EngineName = (typeof ENGINES)[number];

export type Environment = Readonly<Record<string, string | undefined>>;

/** A container engine, by its command. */
export interface Engine {
  readonly name: EngineName;
  /** Runs the command. Rejects with CommandError where it cannot be started; an exit code is the caller's to judge. */
  run(args: readonly string[], options?: EngineOptions): Promise<ProgramEnd>;
  /** Runs the command on our own stdout and stderr and returns its exit code. */
  runAttached(args: readonly string[], options?: EngineOptions): Promise<number | null>;
}

export interface EngineOptions extends Omit<ProgramOptions, 'env'> {
  /** Variables beside our own: what must not stand in an argument. */
  readonly secrets?: Environment;
}

/** The engine to use: the one asked for, else the first that is installed. Undefined where there is none. */
export function chooseEngine(wanted: EngineName | undefined, env: Environment): Engine | undefined {
  for (const name of wanted === undefined ? ENGINES : [wanted]) {
    const file = findProgram(name, env['PATH'] ?? '');
    if (file !== undefined) return engineAt(name, file, env);
  }
  return undefined;
}

/** As chooseEngine, for a command that cannot do without. Throws CommandError. */
export function requireEngine(wanted: EngineName | undefined, env: Environment): Engine {
  const engine = chooseEngine(wanted, env);
  if (engine !== undefined) return engine;
  if (wanted !== undefined) throw new CommandError(`${wanted} is not installed: no folder of PATH holds it`, undefined, `install it, or leave out --runtime to use what is installed of ${ENGINES.join(', ')}`);
  throw new CommandError('there is no container engine: no folder of PATH holds docker, podman or nerdctl', undefined, 'install one of them');
}

/** Other engines that are installed beside this one. */
export function otherEngines(engine: Engine, env: Environment): EngineName[] {
  return ENGINES.filter((name) => name !== engine.name && findProgram(name, env['PATH'] ?? '') !== undefined);
}

function engineAt(name: EngineName, file: string, env: Environment): Engine {
  const programOptions = ({ secrets, ...options }: EngineOptions = {}): ProgramOptions => ({ ...options, env: { ...env, ...secrets } });
  const started = async <T>(run: Promise<T>): Promise<T> => {
    try {
      return await run;
    } catch (error) {
      throw new CommandError(`${file} cannot be started: ${(error as Error).message}`);
    }
  };
  return {
    name,
    run: (args, options) => started(runProgram(file, args, programOptions(options))),
    runAttached: (args, options) => started(runAttached(file, args, programOptions(options))),
  };
}

/** What an engine's command failed with, as one sentence where the reason is known, else its own last words. */
export function engineFailure(engine: Engine, doing: string, end: ProgramEnd): CommandError {
  const words = lastLine(end.stderr) ?? lastLine(end.stdout) ?? 'it gave no reason';
  const said = `${engine.name} said: ${words}`;
  if (/permission denied/i.test(end.stderr) && /socket|\.sock|connect/i.test(end.stderr)) {
    return new CommandError(`this user may not talk to ${engine.name} (${said})`, undefined, `run it as root, or add the user to the group of ${engine.name}'s socket`);
  }
  if (isUnreachable(end.stderr)) {
    return new CommandError(`${engine.name} is installed, but its engine does not answer (${said})`, undefined, `start it, for example: systemctl start ${engine.name === 'nerdctl' ? 'containerd' : engine.name}`);
  }
  return new CommandError(`${doing} failed${end.code === null ? '' : ` with exit status ${end.code}`} (${said})`);
}

function isUnreachable(stderr: string): boolean {
  return /cannot connect to the docker daemon|is the docker daemon running|cannot connect to podman|connection refused.*sock|cannot access containerd socket/i.test(stderr);
}

/** The last line that says something: docker closes its errors with advice on --help. */
function lastLine(text: string): string | undefined {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(Run|See) '.*--help'/.test(line))
    .at(-1);
}
