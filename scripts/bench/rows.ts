import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEtcd, type Etcd } from '../support/etcd.js';
import { classicEndpoints, POLICY, PROFILE, storedEndpoints } from './manifests.js';
import { measure, runNode, type Measured, type Reader, type Run } from './measure.js';

export const BULK = 10_000;
/** What users start. */
export const RUN = join(import.meta.dirname, '../../bin/run.js');
const MEMORY_MB = 300;

/** One line of the table of issue 3, "Speed": limits in multiples of `node -e 0`, memory in MB. */
export interface Row {
  readonly work: string;
  readonly limit?: number;
  readonly official: string;
  readonly memoryLimit: number;
  measure(place: Place): Promise<Measured>;
}

/** Where the measured processes find their manifests and their etcd. */
export interface Place {
  readonly rounds: number;
  readonly policy: string;
  readonly stored: string;
  readonly classic: string;
  /** Where a backup is written. */
  readonly backup: string;
  /** The profile of the endpoints, which gives them a label. */
  readonly profile: string;
  calicoctl(...args: string[]): Promise<Run>;
  /** The same with a reader of its output, which ends it. */
  read(reader: Reader, ...args: string[]): Promise<Run>;
  /** A fresh etcd with nothing in it, in place of the last one; data is synchronised to disk as in production. */
  freshEtcd(): Promise<Etcd>;
  close(): Promise<void>;
}

/** Writes the manifests; no etcd runs yet. */
export function preparePlace(rounds: number): Place {
  const directory = mkdtempSync(join(tmpdir(), 'calicoctl-bench-data-'));
  const file = (name: string, text: string): string => {
    writeFileSync(join(directory, name), text);
    return join(directory, name);
  };
  let etcd: Etcd | undefined;
  return {
    rounds,
    policy: file('policy.yaml', POLICY),
    stored: file('stored.yaml', storedEndpoints(BULK)),
    classic: file('classic.yaml', classicEndpoints(BULK)),
    backup: file('endpoints.backup', ''),
    profile: file('profile.yaml', PROFILE),
    calicoctl: (...args) => runNode([RUN, ...args], { ETCD_ENDPOINTS: etcd?.endpoint ?? '' }),
    read: (reader, ...args) => runNode([RUN, ...args], { ETCD_ENDPOINTS: etcd?.endpoint ?? '' }, reader),
    freshEtcd: async () => {
      await etcd?.stop();
      return (etcd = await startEtcd({ args: ['--unsafe-no-fsync=false'] }));
    },
    close: async () => {
      await etcd?.stop();
      rmSync(directory, { recursive: true });
    },
  };
}

/** A row that needs no etcd, or uses the one that is there; the first run warms the disk cache and is not counted. */
function row(work: string, limit: number | undefined, official: string, args: (place: Place) => string[], options: { rounds?: number; before?: (place: Place) => Promise<unknown> } = {}): Row {
  return {
    work, official, memoryLimit: MEMORY_MB, ...(limit !== undefined && { limit }),
    measure: async (place) => {
      const { before = async () => undefined } = options;
      return measure(options.rounds ?? place.rounds, () => place.calicoctl(...args(place)), () => before(place));
    },
  };
}

/** Each patch changes something. */
let patches = 0;

/** One policy, in a store of its own. */
function onePolicy(): (place: Place) => Promise<unknown> {
  return once(async (place) => {
    await place.freshEtcd();
    await place.calicoctl('create', '-f', place.policy);
  });
}

const START_ROUNDS = 21;
const start = { rounds: START_ROUNDS };

