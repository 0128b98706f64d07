import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readStat } from './process-stat.js';
import { listProcesses } from './processes.js';

/** A process that was started to outlive us. */
export interface Background {
  readonly pid: number;
  /** Lets it live on when we end. Until then its standard input ends with us. */
  release(): void;
  /** Whether it has ended. */
  isOver(): boolean;
}

/**
 * Starts a program in a session of its own, away from our terminal; its output is added to a file. It can tell by the end of its standard
 * input that we are gone. Rejects where it cannot be started.
 */
export async function startInBackground(words: readonly string[], { env, log }: { readonly env: Readonly<Record<string, string | undefined>>; readonly log: string }): Promise<Background> {
  const [file = '', ...args] = words;
  const output = openSync(log, 'a');
  const child = spawn(file, args, { detached: true, stdio: ['pipe', output, output], env: { ...env }, cwd: '/' });
  closeSync(output);
  child.stdin?.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  const release = (): void => {
    child.unref();
    child.stdin?.destroy();
  };
  return { pid: child.pid as number, release, isOver: () => child.exitCode !== null || child.signalCode !== null };
}

/** The processes whose command line has all of some words. */
export function processesWith(words: readonly string[]): readonly { readonly pid: number; readonly argv: readonly string[]; readonly started: string }[] {
  return listProcesses()
    .filter(({ argv }) => words.every((word) => argv.includes(word)))
    .flatMap(({ pid, argv }) => {
      const stat = readStat(pid);
      return stat === undefined || stat.isZombie ? [] : [{ pid, argv, started: stat.started }];
    });
}
