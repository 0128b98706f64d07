import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bgpAt } from '../../../src/agent/bgp/index.js';
import { eventually } from '../../../scripts/support/wait.js';
import { logOf } from '../../support/agent-host.js';

/** A program that stands for BIRD where it checks its files: it refuses peers of AS 0, with BIRD's words. */
const CHECKING_BIRD = `#!/bin/sh
line=$(grep -n 'as 0;' "$3" | head -1 | cut -d: -f1)
[ -z "$line" ] || { echo "bird: $3:$line:1 BGP neighbor AS number must be set" >&2; exit 1; }
`;

/** A folder of programs bird and bird6 that check as CHECKING_BIRD does; to be removed by who asked for it. */
export function checkingBirds(): string {
  const folder = mkdtempSync(join(tmpdir(), 'calico-birds-'));
  for (const name of ['bird', 'bird6']) {
    writeFileSync(join(folder, name), CHECKING_BIRD);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

/** The part of a node that runs in this process, with folders of its own. */
export class RunningBgp {
  readonly lines: readonly string[];
  readonly configuration: string;
  readonly statuses: string;
  readonly ended: Promise<number>;
  /** Sends it SIGHUP. */
  hangUp: () => void = () => undefined;
  private readonly ending = new AbortController();

  /** @param folder where its files and BIRD's sockets are */
  constructor(
    readonly folder: string,
    env: Readonly<Record<string, string>>,
    args: readonly string[] = [],
  ) {
    this.configuration = join(folder, 'config');
    this.statuses = join(folder, 'endpoint-status');
    mkdirSync(this.statuses, { recursive: true });
    const { log, lines } = logOf();
    this.lines = lines;
    const part = bgpAt({ configuration: this.configuration, statuses: this.statuses, sockets: folder });
    this.ended = part({ args, env, log, print: () => undefined, signal: this.ending.signal, on: (_, listener) => (this.hangUp = listener), version: 'test' });
    this.ended.catch(() => undefined);
  }

  /** The text of a file, empty where it is not there. */
  file(name: string): string {
    try {
      return readFileSync(join(this.configuration, name), 'utf8');
    } catch {
      return '';
    }
  }

  /** Waits until a file says so. */
  async says(name: string, text: string): Promise<void> {
    await eventually(`${name} says ${text}`, () => this.file(name).includes(text));
  }

  /** Waits until the log says so. */
  async logged(text: string): Promise<void> {
    await eventually(`the log says ${text}`, () => this.lines.some((line) => line.includes(text)));
  }

  async stop(): Promise<void> {
    this.ending.abort(new Error('the test is over'));
    await this.ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