/** Rows in an order in which each finds what the one before left: the endpoints are there once they were created. */
export const ROWS: readonly Row[] = [
  row('--version', 1.2, '1.1', () => ['--version'], start),
  row('--help', 1.2, '1.1', () => ['--help'], start),
  row('get --help', 1.2, '1.1', () => ['get', '--help'], start),
  row('validate one small file', 2.2, '1.1', ({ policy }) => ['validate', '-f', policy], start),
  row('get policy NAME', 2.8, '1.1-1.4', () => ['get', 'policy', 'allow-web'], { ...start, before: onePolicy() }),
  row('complete a flag', 1.3, '', () => ['__complete', 'zsh', '--', 'calicoctl', 'get', '--no'], start),
  row('complete the name of a policy', 2.7, '', () => ['__complete', 'zsh', '--', 'calicoctl', 'get', 'policy', 'al'], { ...start, before: onePolicy() }),
  row('patch policy NAME', 3.2, '', () => ['patch', 'policy', 'allow-web', '-p', `{"spec": {"order": ${++patches}}}`], { ...start, before: onePolicy() }),
  row('validate 10,000', 33, '33', ({ stored }) => ['validate', '-f', stored]),
  row('validate 10,000, classic', undefined, '', ({ classic }) => ['validate', '-f', classic]),
  row('create 10,000, classic', undefined, '', ({ classic }) => ['create', '-f', classic], { before: (place) => place.freshEtcd() }),
  row('create 10,000', 45, '350', ({ stored }) => ['create', '-f', stored], { before: (place) => place.freshEtcd() }),
  row('apply 10,000, unchanged', 45, '740', ({ stored }) => ['apply', '-f', stored]),
  row('diff 10,000, unchanged', 40, '', ({ stored }) => ['diff', '-f', stored]),
  row('list 10,000: YAML', 45, '62', () => ['get', 'workloadEndpoint', '-o', 'yaml']),
  row('list 10,000: JSON', 12, '9', () => ['get', 'workloadEndpoint', '-o', 'json']),
  row('list 10,000: table', 11, '15', () => ['get', 'workloadEndpoint']),
  row('list 10,000: table, v3', undefined, '', () => ['get', 'workloadEndpoint', '--dialect', 'v3']),
  row('backup of 10,000', 15, '', ({ backup }) => ['datastore', 'backup', backup]),
  row('list 10,000: table, of a backup', 15, '', ({ backup }) => ['get', 'workloadEndpoint', '--store', backup]),
  row('list 10,000 by selector', 16, '', () => ['get', 'workloadEndpoint', '--selector', "team == 'blue'"], { before: once((place) => place.calicoctl('create', '-f', place.profile)) }),
  row('delete 10,000 by file', 45, '260', ({ stored }) => ['delete', '-f', stored], { before: again((place) => place.calicoctl('apply', '-f', place.stored)) }),
  { ...row('list 100,000: table', undefined, '', () => ['get', 'workloadEndpoint'], { rounds: 1, before: fill }), memoryLimit: 400 },
  { ...row('list 100,000: JSON', undefined, '', () => ['get', 'workloadEndpoint', '-o', 'json'], { rounds: 1 }), memoryLimit: 400 },
  { ...row('backup of 100,000', undefined, '', ({ backup }) => ['datastore', 'backup', backup], { rounds: 1 }), memoryLimit: 250 },
];

function once(prepare: (place: Place) => Promise<unknown>): (place: Place) => Promise<unknown> {
  let done = false;
  return async (place) => {
    if (!done) await prepare(place);
    done = true;
  };
}

/** From the second time on: the first run finds things as the row before left them. */
function again(prepare: (place: Place) => Promise<unknown>): (place: Place) => Promise<unknown> {
  let first = true;
  return async (place) => {
    if (!first) await prepare(place);
    first = false;
  };
}

async function fill(place: Place): Promise<void> {
  await place.freshEtcd();
  const directory = mkdtempSync(join(tmpdir(), 'calicoctl-bench-many-'));
  for (let part = 0; part < 10; part++) {
    const file = join(directory, `${part}.yaml`);
    writeFileSync(file, storedEndpoints(BULK, part * BULK));
    await place.calicoctl('create', '-f', file);
  }
  rmSync(directory, { recursive: true });
}
