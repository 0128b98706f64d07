import { readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { appendLine } from '../base/append-line.js';
import type { WriteLine } from '../text/log.js';
import type { LogConfig } from './network-config.js';

const MEGABYTE = 1024 * 1024;
const DAY_MS = 86_400_000;

/**
 * Lines into a file that does not grow without end (reference/network-plugin 5.3): once it is too large, it is put aside under a name with the time,
 * and those that are too old or too many go. A log that cannot be written must not keep a container from its network: that is told once.
 */
export function logFile({ file, maxSize, maxAge, maxCount }: LogConfig & { readonly file: string }, onFailure: (why: string) => void, now: () => Date): WriteLine {
  let works = true;
  return (line) => {
    if (!works) return;
    try {
      append(file, line, maxSize, () => putAside(file, { maxAge, maxCount }, now()));
    } catch (error) {
      works = false;
      onFailure((error as Error).message);
    }
  };
}

function append(file: string, line: string, maxSize: number, makeRoom: () => void): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  if (size !== undefined && size + Buffer.byteLength(line) > maxSize * MEGABYTE) makeRoom();
  appendLine(file, line, 0o600);
}

/** Of several plugins at once, one finds the file; the others go on with the new one. */
function putAside(file: string, { maxAge, maxCount }: { readonly maxAge: number; readonly maxCount: number }, now: Date): void {
  const folder = dirname(file);
  const ending = extname(file);
  const stem = `${basename(file, ending)}-`;
  try {
    renameSync(file, join(folder, `${stem}${now.toISOString().replaceAll(':', '-').replace('Z', '')}${ending}`));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const isOld = (name: string): boolean => now.getTime() - timeIn(name.slice(stem.length, name.length - ending.length)) > maxAge * DAY_MS;
  const kept = readdirSync(folder).filter((name) => name.startsWith(stem) && name.endsWith(ending) && !Number.isNaN(timeIn(name.slice(stem.length, name.length - ending.length)))).sort().reverse();
  for (const [at, name] of kept.entries()) if (at >= maxCount || isOld(name)) rmSync(join(folder, name), { force: true });
}

/** The time in a name as `putAside` makes it. */
function timeIn(text: string): number {
  return Date.parse(`${text.replace(/T(\d\d)-(\d\d)-/, 'T$1:$2:')}Z`);
}
