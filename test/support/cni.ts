import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Environment } from '../../src/cni/call.js';
import type { Plugin } from '../../src/cni/plugin.js';
import { runPlugin, type End, type Process } from '../../src/cni/run.js';
import { AroundStore } from '../../src/datastore/around-store.js';
import { connect } from '../../src/datastore/etcd/connect.js';
import type { Store } from '../../src/datastore/store.js';
import { settingsFor } from './datastore.js';

/** The variables of a call, as a runtime sets them; those given replace them. */
export function callEnvironment(command: string, given: Environment = {}): Record<string, string> {
  const usual = { CNI_COMMAND: command, CNI_CONTAINERID: 'container-1', CNI_NETNS: '/var/run/netns/one', CNI_IFNAME: 'eth0', CNI_PATH: '/opt/cni/bin', CNI_ARGS: '' };
  return Object.fromEntries(Object.entries({ ...usual, ...given }).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

/** A store that is not the plugin's to close. */
class LentStore extends AroundStore {
  override close(): void {
    return undefined;
  }
}

/** For how long an etcd that does not answer is waited for. */
const SHORT_MS = 300;

export interface PluginRun {
  readonly env: Environment;
  /** The configuration, or the text on stdin. */
  readonly stdin: object | string;
  readonly store?: Store;
  /** How etcd is reached for a short time, in place of the store and of what the configuration says. */
  readonly endpoint?: string;
  readonly signal?: AbortSignal;
}

/** Runs a plugin in this process. Returns how it ended, with the lines of its log. */
export async function runHere(plugin: Plugin, { env, stdin, store, endpoint, signal = new AbortController().signal }: PluginRun): Promise<End & { readonly log: string }> {
  let log = '';
  const text = typeof stdin === 'string' ? stdin : JSON.stringify(stdin);
  const connected = endpoint === undefined ? store && (() => Promise.resolve(new LentStore(store))) : () => connect(settingsFor(endpoint), { timeoutMs: SHORT_MS });
  const process: Process = { env, pid: 1, stdin: () => text, stderr: (line) => (log += line), signal, ...(connected !== undefined && { connect: connected }) };
  return { ...(await runPlugin('plugin', () => Promise.resolve(plugin), process)), log };
}

/** A recording of the official plugin (test/cases/cni): what each call, or a write by somebody else, changed in the store. */
export interface CniRecording {
  readonly name: string;
  readonly about: string;
  readonly load: Readonly<Record<string, string>>;
  readonly steps: readonly CniStep[];
}

export interface CniStep {
  readonly command?: 'ADD' | 'DEL';
  readonly environment?: Readonly<Record<string, string>>;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly exit?: number;
  /** Parsed; empty text where nothing was printed. */
  readonly stdout?: unknown;
  readonly note?: string;
  readonly changes: Readonly<Record<string, string | null>>;
}

const FOLDER = fileURLToPath(new URL('../cases/cni', import.meta.url));

/**
 * Our recordings; with CNI_RECORDINGS those of another folder, as they were recorded:
 * `CNI_RECORDINGS=/some/folder npx mocha test/cni/recorded.test.ts`.
 */
export function cniRecordings(folder = FOLDER): readonly CniRecording[] {
  return readdirSync(folder).filter((file) => file.endsWith('.json')).sort().map((file) => readRecording(readFileSync(join(folder, file), 'utf8')));
}

/** The folder of the recordings that are to be played. */
export const PLAYED = process.env['CNI_RECORDINGS'] ?? FOLDER;

function readRecording(text: string): CniRecording {
  const { steps, ...rest } = JSON.parse(text) as Omit<CniRecording, 'steps'> & { readonly steps: readonly (Omit<CniStep, 'changes'> & { readonly changes: CniStep['changes'] | readonly { readonly key: string; readonly after: string | null }[] })[] };
  const mapped = steps.map(({ changes, ...step }) => ({ ...step, changes: Array.isArray(changes) ? Object.fromEntries(changes.map(({ key, after }: { key: string; after: string | null }) => [key, after])) : (changes as CniStep['changes']) }));
  return { ...rest, steps: mapped };
}

/** Every call with the store before it. */
export function* callsOf(recording: CniRecording): Generator<{ readonly step: CniStep; readonly title: string; readonly before: ReadonlyMap<string, string> }> {
  const store = new Map(Object.entries(recording.load));
  for (const [number, step] of recording.steps.entries()) {
    if (step.command !== undefined) yield { step, title: `${number} ${step.command}${step.note === undefined ? '' : `: ${step.note}`}`, before: new Map(store) };
    for (const [key, value] of Object.entries(step.changes)) {
      if (value === null) store.delete(key);
      else store.set(key, value);
    }
  }
}

/** What a step changed, without what depends on the clock: times, and where a new block begins to count. */
export function timelessChanges(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): Record<string, string | null> {
  const changes: Record<string, string | null> = {};
  for (const key of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    if (before.get(key) !== after.get(key)) changes[key] = timeless(after.get(key), before.has(key));
  }
  return changes;
}

function timeless(text: string | undefined, existed: boolean): string | null {
  if (text === undefined) return null;
  const stamped = text.replace(/"timestamp":"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,9})? \+0000 UTC"/g, '"timestamp":"TIME"');
  return existed ? stamped : stamped.replace(/\b1[78]\d{17}\b/g, 'COUNT').replace(/_time":"[^"]*"/, '_time":"TIME"');
}

/** A plugin that does nothing, well. */
export const IDLE: Plugin = {
  add: () => Promise.resolve({ ips: [{ address: '10.0.0.1/26' }] }),
  del: () => Promise.resolve(),
  check: () => Promise.resolve(),
  gc: () => Promise.resolve(),
  status: () => Promise.resolve(),
};
