import { CalicoError } from '../../base/errors.js';
import { findProgram, runAttached, runProgram, type ProgramEnd, type ProgramOptions } from '../program.js';
import { TIME_IS_OVER, withTimeLimit } from '../../base/time-limit.js';

/** The container engines whose command takes docker's words, in the order in which they are looked for. */
export const ENGINES = ['docker', 'podman', 'nerdctl'] as const;
export type EngineName = (typeof ENGINES)[number];

export type Environment = Readonly<Record<string, string | undefined>>;

/** A container engine, by its command. */
export interface Engine {
  readonly name: EngineName;
  /** Runs the command. Rejects with CalicoError where it cannot be started; an exit code is the caller's to judge. */
  run(args: readonly string[], options?: EngineOptions): Promise<ProgramEnd>;
  /** Runs the command on our own stdout and stderr and returns its exit code. */
  runAttached(args: readonly string[], options?: EngineOptions): Promise<number | null>;
}

export interface EngineOptions extends Omit<ProgramOptions, 'env'> {
  /** Variables beside our own: what must not stand in an argument. */
  readonly secrets?: Environment;
}

/** How long an engine's command may take, in milliseconds: one that only looks, and one that changes something. */
export interface EngineLimits {
  readonly lookMs: number;
  readonly changeMs: number;
}

/** Looking takes milliseconds; stopping a container takes ten seconds where it does not heed SIGTERM. */
const LIMITS: EngineLimits = { lookMs: 30_000, changeMs: 180_000 };
/** These wait for something other than the engine. */
const WITHOUT_LIMIT: readonly string[] = ['pull', 'logs', 'wait'];

/** The engine to use: the one asked for, else the first that is installed. Undefined where there is none. */
export function chooseEngine(wanted: EngineName | undefined, env: Environment, limits = LIMITS): Engine | undefined {
  for (const name of wanted === undefined ? ENGINES : [wanted]) {
    const file = findProgram(name, env['PATH'] ?? '');
    if (file !== undefined) return engineAt(name, file, env, limits);
  }
  return undefined;
}

/** As chooseEngine, for a command that cannot do without. Throws CalicoError. */
export function requireEngine(wanted: EngineName | undefined, env: Environment, limits = LIMITS): Engine {
  const engine = chooseEngine(wanted, env, limits);
  if (engine !== undefined) return engine;
  if (wanted !== undefined) throw new CalicoError('failed', `${wanted} is not installed: it is not in PATH`, { hint: (option) => `install it, or leave out ${option('runtime')} to use whichever of ${ENGINES.join(', ')} is installed` });
  throw new CalicoError('failed', 'there is no container engine: neither docker, podman nor nerdctl is in PATH', { hint: 'install one of them' });
}

/** Other engines that are installed beside this one. */
export function otherEngines(engine: Engine, env: Environment): EngineName[] {
  return ENGINES.filter((name) => name !== engine.name && findProgram(name, env['PATH'] ?? '') !== undefined);
}

function engineAt(name: EngineName, file: string, env: Environment, limits: EngineLimits): Engine {
  const programOptions = ({ secrets, ...options }: EngineOptions = {}): ProgramOptions => ({ ...options, env: { ...env, ...secrets } });
  const started = async <T>(run: Promise<T>): Promise<T> => {
    try {
      return await run;
    } catch (error) {
      throw new CalicoError('failed', `${file} cannot be started: ${(error as Error).message}`);
    }
  };
  const run: Engine['run'] = async (args, options) => {
    const [verb = '', noun] = args;
    if (WITHOUT_LIMIT.includes(verb)) return started(runProgram(file, args, programOptions(options)));
    const limitMs = noun === 'inspect' ? limits.lookMs : limits.changeMs;
    return withTimeLimit(limitMs, options?.signal, async (signal) => {
      const end = await started(runProgram(file, args, { ...programOptions(options), signal }));
      if (signal.reason === TIME_IS_OVER && end.code !== 0) throw hangingEngine(name, args, limitMs);
      return end;
    });
  };
  return {
    name,
    run,
    runAttached: (args, options) => started(runAttached(file, args, programOptions(options))),
  };
}

function hangingEngine(name: EngineName, args: readonly string[], limitMs: number): CalicoError {
  const shown = args[0] === 'run' ? 'run' : args.join(' ');
  const advice = name === 'podman' ? 'the machine may be overloaded, or another podman may hold its lock' : `its engine hangs or is overloaded; check its log, or restart it: systemctl restart ${serviceOf(name)}`;
  return new CalicoError('failed', `${name} did not answer within ${limitMs / 1000} s (${name} ${shown})`, { hint: advice });
}

/** What the service of an engine is called. */
function serviceOf(name: EngineName): string {
  return name === 'nerdctl' ? 'containerd' : name;
}

/** What an engine's command failed with, as one sentence where the reason is known, else its own last words. */
export function engineFailure(engine: Engine, doing: string, end: ProgramEnd): CalicoError {
  const words = lastLine(end.stderr) ?? lastLine(end.stdout) ?? 'it gave no reason';
  const said = `${engine.name} said: ${words}`;
  if (/permission denied/i.test(end.stderr) && /socket|\.sock|connect/i.test(end.stderr)) {
    return new CalicoError('forbidden', `this user may not talk to ${engine.name} (${said})`, { hint: `run it as root, or add the user to the group of ${engine.name}'s socket` });
  }
  if (isUnreachable(end.stderr)) {
    return new CalicoError('failed', `${engine.name} is installed, but its engine does not answer (${said})`, { hint: `start it, for example: systemctl start ${serviceOf(engine.name)}` });
  }
  return new CalicoError('failed', `${doing} failed${end.code === null ? '' : ` with exit status ${end.code}`} (${said})`);
}

function isUnreachable(stderr: string): boolean {
  return /cannot connect to the docker daemon|failed to connect to the docker api|is the docker daemon running|cannot connect to podman|connection refused.*sock|cannot access containerd socket/i.test(stderr);
}

function lastLine(text: string): string | undefined {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(saysSomething)
    .at(-1);
}

/** Whether a line is worth showing: docker closes its errors with advice on --help, and tells the id of what it could not start. */
export function saysSomething(line: string): boolean {
  return !/^\s*$|^(Run|See) '.*--help'|^[0-9a-f]{64}$/.test(line);
}
