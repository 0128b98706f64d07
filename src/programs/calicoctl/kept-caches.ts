import { closeSync, fstatSync, lstatSync, mkdirSync, openSync, readFileSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { getHeapCodeStatistics } from 'node:v8';
import type { Script } from 'node:vm';
import { seal, unseal } from './code-cache.js';

/**
 * Code caches of an installed program, whose own folder is not written to: they are made at the first use of a command, and again
 * when a use compiled much that they lack. Whoever may write to one may run code as whoever reads it: so only what belongs to the
 * user or to root, and can be changed by nobody else, is read (docs/build.md, section 3).
 */
const OF_ROOT = '/var/cache/calicoctl';
const FIGURE_BYTES = 4;
/** A cache is made anew where a use left more code behind than the use that made it, by this factor. */
const GROWN = 1.03;
const OTHERS_MAY_WRITE = 0o022;

export interface KeptCache {
  readonly cache: Buffer;
  /** How much code V8 held at the end of the use that made it, in bytes. */
  readonly code: number;
}

/** The cache of a command that an earlier use kept and that was made of this source by this Node. */
export function keptCache(file: string, source: Buffer): KeptCache | undefined {
  for (const folder of folders()) {
    const data = unseal(readTrusted(join(folder, file)), source);
    if (data !== undefined) return { code: data.readUInt32LE(0), cache: data.subarray(FIGURE_BYTES) };
  }
  return undefined;
}

/** When the process ends, keeps what V8 compiled of a script, unless the cache that was used has nearly all of it. What cannot be written is not kept. */
export function keepAtExit(script: Script, file: string, source: Buffer, used: KeptCache | undefined): void {
  // Code that was compiled for a debugger or for coverage is none for others.
  if (process.execArgv.length > 0 || [process.env.NODE_OPTIONS, process.env.NODE_V8_COVERAGE].some((asked = '') => asked !== '')) return;
  process.on('exit', () => {
    const code = getHeapCodeStatistics().bytecode_and_metadata_size;
    const [folder] = folders();
    if (folder === undefined || (used !== undefined && code < used.code * GROWN)) return;
    try {
      keep(join(folder, file), () => seal(Buffer.concat([figure(code), script.createCachedData()]), source));
    } catch {
      // A full disk, a folder of somebody else: the next use compiles again.
    }
  });
}

/** Where caches are looked for; the first is where this user's are kept. */
function folders(): readonly string[] {
  const { XDG_CACHE_HOME, HOME } = process.env;
  if (XDG_CACHE_HOME !== undefined && isAbsolute(XDG_CACHE_HOME)) return [join(XDG_CACHE_HOME, 'calicoctl')];
  // With sudo, HOME may be somebody else's.
  const own = process.geteuid?.() !== 0 && HOME !== undefined && isAbsolute(HOME) ? [join(HOME, '.cache/calicoctl')] : [];
  return [...own, OF_ROOT];
}

function readTrusted(file: string): Buffer | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    return isOurs(fstatSync(descriptor)) ? readFileSync(descriptor) : undefined;
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function isOurs({ uid, mode }: { readonly uid: number; readonly mode: number }): boolean {
  return (uid === 0 || uid === process.geteuid?.()) && (mode & OTHERS_MAY_WRITE) === 0;
}

/** Replaces a file by a whole one, in a folder that nobody else can write to. */
function keep(file: string, content: () => Buffer): void {
  const folder = dirname(file);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  if (!isOurs(lstatSync(folder))) return;
  const begun = join(folder, `.${basename(file)}.${process.pid}`);
  const descriptor = openSync(begun, 'wx', 0o644);
  try {
    const bytes = content();
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
    renameSync(begun, file);
  } catch (error) {
    unlinkSync(begun);
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

function figure(code: number): Buffer {
  const bytes = Buffer.alloc(FIGURE_BYTES);
  bytes.writeUInt32LE(code);
  return bytes;
}
