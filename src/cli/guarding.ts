import { DatastoreError, ListedError, type DatastoreStage } from '../base/errors.js';
import type { Guard, Writing } from '../changes/guard.js';
import type { ConnectionSettings } from '../config/settings.js';
import type { Store } from '../datastore/store.js';
import { mayClose } from '../guard/change.js';
import type { Dialect } from '../resources/kind.js';
import { safe } from '../text/safe.js';
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
  /** Whether somebody wants to know what a write does to many. */
  readonly wantsEffects: boolean;
}

/** What keeps the guard from looking, but not a change from being made: a user of etcd who may write one kind and not read another has to get by. */
const NOT_IN_THE_WAY: readonly DatastoreStage[] = ['permission', 'compaction', 'data', 'size'];

/** Refuses what would close a way that the network lives by, or only says so with --force. Costs nothing where nothing is written that could. */
export class CommandGuard {
  /** What the last write that it let pass does to many, as data. */
  effects: object | undefined;
  // It is asked again for each try of a write.
  private readonly told = new Set<string>();

  constructor(
    private readonly watching: Watching,
    private readonly flags: GuardFlags,
  ) {}

  readonly guard: Guard = async (store, writing) => {
    try {
      if (mayClose(writing)) await this.refuseClosing(store, writing);
      if (this.watching.wantsEffects) await this.findEffects(store, writing);
      await this.hearInterruption();
    } catch (error) {
      if (!(error instanceof DatastoreError) || !NOT_IN_THE_WAY.includes(error.stage)) throw error;
      const hint = error.stage === 'permission' ? ['hint: grant reading with: etcdctl role grant-permission ROLE read /calico/resources/v3/ --prefix; or leave the guard out with --no-guard'] : [];
      await this.tell([`warning: the guard could not look at all that this change does: ${safe(error.message)}`, ...hint]);
    }
  };

  private async refuseClosing(store: Store, writing: Writing): Promise<void> {
    const { networkChange } = await import('../guard/change.js');
    const change = await networkChange(store, writing);
    if (change === undefined) return;
    const { settings, dialect, shell } = this.watching;
    const [{ findClosed }, { surroundings }] = await Promise.all([import('../guard/closed.js'), import('./surroundings.js')]);
    const found = findClosed(change, await surroundings(settings, shell.env));
    if (found.closed.length === 0) {
      if (found.more) await this.tell(['not all ways of so many hosts were looked at']);
      return;
    }
    const { closedLines } = await import('../output/views/guard/closed.js');
    const lines = closedLines(found, dialect);
    if (this.flags.force !== true) throw new ListedError('precondition', [...lines, 'Nothing was written.'], { hint: '--force writes it all the same' });
    await this.tell(lines);
  }

  private async findEffects(store: Store, writing: Writing): Promise<void> {
    const { effectsOfWriting, mayBeLarge } = await import('../guard/effects.js');
    const { dialect, shell: { processorMs } } = this.watching;
    const effects = mayBeLarge(writing) ? await effectsOfWriting(store, writing, { dialect, processorMs }) : undefined;
    this.effects = undefined;
    if (effects === undefined) return;
    const { effectsData, effectsLines } = await import('../output/views/guard/effects.js');
    this.effects = effectsData(effects);
    if (this.watching.shell.terminal.stderr) await this.tell(effectsLines(effects));
  }

  /** To look at a large network is one piece of work of seconds. An interruption meanwhile is heard when the process has waited for events once more, which it does between two immediates. */
  private async hearInterruption(): Promise<void> {
    for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
    this.watching.shell.interruption.signal.throwIfAborted();
  }

  private async tell(lines: readonly string[]): Promise<void> {
    const text = lines.join('\n');
    if (!this.told.has(text)) await this.watching.shell.note(text);
    this.told.add(text);
  }
}
