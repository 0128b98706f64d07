import { readFileSync } from 'node:fs';

/** What the kernel says of a process that its number alone does not. */
export interface ProcessStat {
  readonly parent: number;
  /** When it began, in ticks since the machine did: with the number it is one process only. */
  readonly started: string;
  /** It has ended, and nobody has asked how. */
  readonly isZombie: boolean;
}

/** Reads `/proc/PID/stat` (proc_pid_stat(5)); undefined where there is no such process. `folder` is where the processes are seen. */
export function readStat(pid: number, folder = '/proc'): ProcessStat | undefined {
  let text: string;
  try {
    text = readFileSync(`${folder}/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The name, which stands in parentheses, may hold anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { parent: Number(fields[1]), started: fields[19] ?? '', isZombie: fields[0] === 'Z' };
}
