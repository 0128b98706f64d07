import { safe } from './safe.js';

/** How much a line of the log matters, as FelixConfiguration spells it. */
export const LEVELS = ['Fatal', 'Error', 'Warning', 'Info', 'Debug', 'Trace'] as const;
export type Level = (typeof LEVELS)[number];

/** Where lines of the log go to, each with its end. */
export type WriteLine = (line: string) => void;

/** A second place that lines go to, those of a level of its own. */
export interface LogCopy {
  readonly level: Level;
  readonly write: WriteLine;
}

/**
 * The log of what runs unattended, an agent or a plugin. Every line has the form `2026-11-30 12:00:00.000 [INFO][PID] PART: TEXT`, so that it is found by who is
 * used to Calico's; what came from elsewhere cannot break it.
 */
export class Log {
  /** Of this log alone: another part has none. */
  copy: LogCopy | undefined;

  constructor(
    private readonly write: WriteLine,
    private readonly part: string,
    private readonly pid: number,
    private readonly shared: { level: Level } = { level: 'Info' },
  ) {}

  /** The same log for another part; they have one level. */
  for(part: string): Log {
    return new Log(this.write, part, this.pid, this.shared);
  }

  /** From now on only lines that matter as much are written. */
  set level(level: Level) {
    this.shared.level = level;
  }

  error(text: string): void {
    this.line('Error', text);
  }

  warning(text: string): void {
    this.line('Warning', text);
  }

  info(text: string): void {
    this.line('Info', text);
  }

  debug(text: string): void {
    this.line('Debug', text);
  }

  private line(level: Level, text: string): void {
    const { write, copy } = this;
    const targets = [...(isAsked(level, this.shared.level) ? [write] : []), ...(copy !== undefined && isAsked(level, copy.level) ? [copy.write] : [])];
    if (targets.length === 0) return;
    const time = new Date().toISOString().replace('T', ' ').replace('Z', '');
    const line = `${time} [${level.toUpperCase()}][${this.pid}] ${this.part}: ${safe(text)}\n`;
    for (const target of targets) target(line);
  }
}

function isAsked(level: Level, least: Level): boolean {
  return LEVELS.indexOf(level) <= LEVELS.indexOf(least);
}
