import type { ConnectionSettings } from '../../config/settings.js';
import type { DatastoreNotice } from '../../datastore/notices.js';
import type { Store } from '../../datastore/store.js';
import type { BlockOwner, ObjectsByKind } from '../../dataplane/input.js';
import type { Log } from '../../text/log.js';
import { isDatastoreError, persist } from '../datastore.js';
import { Mirror, MIRRORED, type Value } from './mirror.js';

/** The time for each attempt to read all; a watch takes its own time from there. */
const ATTEMPT_MS = 30_000;

export interface SyncParts {
  readonly settings: ConnectionSettings;
  /** Makes a store of the settings; a new one for each attempt, as each has its time. */
  readonly connect: (settings: ConnectionSettings, options: { readonly timeoutMs: number; readonly signal: AbortSignal; readonly notify: (notice: DatastoreNotice) => void }) => Promise<Store>;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Called after something changed, and once all was read for the first time. */
  readonly onChange: () => void;
}

/** How the view of the store stands: never read yet, up to date as far as we know, or without a connection. */
export type SyncState = 'waiting' | 'in sync' | 'lost';

/**
 * Keeps objects as the store has them: all of them at one revision, then every change after it, without end. Where the watch is at
 * its end (a restored store, another password) all is read anew and compared, so that nothing flaps. While etcd is away
 * the last view stays.
 */
export class StoreSync {
  private readonly mirror: Mirror;
  private hasRead = false;
  private isConnected = false;
  private timesRead = 0;
  /** Sends something on the connection that changes come by. To be called once rules are there that follow connections (reference/felix 3.4). */
  nudge: () => void = () => undefined;

  constructor(private readonly parts: SyncParts) {
    this.mirror = new Mirror((text) => parts.log.warning(text));
  }

  get state(): SyncState {
    if (!this.hasRead) return 'waiting';
    return this.isConnected ? 'in sync' : 'lost';
  }

  /** How often all was read. */
  get reads(): number {
    return this.timesRead;
  }

  objects(): ObjectsByKind {
    return this.mirror.objects();
  }

  blocks(): readonly BlockOwner[] {
    return this.mirror.blocks();
  }

  /** Runs until the signal is aborted. Throws only where there is a bug. */
  async run(): Promise<void> {
    const { connect, settings, log, signal } = this.parts;
    const open = (): Promise<Store> => connect(settings, { timeoutMs: ATTEMPT_MS, signal, notify: (notice) => this.tell(notice) });
    await persist({ open, passes: isDatastoreError, log, signal }, (store, isServed) => this.follow(store, isServed)).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }

  /** One store: reads all, then follows what changes until that fails. */
  private async follow(store: Store, isServed: () => void): Promise<void> {
    const { onChange, log } = this.parts;
    try {
      const { revision, known, changed } = await this.read(store);
      isServed();
      this.isConnected = true;
      this.timesRead++;
      log.info(`${this.hasRead ? 'read again' : 'read'} ${known.size} keys at revision ${revision}`);
      const isFirst = !this.hasRead;
      this.hasRead = true;
      if (isFirst || changed) onChange();
      for await (const step of store.watch(MIRRORED, { after: revision, known, onConnection: (nudge) => (this.nudge = nudge) })) {
        this.isConnected = true;
        const changes = step.changes.map(({ key, entry }) => (entry === undefined ? this.mirror.remove(key) : this.mirror.put(entry)));
        if (changes.includes(true)) onChange();
      }
    } finally {
      this.isConnected = false;
    }
  }

  /** Reads all of it. Once there is a view, it changes at one moment: nobody sees some keys as they are and others as they were. */
  private async read(store: Store): Promise<{ readonly revision: string; readonly known: Map<string, string>; readonly changed: boolean }> {
    const known = new Map<string, string>();
    let changed = false;
    let found: Value[] = [];
    const onPage = (entries: Iterable<Value>): undefined => {
      for (const entry of entries) {
        known.set(entry.key, entry.modRevision);
        if (this.hasRead) found.push(entry);
        else if (this.mirror.put(entry)) changed = true;
      }
    };
    const onRestart = (): void => {
      known.clear();
      found = [];
    };
    const { revision } = await store.snapshot(MIRRORED, { onPage, onRestart });
    for (const entry of found) if (this.mirror.put(entry)) changed = true;
    if (this.mirror.retain(known)) changed = true;
    return { revision, known, changed };
  }

  private tell(notice: DatastoreNotice): void {
    const { log } = this.parts;
    if (notice.code === 'datastore.watch-lost') {
      this.isConnected = false;
      log.warning(`the connection to the datastore is lost after revision ${notice.revision}, and all stays as it is: ${notice.reason}`);
    } else if (notice.code === 'datastore.watch-back') {
      this.isConnected = true;
      log.info(`${notice.endpoint} is there again, following on after revision ${notice.revision}`);
    } else if (notice.code === 'datastore.authentication-off') {
      log.warning(`${notice.setting} is of no use: etcd at ${notice.endpoint} asks for no name`);
    }
  }
}
