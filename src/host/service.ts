import { spawn, type ChildProcess } from 'node:child_process';
import { openSync, closeSync } from 'node:fs';
import { killGroup } from './program.js';

/** A program that stays, and how it is started. */
export interface ServiceOptions {
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The file that its output is added to. */
  readonly log: string;
  /** The folder that it runs in; / where it is left out. */
  readonly cwd?: string;
  /** Done before each start, such as taking away what it left when it was killed. */
  readonly prepare?: () => void;
  /** Whether it can be started yet; asked again and again until it can. */
  readonly when?: () => boolean;
}

const ASKED_AFTER_MS = 100;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 8000;
/** Whoever ran so long did not end at once: the next pause is short again. */
const LONG_RUN_MS = 10_000;

/** Keeps a program running: starts it again when it ends, after a pause that grows while it ends at once, until it is stopped. */
export class Service {
  private child: ChildProcess | undefined;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private pause = FIRST_PAUSE_MS;
  /** How often it was started. */
  starts = 0;

  constructor(private readonly options: ServiceOptions) {
    this.begin();
  }

  /** Its process, as we see it; undefined while it does not run. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Ends it, and what it started itself, and does not start it again. */
  stop(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.stopped = true;
    clearTimeout(this.timer);
    if (this.child !== undefined) killGroup(this.child, signal);
  }

  private begin(): void {
    if (this.stopped) return;
    if (this.options.when?.() === false) return this.later(ASKED_AFTER_MS);
    this.options.prepare?.();
    const { words: [file = '', ...args], env, log, cwd = '/' } = this.options;
    const output = openSync(log, 'a');
    const began = performance.now();
    const child = spawn(file, args, { detached: true, stdio: ['ignore', output, output], env: { ...env }, cwd });
    closeSync(output);
    this.child = child;
    this.starts++;
    let over = false;
    const ended = (): void => {
      if (over) return;
      over = true;
      this.child = undefined;
      this.pause = performance.now() - began > LONG_RUN_MS ? FIRST_PAUSE_MS : Math.min(this.pause * 2, LONGEST_PAUSE_MS);
      this.later(this.pause / 2);
    };
    child.on('exit', ended).on('error', ended);
  }

  private later(ms: number): void {
    this.timer = setTimeout(() => this.begin(), ms);
  }
}
