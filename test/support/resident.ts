import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { bareEnvironment, PROGRAM, ROOT, type Ended, type RunOptions } from '../../scripts/support/calicoctl.js';

const SERVER = fileURLToPath(new URL('resident.cjs', import.meta.url));
/** Stands behind all that a command wrote to a stream; no command writes it. */
const MARK = '\0the end of a command\0';
const LONGEST_MS = 150_000;

/**
 * The built calicoctl, run in a process that has run it before: a quarter of the work, where much is run and what a process of its own
 * would add is nothing that the test is about. From the command line to the exit code the same code runs; there is no terminal.
 */
export class Resident {
  private child: ChildProcess | undefined;
  private last: Promise<unknown> = Promise.resolve();

  /** Runs calicoctl and waits for its end; one command at a time, in the order of the calls. */
  run(args: readonly string[], options: Omit<RunOptions, 'terminal'> = {}): Promise<Ended> {
    const ended = this.last.then(() => this.#run(args, options));
    this.last = ended.catch(() => undefined);
    return ended;
  }

  async #run(args: readonly string[], { env, cwd = ROOT, stdin = '' }: RunOptions): Promise<Ended> {
    const child = (this.child ??= spawn(process.execPath, [SERVER, PROGRAM], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env: bareEnvironment() }));
    const ended = Promise.all([nextCode(child), upToMark(child.stdout), upToMark(child.stderr)]);
    child.send({ args, folder: cwd, environment: { ...bareEnvironment(), ...env }, stdin: Buffer.from(stdin).toString('base64'), mark: MARK });
    try {
      const [code, stdout, stderr] = await ended;
      return { code, signal: null, stdout, stderr };
    } finally {
      child.stdout?.removeAllListeners('data');
      child.stderr?.removeAllListeners('data');
    }
  }

  /** Ends the process; harmless the second time. */
  async stop(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }
}

/** The exit code of the command that is running. One that hangs, or takes the process with it, is an error. */
function nextCode(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      child.off('message', onMessage).off('exit', onExit).off('error', reject);
      act();
    };
    const onMessage = (code: unknown): void => settle(() => resolve(Number(code)));
    const onExit = (code: number | null, signal: string | null): void => settle(() => reject(new Error(`calicoctl took its process with it (${code ?? signal})`)));
    const timer = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS);
    child.on('message', onMessage).on('exit', onExit).on('error', reject);
  });
}

/** What comes from a stream before the mark. */
function upToMark(stream: ChildProcess['stdout']): Promise<string> {
  return new Promise((resolve) => {
    let text = Buffer.alloc(0);
    stream?.on('data', (chunk: Buffer) => {
      text = Buffer.concat([text, chunk]);
      if (text.subarray(-MARK.length).equals(Buffer.from(MARK))) resolve(text.subarray(0, -MARK.length).toString());
    });
  });
}
