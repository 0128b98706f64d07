import type { Link } from '../../dataplane/input.js';
import { listLinks, watchLinks } from '../../host/links.js';
import { runProgram, type RunProgram } from '../../host/program.js';
import type { Log } from '../log.js';

/** The interfaces of this host, read again whenever they may have changed. */
export class Interfaces {
  private listed: readonly Link[] | undefined;
  private reading: Promise<void> | undefined;
  private isStale = false;
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

  /** Follows changes until the signal is aborted. */
  watch(signal: AbortSignal): Promise<void> {
    return watchLinks(() => void this.refresh(), signal, this.run);
  }

  /** Reads them again. What changes while they are read is read once more. */
  refresh(): Promise<void> {
    this.isStale = true;
    return (this.reading ??= this.read().finally(() => (this.reading = undefined)));
  }

  private async read(): Promise<void> {
    while (this.isStale) {
      this.isStale = false;
      try {
        const links = await listLinks(this.run);
        this.lastTrouble = '';
        if (JSON.stringify(links) === JSON.stringify(this.listed)) continue;
        this.listed = links;
        this.onChange();
      } catch (error) {
        const { message } = error as Error;
        if (message !== this.lastTrouble) this.log.error(message);
        this.lastTrouble = message;
      }
    }
  }
}
