import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { CalicoError, DatastoreError } from '../base/errors.js';
import { makeFolder } from '../base/make-folder.js';
import { readRegularFile, SETTINGS_LIMIT, UnfitFileError, whyUnread } from '../base/regular-file.js';
import { contextsText, parseContexts, type Contexts } from './contexts.js';
import type { ConfigFile } from './settings.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** How often a change is made anew because another calicoctl was faster. */
const ATTEMPTS = 5;

/** A file of contexts with its mode bits. */
interface ContextsFile extends Contexts {
  readonly mode: number;
}

/** Where contexts are kept: `calicoctl/contexts.yaml` in XDG_CONFIG_HOME, else in `.config` of HOME (XDG Base Directory Specification). */
export function contextsPath(env: Environment): string {
  const folder = env['XDG_CONFIG_HOME'];
  const home = env['HOME'];
  return join(folder?.startsWith('/') === true ? folder : join(home === undefined || home === '' ? homedir() : home, '.config'), 'calicoctl', 'contexts.yaml');
}

/** Reads the contexts; undefined where there is no such file. Throws DatastoreError, stage `configuration`. */
export async function readContexts(env: Environment): Promise<ContextsFile | undefined> {
  const path = contextsPath(env);
  const file = readFile(path);
  return file && { ...(await parseContexts(path, file.bytes)), mode: file.mode };
}

/**
 * Changes the contexts. The file is nobody else's to read (0600), is never seen half, and is read anew where somebody else
 * changed it meanwhile. Throws what `change` throws, and CalicoError where it cannot be written.
 */
export async function changeContexts(env: Environment, change: (contexts: Contexts) => Contexts): Promise<void> {
  const path = contextsPath(env);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const before = readFile(path);
    const contexts = before === undefined ? { contexts: [] } : await parseContexts(path, before.bytes);
    const text = await contextsText(change(contexts));
    const now = readFile(path);
    if (before === undefined ? now !== undefined : now === undefined || !Buffer.from(now.bytes).equals(before.bytes)) continue;
    try {
      makeFolder(dirname(path), 0o700);
      await (await import('../base/new-file.js')).writeNewFile(path, [text], { mode: 0o600 });
    } catch (error) {
      throw new CalicoError('failed', `cannot write ${path}: ${error instanceof UnfitFileError ? `it ${error.message}` : (error as Error).message}`);
    }
    return;
  }
  throw new CalicoError('changed', `${path} was changed by somebody else again and again`, { hint: 'try again' });
}

function readFile(path: string): ConfigFile | undefined {
  try {
    return readRegularFile(path, SETTINGS_LIMIT);
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    // A home that this user may not enter is somebody else's, as after setpriv or su without a login.
    if (code === 'ENOENT' || code === 'ENOTDIR' || (code === 'EACCES' && syscall === 'stat')) return undefined;
    throw new DatastoreError('configuration', `file of contexts ${path} ${whyUnread(error)}`);
  }
}
