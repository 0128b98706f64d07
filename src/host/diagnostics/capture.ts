import { spawn } from 'node:child_process';
import { findProgram, killGroup } from '../program.js';
import type { Write } from '../archive/archive.js';

/** A step did not do what it should; the message says why. */
export class StepFailure extends Error {}

/** Where administrators' programs are, which the search path of other users lacks. */
const SYSTEM_FOLDERS = '/usr/local/sbin:/usr/sbin:/sbin';

/** The file of a program, or undefined where it is not installed. */
export function installed(program: string, searchPath: string): string | undefined {
  return findProgram(program, `${searchPath}:${SYSTEM_FOLDERS}`);
}

/**
 * Runs a program without a shell and hands on what it writes to either stream, as it comes. A signal, or a reader that
 * wants no more, kills it and what it started: nothing that a diagnosis runs has anything to save.
 * Throws StepFailure where it ends in another way than with exit code 0.
 */
export async function capture(file: string, args: readonly string[], write: Write, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const child = spawn(file, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => child.on('error', reject).on('exit', (...end) => resolve(end)));
  // Whoever waits for the streams first must not leave this rejection unhandled.
  ended.catch(() => undefined);
  const reader = { wantsMore: true };
  const kill = (): void => {
    killGroup(child, 'SIGKILL');
    child.stdout.destroy();
    child.stderr.destroy();
  };
  signal.addEventListener('abort', kill);
  const copy = async (stream: AsyncIterable<Buffer>): Promise<void> => {
    for await (const piece of stream) {
      reader.wantsMore &&= await write(piece);
      if (!reader.wantsMore) return kill();
    }
  };
  try {
    await Promise.allSettled([copy(child.stdout), copy(child.stderr)]);
    const [code, killedBy] = await ended;
    signal.throwIfAborted();
    if (reader.wantsMore && code !== 0) throw new StepFailure(code === null ? `ended by ${killedBy}` : `exit status ${code}`);
  } finally {
    signal.removeEventListener('abort', kill);
  }
}
