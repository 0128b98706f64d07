import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { accessSync, closeSync, constants, openSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

export interface ProgramOptions {
  /** The whole environment of the program; ours where it is left out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Ends the program, and what it started itself, with SIGTERM. The promise still settles with how it ended. */
  readonly signal?: AbortSignal | undefined;
  /** Takes each line of either stream as it comes, without its end. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
  /** What the program reads on its stdin; without it there is nothing to read. */
  readonly input?: string;
  /** Keeps all of stdout, for programs that print a state of unknown size; otherwise the last MEBIBYTE characters. */
  readonly whole?: boolean;
  /** Ends the program like the signal once it has run so long, in milliseconds; with SIGKILL if that was no use for as long again. */
  readonly timeoutMs?: number;
}

/** How a program ended. Of each stream the last MEBIBYTE characters are kept, unless all was asked for. */
export interface ProgramEnd {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const MEBIBYTE = 1 << 20;
/** How many characters of input go into a pipe at once, whatever they are. */
const AT_ONCE = 16_384;
/** O_TMPFILE of Linux. */
const UNNAMED = 0o20000000 | constants.O_DIRECTORY;

/**
 * Runs a program with a list of arguments, never through a shell, and waits for its end. It leads a process group of
 * its own: a Ctrl-C on the terminal reaches us only, and we decide what ends. Rejects where it cannot be started.
 */
export async function runProgram(file: string, args: readonly string[], options: ProgramOptions = {}): Promise<ProgramEnd> {
  const { input, onLine, whole = false } = options;
  const stored = input !== undefined && input.length > AT_ONCE ? storedInput(input) : undefined;
  const child = start(file, args, options, [stored ?? (input === undefined ? 'ignore' : 'pipe'), 'pipe', 'pipe']);
  if (stored !== undefined) closeSync(stored);
  const streams = [whole && onLine === undefined ? collectAll(child) : collect(child, 'stdout', onLine), collect(child, 'stderr', onLine)];
  // A program that ends before it has read all says why by its exit code.
  child.stdin?.on('error', () => undefined).end(input);
  const code = await ended(child);
  const [stdout = '', stderr = ''] = streams.map((finish) => finish());
  return { code, stdout, stderr };
}

/**
 * The descriptor of a file without a name that has the input. What does not go into a pipe at once is handed over as the program reads, and
 * if we are killed meanwhile, it takes the part that it has for all: half a line may be a whole one that means something else.
 * Undefined where no such file can be made.
 */
function storedInput(input: string): number | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(tmpdir(), UNNAMED | constants.O_RDWR, 0o600);
  } catch {
    return undefined;
  }
  try {
    const bytes = Buffer.from(input);
    // With a position given, the program begins to read at the start.
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at, bytes.length - at, at);
    return descriptor;
  } catch {
    closeSync(descriptor);
    return undefined;
  }
}

/** What runs programs; tests have one that runs them in another network namespace. */
export type RunProgram = typeof runProgram;

/** The same for a program that writes to our own stdout and stderr. Returns its exit code, null after a signal. */
export function runAttached(file: string, args: readonly string[], options: Pick<ProgramOptions, 'env' | 'signal'> = {}): Promise<number | null> {
  return ended(start(file, args, options, ['ignore', 'inherit', 'inherit']));
}

/**
 * Runs a program that talks to the terminal itself, in our own process group: a Ctrl-C reaches both. The signal ends it with
 * SIGTERM. Returns its exit code, null after a signal; rejects where it cannot be started.
 */
export async function runInForeground(file: string, args: readonly string[], signal: AbortSignal): Promise<number | null> {
  const child = spawn(file, args, { stdio: 'inherit' });
  const end = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', end);
  try {
    return await ended(child);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

function start(file: string, args: readonly string[], { env, signal, timeoutMs }: ProgramOptions, stdio: StdioOptions): ChildProcess {
  const child = spawn(file, args, { detached: true, stdio, ...(env && { env: { ...env } }) });
  const end = (): void => killGroup(child, 'SIGTERM');
  const timers = timeoutMs === undefined ? [] : [setTimeout(end, timeoutMs), setTimeout(() => killGroup(child, 'SIGKILL'), 2 * timeoutMs)];
  if (signal?.aborted === true) end();
  signal?.addEventListener('abort', end);
  const settle = (): void => {
    signal?.removeEventListener('abort', end);
    for (const timer of timers) clearTimeout(timer);
  };
  child.on('error', settle).on('close', settle);
  return child;
}

/**
 * Sends a signal to a program that leads its own process group, and to what it started itself: where a wrapper is killed
 * alone, the real program stays and keeps the streams open.
 */
export function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // All have ended already, or belong to another user now.
  }
}

/** Sends a signal to one process; false where there is none of that number, or it is another user's. */
export function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
}

/** Collects a stream; the function it returns hands over what came, and the line that was never ended. */
function collect(child: ChildProcess, name: 'stdout' | 'stderr', onLine: ProgramOptions['onLine']): () => string {
  let text = '';
  let rest = '';
  child[name]?.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-MEBIBYTE);
    const lines = (rest + chunk).slice(-MEBIBYTE).split(/\r?\n/);
    rest = lines.pop() as string;
    for (const line of lines) onLine?.(line, name);
  });
  return () => {
    if (rest !== '') onLine?.(rest, name);
    return text;
  };
}

/** Collects all of stdout; the function it returns hands it over. */
function collectAll(child: ChildProcess): () => string {
  const chunks: string[] = [];
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  return () => chunks.join('');
}

/** The file that a program's name stands for, or undefined where no folder of the search path holds such a program. */
export function findProgram(name: string, searchPath: string): string | undefined {
  return searchPath
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
