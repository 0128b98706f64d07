import { spawn, type ChildProcess } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { CalicoError } from '../../base/errors.js';
import { signalProcess } from '../program.js';
import { childOf, namespacesOf, NEW_HOST, WAITING } from './namespaces.js';

/** Namespaces that are there as long as a process is in them. */
export interface Held {
  readonly pid: number;
  /** Ends all processes in them; settles when they have. */
  end(): Promise<void>;
}

const LONGEST_MS = 5000;
const LOOKED_AFTER_MS = 2;

/** Makes a host: see NEW_HOST. Throws CalicoError where the kernel does not allow it. */
export function holdHost(): Promise<Held> {
  return hold([...NEW_HOST, ...WAITING], (launcher) => childOf(launcher));
}

/** Makes a network namespace. Throws CalicoError where the kernel does not allow it. */
export function holdNetwork(): Promise<Held> {
  const own = readlinkSync('/proc/self/ns/net');
  return hold(['unshare', '--net', '--', ...WAITING], (launcher) => (linkOf(namespacesOf(launcher).net) === own ? undefined : launcher));
}

async function hold([file = '', ...args]: readonly string[], find: (launcher: number) => number | undefined): Promise<Held> {
  const child = spawn(file, args, { detached: true, stdio: ['ignore', 'ignore', 'pipe'], cwd: '/' });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', (error) => ((said = error.message), resolve())));
  const pid = await found(child, find);
  if (pid === undefined) throw new CalicoError('failed', `no namespaces can be made: ${said.trim() === '' ? 'they were not there in time' : said.trim()}`);
  return {
    pid,
    end: async () => {
      signalProcess(pid, 'SIGKILL');
      await ended;
    },
  };
}

async function found(child: ChildProcess, find: (launcher: number) => number | undefined): Promise<number | undefined> {
  const deadline = performance.now() + LONGEST_MS;
  while (performance.now() < deadline && child.exitCode === null && child.signalCode === null) {
    const pid = child.pid === undefined ? undefined : find(child.pid);
    if (pid !== undefined) return pid;
    await sleep(LOOKED_AFTER_MS);
  }
  return undefined;
}

function linkOf(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch {
    return undefined;
  }
}
