import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { calicoctl, PROGRAM, runProgram, startCalicoctl, type Ended, type Running, type RunOptions } from '../../scripts/support/calicoctl.js';
import type { Entry, Store } from '../../src/datastore/store.js';
import { become, pagesOf, settingsFor, stored, withStore } from './datastore.js';
import { startEtcd, type Etcd } from '../../scripts/support/etcd.js';
import { Resident } from './resident.js';

/** A store and a folder of one's own, to try command lines in. */
export class Workplace {
  private readonly resident = new Resident();

  private constructor(
    public etcd: Etcd,
    readonly folder: string,
  ) {}

  /** An etcd of its own, and an empty folder in which `calicoctl` is the built program. */
  static async open(): Promise<Workplace> {
    const etcd = await startEtcd();
    const folder = mkdtempSync(join(tmpdir(), 'calicoctl-work-'));
    mkdirSync(join(folder, '.bin'));
    writeFileSync(join(folder, '.bin/calicoctl'), `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`);
    chmodSync(join(folder, '.bin/calicoctl'), 0o755);
    return new Workplace(etcd, folder);
  }

  async close(): Promise<void> {
    await Promise.all([this.resident.stop(), this.etcd.stop()]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Writes a file of the folder and returns its name. */
  file(name: string, text: string | Buffer): string {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return name;
  }

  /** Runs calicoctl in the folder, on the store. */
  run(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
    return calicoctl(args, this.options(options));
  }

  /** The same in a process that has run calicoctl before: quicker, where nothing about the process is tested. */
  quickly(args: readonly string[], options: Omit<RunOptions, 'terminal'> = {}): Promise<Ended> {
    return this.resident.run(args, this.options(options));
  }

  /** Starts calicoctl in the folder, on the store. */
  start(args: readonly string[], options: RunOptions = {}): Running {
    return startCalicoctl(args, this.options(options));
  }

  /** Runs a line of shell in the folder; `calicoctl` and `etcdctl` there work on the store. */
  shell(line: string, options: RunOptions = {}): Promise<Ended> {
    return runProgram(['bash', '-c', `set -o pipefail; ${line}`], this.options(options));
  }

  private options(options: RunOptions): RunOptions {
    const env = {
      PATH: `${join(this.folder, '.bin')}:${process.env['PATH'] ?? ''}`,
      HOME: this.folder,
      ETCD_ENDPOINTS: this.etcd.endpoint,
      ETCDCTL_API: '3',
      ETCDCTL_ENDPOINTS: this.etcd.endpoint,
    };
    return { cwd: this.folder, ...options, env: { ...env, ...options.env } };
  }

  /** Puts values into the store, whatever is there. */
  async put(values: Readonly<Record<string, string>>): Promise<void> {
    await this.using(async (store) => {
      const wanted = new Map([...(await stored(store))].map(([key, { value }]) => [key, value]));
      for (const [key, value] of Object.entries(values)) wanted.set(key, value);
      await become(store, wanted);
    });
  }

  /** What is below /calico/, by key; values as data where they are JSON. */
  async stored(prefix = '/calico/'): Promise<Record<string, unknown>> {
    const entries = await this.entries(prefix);
    return Object.fromEntries(entries.map(({ key, value }) => [key, asData(value)]));
  }

  /** The keys below a prefix. */
  async keys(prefix = '/calico/'): Promise<readonly string[]> {
    return (await this.entries(prefix)).map(({ key }) => key);
  }

  private entries(prefix: string): Promise<readonly Entry[]> {
    return this.using(async (store) => (await pagesOf(store, prefix)).flatMap(({ entries }) => entries));
  }

  /** The store's revision: it grows with every write. */
  revision(): Promise<number> {
    return this.using(async (store) => Number((await store.snapshot([{ key: 'none' }])).revision));
  }

  /** Takes a new etcd, whose revisions start at 1. */
  async renew(): Promise<void> {
    await this.etcd.stop();
    this.etcd = await startEtcd();
  }

  /** Empties the folder. */
  clear(): void {
    for (const name of readdirSync(this.folder).filter((each) => each !== '.bin')) rmSync(join(this.folder, name), { recursive: true, force: true });
  }

  /** Empties the store. */
  async wipe(): Promise<void> {
    await this.using((store) => become(store, new Map()));
  }

  /** Works on the store from this process: etcdctl would take ten times as long to start. */
  private using<T>(work: (store: Store) => Promise<T>): Promise<T> {
    return withStore(settingsFor(this.etcd.endpoint), work, { timeoutMs: 120_000 });
  }
}

function asData(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
