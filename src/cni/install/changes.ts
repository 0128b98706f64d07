import type { Found } from './files.js';
import type { InstallRecord, RecordedFile } from './record.js';

/** What becomes of a file. */
export type Fate =
  | 'write'
  /** Ours, and of another content or permissions. */
  | 'replace'
  | 'keep'
  /** Not ours, or changed by somebody: it gets another name, and ours its place. */
  | 'set aside'
  /** Ours, and wanted no more. */
  | 'remove'
  /** It was ours and somebody changed it, so that it stays. */
  | 'leave';

export interface FileChange {
  readonly path: string;
  readonly fate: Fate;
  /** The name that the file in its place gets, where it is set aside. */
  readonly setAside?: string;
}

/** What is known of a path: what is wanted there, by its digest, and what stands there. */
export interface Known {
  readonly path: string;
  readonly wanted?: { readonly digest: string; readonly mode: number };
  readonly found: Found;
  /** A free name for what stands there. */
  readonly freeName: string;
}

/**
 * Decides what becomes of each file, in the order given; what is removed comes last. A file is ours where its digest is one that was
 * recorded, or the one that is wanted.
 */
export function decide(known: readonly Known[], record: InstallRecord): readonly FileChange[] {
  const wanted = known.filter((each) => each.wanted !== undefined).map((each) => fateOf(each, record[each.path]));
  const left = known.filter((each) => each.wanted === undefined && each.found.kind !== 'none').map(({ path, found }): FileChange => ({ path, fate: isOurs(found, record[path]) ? 'remove' : 'leave' }));
  return [...wanted, ...left];
}

function fateOf({ path, wanted, found, freeName }: Known, recorded: RecordedFile | undefined): FileChange {
  if (found.kind === 'none') return { path, fate: 'write' };
  if (found.kind === 'file' && found.digest === wanted?.digest) return { path, fate: found.mode === wanted.mode ? 'keep' : 'replace' };
  return isOurs(found, recorded) ? { path, fate: 'replace' } : { path, fate: 'set aside', setAside: freeName };
}

function isOurs(found: Found, recorded: RecordedFile | undefined): boolean {
  return found.kind === 'file' && recorded !== undefined && recorded.digests.includes(found.digest);
}

/** Whether a change leaves the file as it is. */
export function isIdle({ fate }: FileChange): boolean {
  return fate === 'keep' || fate === 'leave';
}
