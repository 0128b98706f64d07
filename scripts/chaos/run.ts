import { violations } from '../support/ipam-invariants.js';
import { connect } from '../../src/datastore/etcd/connect.js';
import { INITIAL_KEYS } from '../../src/changes/initialize.js';
import { Book } from './book.js';
import { changePolicies, operate, useAddresses, type ClientParts } from './clients.js';
import { Cluster } from './cluster.js';
import { makeFaults } from './faults.js';
import { wholeHistory } from './history.js';
import { compare, type HistoryEvent, type Verdict } from './ledger.js';
import { LossyNetwork } from './lossy-network.js';
import { NODES, POOL } from './names.js';
import { runAddressCommands, runPolicyCommand } from './program.js';
import { Random } from './random.js';
import { Rival } from './rival.js';

export interface ChaosOptions {
  readonly seed: number;
  readonly durationMs: number;
}

/** What a run came to. */
export interface Figures {
  readonly faults: Readonly<Record<string, number>>;
  /** What became of transactions on their way. */
  readonly troubles: Readonly<Record<string, number>>;
  readonly strikes: number;
  /** Commands that were given, those by the built program among them. */
  readonly commands: { readonly all: number; readonly program: number };
  readonly transactions: Readonly<Record<'done' | 'notWritten' | 'unknown', number>>;
  readonly changes: number;
  readonly verdict: Verdict;
  /** Ends of commands that are not answers: stack traces, signals, success without a word of it. */
  readonly broken: readonly string[];
  /** What is wrong with the records of addresses at the end. */
  readonly violations: readonly string[];
}

/**
 * Lets commands of ours and a rival work on a cluster that is being broken, and compares what was said with what happened.
 * Must be in namespaces of its own, with a folder of its own.
 */
export async function runChaos(folder: string, { seed, durationMs }: ChaosOptions): Promise<Figures> {
  const random = new Random(seed);
  const cluster = await Cluster.start(folder);
  const book = new Book();
  const rival = new Rival(cluster.endpoints, random.fork(), book);
  const lossy = new LossyNetwork(random.fork(), rival);
  try {
    await prepare(cluster.endpoints);
    const endpoints = await lossy.open(cluster.endpoints);
    const until = performance.now() + durationMs;
    const client = (): ClientParts => ({ endpoints: random.several(endpoints, endpoints.length), random: random.fork(), book });
    const [faults] = await Promise.all([
      makeFaults(cluster, random.fork(), until),
      ...[0, 1, 2].map(() => operate(client(), until, changePolicies, [20, 200])),
      ...[0, 1].map(() => operate(client(), until, useAddresses, [20, 300])),
      ...[runPolicyCommand, runAddressCommands].map((command) => operate(client(), until, command, [500, 2000])),
    ]);
    await cluster.healthy();
    const history = await wholeHistory(cluster.endpoints[0]!);
    return { faults, troubles: lossy.counts, strikes: rival.strikes, ...figures(history, book) };
  } finally {
    rival.close();
    await lossy.close();
    await cluster.close();
  }
}

/** The objects that are there before anything begins. */
async function prepare(endpoints: readonly string[]): Promise<void> {
  const store = await connect({ endpointsOrigin: 'ETCD_ENDPOINTS', endpoints }, { timeoutMs: 180_000 });
  const resource = (plural: string, kind: string, name: string, spec: object): [string, string] => [`/calico/resources/v3/projectcalico.org/${plural}/${name}`, JSON.stringify({ kind, apiVersion: 'projectcalico.org/v3', metadata: { name }, spec })];
  const values = [
    ...INITIAL_KEYS.map((key): [string, string] => [key, '{}']),
    resource('ippools', 'IPPool', 'pool', { cidr: POOL, blockSize: 28 }),
    ...NODES.map((name) => resource('nodes', 'Node', name, {})),
  ];
  await store.commit(values.map(([key, value]) => ({ action: 'put', key, expect: '0', value })));
  store.close();
}

function figures(history: readonly HistoryEvent[], book: Book): Omit<Figures, 'faults' | 'troubles' | 'strikes'> {
  const said = book.transactions.map((claim) => claim.said);
  const unknown = said.filter((each) => each === 'unknown').length;
  const notWritten = said.filter((each) => each === 'not written').length;
  const last = new Map(history.map(({ key, value }) => [key, value]));
  const stored = Object.fromEntries([...last].flatMap(([key, value]) => (value !== undefined && key.includes('/ipam/') ? [[key, value]] : [])));
  return {
    commands: book.given,
    transactions: { done: said.length - unknown - notWritten, notWritten, unknown },
    changes: history.length,
    verdict: compare(history, book),
    broken: book.broken,
    violations: violations(stored),
  };
}
