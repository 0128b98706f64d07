import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Commit, Operation } from '../../../src/datastore/store.js';
import { DatastoreError } from '../../../src/base/errors.js';
import { interleavings, sequences } from '../../support/interleavings.js';
import { ModelEtcd } from '../../support/model-etcd.js';
import { modelStore, US, type Fault } from '../../support/model-store.js';

/** Moments at which a rival may act: before our first try, before the reading after it, and so on, past a third try. */
const MOMENTS = 6;

const put = (key: string, expected: string): Operation => ({ action: 'put', key, expect: expected, value: `${key} by us` });
const remove = (key: string, expected: string): Operation => ({ action: 'delete', key, expect: expected });
const check = (key: string, expected: string): Operation => ({ action: 'check', key, expect: expected });

/** Transactions on `a`, `b` and `c`, which exist at a revision, and `x` and `y`, which do not. */
const TRANSACTIONS: Readonly<Record<string, (revision: string) => readonly Operation[]>> = {
  'create of one': () => [put('x', '0')],
  'create of two': () => [put('x', '0'), put('y', '0')],
  'create that relies on another': (revision) => [put('x', '0'), check('c', revision)],
  'replace of one': (revision) => [put('a', revision)],
  'replace of two': (revision) => [put('a', revision), put('b', revision)],
  'delete of one': (revision) => [remove('a', revision)],
  'delete of two': (revision) => [remove('a', revision), remove('b', revision)],
  'move to another name': (revision) => [remove('a', revision), put('x', '0')],
  'create, replace and delete': (revision) => [put('x', '0'), put('a', revision), remove('b', revision)],
};

const FAULTS: readonly (readonly Fault[])[] = [
  ['request lost'], ['reply lost'], ['no space'],
  ['request lost', 'request lost'], ['request lost', 'reply lost'],
];
/** What may end with an outcome that is not known, or with etcd's refusal; it must not be a false one. */
const DOUBTFUL_FAULTS: readonly (readonly Fault[])[] = [['request lost'], ['reply lost'], ['no space'], ['request lost', 'no space'], ['reply lost', 'no space']];

type Act = (etcd: ModelEtcd) => void;

/** What a rival may do to the keys. */
function actsOn(keys: readonly string[]): readonly (readonly [title: string, act: Act])[] {
  return keys.flatMap((key) => [
    [`put ${key}`, (etcd: ModelEtcd) => etcd.change('rival', { [key]: 'theirs' })],
    [`delete ${key}`, (etcd: ModelEtcd) => etcd.change('rival', { [key]: undefined })],
  ] as const);
}

interface Played {
  readonly etcd: ModelEtcd;
  readonly operations: readonly Operation[];
  readonly answer: Commit | 'unknown' | 'no space';
}

async function play(transaction: (revision: string) => readonly Operation[], faults: readonly Fault[], way: ReadonlyMap<number, readonly (readonly [string, Act])[]>, lateness?: number): Promise<Played> {
  const etcd = new ModelEtcd();
  etcd.change('start', { a: 'before', b: 'before', c: 'before' });
  const operations = transaction(String(etcd.revision));
  const meanwhile = new Map([...way].map(([moment, acts]) => [moment, acts.map(([, act]) => () => act(etcd))]));
  const { store } = modelStore(etcd, { faults, meanwhile, ...(lateness !== undefined && { lateness }) });
  await store.get('a');
  const answer = await store.commit(operations).catch((error: unknown) => {
    if (!(error instanceof DatastoreError)) throw error;
    return error.stage === 'unknown-outcome' ? ('unknown' as const) : ('no space' as const);
  });
  return { etcd, operations, answer };
}

/** The revisions at which the transaction was carried out. */
const executions = ({ etcd }: Played): number[] => [...new Set(etcd.events.filter(({ author }) => author === US).map(({ revision }) => revision))];

/** Whether everything the transaction wants happened in that revision, whoever did it: who deletes a key cannot be seen. */
function happenedAt({ etcd, operations }: Played, revision: number): boolean {
  return operations.every(({ action, key, expect: expected, ...rest }) => {
    const [before, after] = [etcd.at(key, revision - 1), etcd.at(key, revision)];
    if ((before?.mod_revision ?? '0') !== expected) return false;
    if (action === 'check') return after === before;
    return action === 'delete' ? after === undefined : String(after?.value) === (rest as { value: string }).value;
  });
}

/** What is wrong with what was said, or nothing. */
function falsehood(played: Played): string | undefined {
  const { answer } = played;
  const carriedOut = executions(played);
  if (carriedOut.length > 1) return `carried out ${carriedOut.length} times`;
  if (answer === 'unknown') return undefined;
  if (answer === 'no space' || !answer.done) return carriedOut.length === 0 ? undefined : 'said to be not written, and was';
  const revision = Number(answer.revision);
  if (carriedOut.length === 1) return carriedOut[0] === revision ? undefined : `said to be at ${revision}, was at ${carriedOut[0]}`;
  return happenedAt(played, revision) ? undefined : 'said to be done, and was not';
}

const describeWay = (faults: readonly Fault[], way: ReadonlyMap<number, readonly (readonly [string, Act])[]>): string => `${faults.join(', ')}; ${[...way].map(([moment, acts]) => `before request ${moment}: ${acts.map(([title]) => title).join(', ')}`).join('; ')}`;

describe('commit, in every interleaving with a rival', () => {
  for (const [title, transaction] of Object.entries(TRANSACTIONS)) {
    const keys = transaction('1').map(({ key }) => key);

    it(`${title}: is told as it was, and known`, async () => {
      let played = 0;
      for (const faults of FAULTS) {
        for (const sequence of sequences(actsOn(keys), keys.length === 1 ? 3 : 2)) {
          for (const way of interleavings(sequence, MOMENTS)) {
            const one = await play(transaction, faults, way);
            played++;
            expect(one.answer === 'unknown' ? 'not known' : falsehood(one), describeWay(faults, way)).to.equal(undefined);
          }
        }
      }
      expect(played).to.be.greaterThan(1000);
    });

    it(`${title}: is never told falsely, also where history is compacted meanwhile`, async () => {
      const acts = [...actsOn(keys), ['compact', (etcd: ModelEtcd) => etcd.compact()] as const];
      for (const faults of DOUBTFUL_FAULTS) {
        for (const sequence of sequences(acts, 2)) {
          for (const way of interleavings(sequence, MOMENTS)) expect(falsehood(await play(transaction, faults, way)), describeWay(faults, way)).to.equal(undefined);
        }
      }
    });
  }

  // A create that arrives late finds its place free again where somebody has deleted what its second try made: nothing in etcd prevents that.
  for (const [title, transaction] of Object.entries(TRANSACTIONS).filter(([name]) => !name.startsWith('create of') && !name.startsWith('create that'))) {
    it(`${title}: is carried out once, and told as it was, where the first try arrives late`, async () => {
      const keys = transaction('1').map(({ key }) => key);
      for (const lateness of [0, 1, 2, 3]) {
        for (const sequence of sequences(actsOn(keys), 2)) {
          for (const way of interleavings(sequence, MOMENTS)) expect(falsehood(await play(transaction, ['late'], way, lateness)), `${lateness} late; ${describeWay([], way)}`).to.equal(undefined);
        }
      }
    });
  }
});
