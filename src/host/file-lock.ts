import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { CalicoError } from '../base/errors.js';
import { makeFolder } from '../base/make-folder.js';

export interface LockOptions {
  /** For how long others are waited for. */
  readonly seconds: number;
  readonly signal: AbortSignal;
}

/**
 * Locks a file, as flock(2) does, against whoever else on this machine does so, and returns what lets it go. The kernel lets it go where we are
 * killed. Throws CalicoError where it cannot be had.
 *
 * The lock belongs to the open file, which the program that asks for it shares with us: it is ours when that program has ended.
 */
export async function lockFile(path: string, options: LockOptions): Promise<() => void> {
  const descriptor = openLock(path);
  try {
    await takeLock(descriptor, path, options);
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
  return () => closeSync(descriptor);
}

function openLock(path: string): number {
  try {
    makeFolder(dirname(path));
    return openSync(path, 'a', 0o600);
  } catch (error) {
    throw notLocked(path, (error as Error).message);
  }
}

function takeLock(descriptor: number, path: string, { seconds, signal }: LockOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('flock', ['-x', '-w', String(seconds), '3'], { stdio: ['ignore', 'ignore', 'ignore', descriptor] });
    const end = (): void => void child.kill('SIGKILL');
    signal.addEventListener('abort', end, { once: true });
    child
      .on('error', (error) => reject(notLocked(path, error.message)))
      .on('exit', (code) => {
        signal.removeEventListener('abort', end);
        if (code === 0) resolve();
        else reject(notLocked(path, code === 1 ? `another process has had it for ${seconds} s` : 'flock did not take it'));
      });
  });
}

function notLocked(path: string, why: string): CalicoError {
  return new CalicoError('failed', `${path} cannot be locked: ${why}`);
}
