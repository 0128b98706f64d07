import { ListedError } from '../base/errors.js';
import type { Guard } from '../changes/guard.js';
import type { ConnectionSettings } from '../config/settings.js';
import { mayClose } from '../guard/change.js';
import type { Dialect } from '../resources/kind.js';
import type { Shell } from './shell.js';

export interface GuardFlags {
  readonly force?: boolean | undefined;
  readonly 'no-guard'?: boolean | undefined;
}

/** What looking takes. */
export interface Watching {
  readonly settings: ConnectionSettings;
  readonly dialect: Dialect;
  readonly shell: Shell;
}

/**
 * Refuses what would close a way that the network lives by, or only says so with --force. Costs nothing where nothing is written that could.
 */
export function guardOf({ settings, dialect, shell }: Watching, { force = false }: GuardFlags): Guard {
  // Asked again for each try of a write: said once.
  let isTold = false;
  return async (store, writing) => {
    if (!mayClose(writing)) return;
    const { networkChange } = await import('../guard/change.js');
    const change = await networkChange(store, writing);
    if (change === undefined) return;
    const [{ findClosed }, { surroundings }] = await Promise.all([import('../guard/closed.js'), import('./surroundings.js')]);
    const found = findClosed(change, await surroundings(settings, shell.env));
    if (found.more && !isTold) await shell.hint('not all ways of so many hosts were looked at');
    if (found.closed.length === 0) return;
    const { closedLines } = await import('../output/views/guard/closed.js');
    const lines = closedLines(found, dialect);
    if (!force) throw new ListedError('precondition', [...lines, 'Nothing was written.'], { hint: '--force writes it all the same' });
    if (!isTold) await shell.note(lines.join('\n'));
    isTold = true;
  };
}
