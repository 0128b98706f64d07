import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Where one member lives. */
export interface Place {
  readonly clientUrl: string;
  readonly peerUrl: string;
  /** The words before a command that start it there. */
  readonly prefix: readonly string[];
  /** Cuts it off from everybody, or from the other members only. */
  cut(from: 'all' | 'peers'): void;
  heal(): void;
}

/** Where the members live, and how they can be cut off from each other. */
export interface Ground {
  readonly places: readonly Place[];
  close(): void;
}

const NETWORK = '10.77.0';
const LINK_WITHIN_MS = 120_000;

/** Makes a network namespace for each member, joined by a bridge in the namespace of this process, which must be one of its own. */
export async function makeGround(count: number): Promise<Ground> {
  const holders: ChildProcess[] = [];
  run('ip', 'link', 'set', 'lo', 'up');
  run('ip', 'link', 'add', 'br0', 'type', 'bridge');
  run('ip', 'address', 'add', `${NETWORK}.254/24`, 'dev', 'br0');
  run('ip', 'link', 'set', 'br0', 'up');
  const numbers = Array.from({ length: count }, (_none, index) => index + 1);
  const places: Place[] = [];
  for (const number of numbers) {
    const holder = spawn('unshare', ['--net', 'sleep', 'infinity'], { stdio: 'ignore' });
    holders.push(holder);
    await separated(holder);
    places.push(placeIn(String(holder.pid), number, numbers.filter((other) => other !== number)));
  }
  return { places, close: () => holders.forEach((holder) => holder.kill('SIGKILL')) };
}

/** Waits until a process has a network of its own. */
async function separated({ pid }: ChildProcess): Promise<void> {
  const until = performance.now() + LINK_WITHIN_MS;
  while (readlinkSync(`/proc/${pid}/ns/net`) === readlinkSync('/proc/self/ns/net')) {
    if (performance.now() > until) throw new Error('a network namespace did not come about');
    await sleep(20);
  }
}

function placeIn(pid: string, number: number, others: readonly number[]): Place {
  const port = `port${number}`;
  const prefix = ['nsenter', '-t', pid, '-n'];
  const inside = (...command: string[]): void => run('nsenter', ...prefix.slice(1), ...command);
  run('ip', 'link', 'add', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', pid);
  run('ip', 'link', 'set', port, 'master', 'br0', 'up');
  inside('ip', 'address', 'add', `${NETWORK}.${number}/24`, 'dev', 'eth0');
  inside('ip', 'link', 'set', 'eth0', 'up');
  inside('ip', 'link', 'set', 'lo', 'up');
  return {
    clientUrl: `http://${NETWORK}.${number}:2379`,
    peerUrl: `http://${NETWORK}.${number}:2380`,
    prefix,
    cut: (from) => {
      if (from === 'all') run('ip', 'link', 'set', port, 'down');
      // The clients, at .254, still reach it.
      else for (const other of others) inside('ip', 'route', 'replace', 'blackhole', `${NETWORK}.${other}/32`);
    },
    heal: () => {
      run('ip', 'link', 'set', port, 'up');
      inside('ip', 'route', 'flush', 'type', 'blackhole');
    },
  };
}

/** Runs a command that must succeed; its error holds what it said. */
function run(file: string, ...args: readonly string[]): void {
  execFileSync(file, args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
