import { readdirSync } from 'node:fs';
import { readStat } from '../process-stat.js';

/** Namespaces by the files that stand for them (namespaces(7)). What is left out stays that of whoever enters. */
export interface Namespaces {
  readonly net: string;
  readonly mount?: string;
  readonly uts?: string;
  readonly pid?: string;
}

/**
 * What makes a host: a network, mounts, a host name and processes of its own. Whoever is its first process takes all others with it
 * when it ends, and so does the program that waits for it.
 */
export const NEW_HOST = ['unshare', '--net', '--mount', '--uts', '--pid', '--fork', '--kill-child', '--propagation', 'private', '--'] as const;

/** A process that does nothing but wait for the children of others that come to it: without one, what has ended would stay as a zombie. */
export const WAITING = ['sh', '-c', 'while :; do sleep 3600; done'] as const;

/** The namespaces that a process is in. `folder` is where it is seen: `/proc`, or that of another process namespace. */
export function namespacesOf(pid: number, folder = '/proc'): Required<Namespaces> {
  const file = (name: string): string => `${folder}/${pid}/ns/${name}`;
  return { net: file('net'), mount: file('mnt'), uts: file('uts'), pid: file('pid') };
}

/** The words that run a command in namespaces. */
export function entering(namespaces: Namespaces, words: readonly string[]): string[] {
  const { net, mount, uts, pid } = namespaces;
  const flags = Object.entries({ net, mount, uts, pid }).flatMap(([name, file]) => (file === undefined ? [] : [`--${name}=${file}`]));
  return ['nsenter', ...flags, '--', ...words];
}

/** The first child of a process; undefined where it has none. */
export function childOf(parent: number, folder = '/proc'): number | undefined {
  return readdirSync(folder)
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .find((pid) => readStat(pid, folder)?.parent === parent);
}
