import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** What users start. */
export const PROGRAM = fileURLToPath(new URL('../../bin/run.js', import.meta.url));
const LONGEST_MS = 150_000;

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: string | Buffer;
  /** Runs it on a pseudo-terminal, so that both streams come together as somebody would see them. */
  readonly terminal?: boolean;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** An environment that says nothing about Calico, etcd or colours. */
export function bareEnvironment(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'LANG'];
  const own = Object.fromEntries(kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
  // What the bundle covers cannot be counted, and Node would hand the wish on by itself.
  return { ...own, NODE_V8_COVERAGE: '' };
}

/** Runs the built calicoctl and waits for its end; one that hangs is killed and gives code null. */
export function calicoctl(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return runProgram([process.execPath, PROGRAM, ...args], options);
}

/** Runs a program as calicoctl is run. */
export function runProgram(command: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return startProgram(command, options).ended;
}

/** A program that is running. */
export interface Running {
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<Ended>;
}

/** Starts a program as calicoctl is started. */
export function startOther(command: readonly string[], options: RunOptions = {}): Running {
  return startProgram(command, options);
}

/** Starts the built calicoctl. */
export function startCalicoctl(args: readonly string[], options: RunOptions = {}): Running {
  return startProgram([process.execPath, PROGRAM, ...args], options);
}

/** Starts a program as calicoctl is started. */
export function startProgram(command: readonly string[], options: RunOptions): Running {
  const env = { ...bareEnvironment(), ...options.env };
  const [file = '', ...rest] = options.terminal === true ? ['script', '-qec', command.map(quoted).join(' '), '/dev/null'] : command;
  const child = spawn(file, rest, { cwd: options.cwd ?? ROOT, env: options.terminal === true ? { ...env, TERM: 'xterm' } : env, timeout: LONGEST_MS, killSignal: 'SIGKILL' });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  child.stdin.on('error', () => undefined).end(options.stdin ?? '');
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject).on('close', (code, signal) => resolve({ code, signal, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }));
  });
  return { kill: (signal) => void child.kill(signal), ended };
}

function quoted(argument: string): string {
  return `'${argument.replaceAll("'", `'\\''`)}'`;
}
