import { closeSync, constants, existsSync, fstatSync, lstatSync, mkdirSync, openSync, readFileSync, renameSync, statSync, unlinkSync, writeSync, type Stats } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { getHeapCodeStatistics } from 'node:v8';
import type { Script } from 'node:vm';
import { seal, unseal } from './code-cache.js';

/**
 * Code caches of an installed program, whose own folder is not written to: they are made at the first use of a command, and again
 * when a use compiled much that they lack. Whoever may write to one may run code as whoever reads it: so only what belongs to the
 * user or to root, and can be changed by nobody else, is read; that goes for the file, its folder, and the home that this is in, and
 * links are not followed: they would lead to what a user got from somebody else (docs/build.md, section 3).
 */
const OF_ROOT = { home: '/var/cache', folder: '/var/cache/calicoctl' };
/** No cache comes near this; what is larger is none of ours, and not worth its reading. */
const LARGEST_BYTES = 64 * 1024 * 1024;
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
  for (const place of places()) {
    const data = unseal(readTrusted(place, file), source);
    if (data !== undefined && data.length > FIGURE_BYTES) return { code: data.readUInt32LE(0), cache: data.subarray(FIGURE_BYTES) };
  }
  return undefined;
}

/** When the process ends, keeps what V8 compiled of a script, unless the cache that was used has nearly all of it. What cannot be written is not kept. */
export function keepAtExit(script: Script, file: string, source: Buffer, used: KeptCache | undefined): void {
  // Code that was compiled for a debugger or for coverage is none for others.
  if (process.execArgv.length > 0 || [process.env.NODE_OPTIONS, process.env.NODE_V8_COVERAGE].some((asked = '') => asked !== '')) return;
  process.on('exit', () => {
    const code = getHeapCodeStatistics().bytecode_and_metadata_size;
    const [place] = places();
    if (place === undefined || (used !== undefined && code < used.code * GROWN)) return;
    try {
      keep(place, file, () => seal(Buffer.concat([figure(code), script.createCachedData()]), source));
    } catch {
      // A full disk, a folder of somebody else: the next use compiles again.
    }
  });
}

/** A folder of caches, and whose home it is in. */
interface Place {
  readonly home: string;
  readonly folder: string;
}

/** Where caches are looked for; the first is where this user's are kept. */
function places(): readonly Place[] {
  const { XDG_CACHE_HOME, HOME } = process.env;
  if (XDG_CACHE_HOME !== undefined && isAbsolute(XDG_CACHE_HOME)) return [{ home: XDG_CACHE_HOME, folder: join(XDG_CACHE_HOME, 'calicoctl') }];
  // With sudo, HOME may be somebody else's.
  const own = process.geteuid?.() !== 0 && HOME !== undefined && isAbsolute(HOME) ? [{ home: HOME, folder: join(HOME, '.cache/calicoctl') }] : [];
  return [...own, OF_ROOT];
}

function readTrusted(place: Place, file: string): Buffer | undefined {
  let descriptor: number | undefined;
  try {
    if (!isTrusted(place)) return undefined;
    // A pipe of that name would be waited for.
    descriptor = openSync(join(place.folder, file), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = fstatSync(descriptor);
    return stats.isFile() && stats.size <= LARGEST_BYTES && isOurs(stats) ? readFileSync(descriptor) : undefined;
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Whether nobody else can put a file there. Throws where it does not exist. */
function isTrusted({ home, folder }: Place): boolean {
  const own = lstatSync(folder);
  return own.isDirectory() && isOurs(own) && isOurs(statSync(home));
}

function isOurs({ uid, mode }: Stats): boolean {
  return (uid === 0 || uid === process.geteuid?.()) && (mode & OTHERS_MAY_WRITE) === 0;
}

/** Replaces a file by a whole one, in a folder that nobody else can write to. */
function keep(place: Place, file: string, content: () => Buffer): void {
  const { home, folder } = place;
  const there = statSync(home, { throwIfNoEntry: false });
  if (there !== undefined && !isOurs(there)) return;
  // One by one: below /proc, where nothing can be made, Node's recursive mkdir tries forever.
  for (const each of new Set([home, dirname(folder), folder])) if (!existsSync(each)) mkdirSync(each, 0o755);
  if (!isTrusted(place)) return;
  // What a process of that number left half done, as one that was killed in a container, is overwritten.
  const begun = join(folder, `.${file}.${process.pid}`);
  const descriptor = openSync(begun, 'w', 0o644);
  try {
    const bytes = content();
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
    renameSync(begun, join(folder, file));
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
