import type { Link } from '../../dataplane/input.js';
import { listLinks, watchLinks } from '../../host/links.js';
import { runProgram, type RunProgram } from '../../host/program.js';
import type { Log } from '../../text/log.js';

/** The interfaces of this host, read again whenever they may have changed. */
export class Interfaces {
  private listed: readonly Link[] | undefined;
  private reading: Promise<void> | undefined;
  private isStale = false;
  /** Those that were taken down since they were read last, and those before that nobody was told of. */
  private goneDown = new Set<string>();
  private untold = new Set<string>();
  private lastTrouble = '';

  constructor(
    private readonly log: Log,
    private readonly onChange: () => void,
    private readonly run: RunProgram = runProgram,
  ) {}

  /** As they were when they were read last; undefined before the first time. */
  get links(): readonly Link[] | undefined {
    return this.listed;
  }

  /** The names of those that were taken down since this was asked last. They may be up again, without what the kernel had for them. */
  takenDown(): ReadonlySet<string> {
    const names = this.untold;
    this.untold = new Set();
    return names;
  }

  /** Follows changes until the signal is aborted. */
  watch(signal: AbortSignal): Promise<void> {
    const onChange = (down: ReadonlySet<string>): void => {
      for (const name of down) this.goneDown.add(name);
      void this.refresh();
    };
    return watchLinks(onChange, signal, this.run);
  }

  /** Reads them again. What changes while they are read is read once more. */
  refresh(): Promise<void> {
    this.isStale = true;
    return (this.reading ??= this.read().finally(() => (this.reading = undefined)));
  }

  private async read(): Promise<void> {
    while (this.isStale) {
      this.isStale = false;
      const down = this.goneDown;
      this.goneDown = new Set();
      try {
        const links = await listLinks(this.run);
        this.lastTrouble = '';
        for (const name of down) this.untold.add(name);
        if (down.size === 0 && JSON.stringify(links) === JSON.stringify(this.listed)) continue;
        this.listed = links;
        this.onChange();
      } catch (error) {
        for (const name of down) this.goneDown.add(name);
        const { message } = error as Error;
        if (message !== this.lastTrouble) this.log.error(message);
        this.lastTrouble = message;
      }
    }
  }
}
