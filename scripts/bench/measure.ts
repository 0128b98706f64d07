import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One run of a process. */
export interface Run {
  readonly ms: number;
  readonly peakMb: number;
}

export interface Measured {
  /** Median over the rounds of the wall time divided by that of `node -e 0` in the same round. */
  readonly ratio: number;
  readonly ms: number;
  readonly peakMb: number;
}

/** Variables that would change what is measured: certificates cost every Node 140 ms, flags invalidate code caches (reference/speed 1). */
const UNSET = ['NODE_EXTRA_CA_CERTS', 'NODE_OPTIONS', 'NODE_V8_COVERAGE'];

/** Reads what a process writes, piece by piece; true where it has seen enough, and the process is interrupted. */
export type Reader = (piece: Buffer) => boolean;

/** How a command ends that was interrupted. */
const INTERRUPTED = 130;

/** Runs `node` with the arguments and waits for its end. Its output is discarded, unless there is a reader. Throws where it ends otherwise than with `ending`. */
export async function runNode(args: readonly string[], env: Readonly<Record<string, string>> = {}, reader?: Reader, ending = reader === undefined ? 0 : INTERRUPTED, stdin: 'ignore' | number = 'ignore'): Promise<Run> {
  const directory = mkdtempSync(join(tmpdir(), 'calicoctl-bench-'));
  const peakFile = join(directory, 'peak');
  const errors = openSync(join(directory, 'stderr'), 'w');
  const environment = { ...plainEnvironment(), ...env, PEAK_FILE: peakFile };
  try {
    const started = performance.now();
    const child = spawn(process.execPath, ['--require', join(import.meta.dirname, 'peak.cjs'), ...args], { env: environment, stdio: [stdin, reader === undefined ? 'ignore' : 'pipe', errors] });
    if (reader !== undefined) child.stdout?.on('data', (piece: Buffer) => reader(piece) && child.kill('SIGINT'));
    const code = await new Promise((resolve) => child.once('exit', resolve));
    const ms = performance.now() - started;
    if (code !== ending) throw new Error(`node ${args.join(' ')} ended with ${String(code)}:\n${readFileSync(join(directory, 'stderr'), 'utf8').slice(-2000)}`);
    return { ms, peakMb: Number(readFileSync(peakFile, 'utf8')) / 1024 };
  } finally {
    closeSync(errors);
    rmSync(directory, { recursive: true });
  }
}

/** The middle one. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

/** Runs the work `rounds` times, each time beside a bare `node -e 0`. `prepare` goes before each run and is not measured. */
export async function measure(rounds: number, work: () => Promise<Run>, prepare: () => Promise<unknown> = async () => undefined): Promise<Measured> {
  const runs: Run[] = [];
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await prepare();
    const bare = median([await bareNode(), await bareNode(), await bareNode()]);
    const run = await work();
    runs.push(run);
    ratios.push(run.ms / bare);
  }
  return { ratio: median(ratios), ms: median(runs.map(({ ms }) => ms)), peakMb: Math.max(...runs.map(({ peakMb }) => peakMb)) };
}

/** Milliseconds of `node -e 0`, without anything loaded before it. */
async function bareNode(): Promise<number> {
  const env = plainEnvironment();
  const started = performance.now();
  const child = spawn(process.execPath, ['-e', '0'], { env, stdio: 'ignore' });
  await new Promise((resolve) => child.once('exit', resolve));
  return performance.now() - started;
}

function plainEnvironment(): NodeJS.ProcessEnv {
  const environment = { ...process.env };
  for (const name of UNSET) Reflect.deleteProperty(environment, name);
  return environment;
}
