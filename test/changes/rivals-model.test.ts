import { expect } from 'chai';
import { describe, it } from 'mocha';
import { deleteTargets } from '../../src/changes/delete.js';
import { INITIAL_KEYS } from '../../src/changes/initialize.js';
import { storedTarget, type Target } from '../../src/objects/target.js';
import { writeTargets } from '../../src/changes/write.js';
import type { Store } from '../../src/datastore/store.js';
import { DatastoreError } from '../../src/base/errors.js';
import { keyOf } from '../../src/resources/keys.js';
import { globalNetworkPolicy } from '../../src/resources/v3/global-network-policy.js';
import { interleavings, sequences } from '../support/interleavings.js';
import { ModelEtcd } from '../support/model-etcd.js';
import { modelStore, US, type Fault } from '../support/model-store.js';

const MOMENTS = 6;
const AT_ONCE = 200;
const FAULTS: readonly (readonly Fault[])[] = [['request lost'], ['reply lost'], ['no space']];

function document(name: string, order: number, uid: string): string {
  return JSON.stringify({ kind: 'GlobalNetworkPolicy', apiVersion: 'projectcalico.org/v3', metadata: { name, uid }, spec: { order } });
}

const key = (name: string): string => keyOf(globalNetworkPolicy, name);

function target(name: string): Target {
  return storedTarget(globalNetworkPolicy, { kind: 'GlobalNetworkPolicy', apiVersion: 'projectcalico.org/v3', metadata: { name }, spec: { order: 7 } });
}

/** What a command said of its resources: names of those it says it wrote, or that the outcome is not known. */
type Said = readonly string[] | 'unknown';

let uids = 0;

async function write(store: Store, verb: 'create' | 'apply' | 'replace', names: readonly string[]): Promise<Said> {
  const sources = { now: () => new Date(0), uuid: () => `ours-${uids++}` };
  const { outcome } = await writeTargets(store, verb, names.map(target), { sources });
  return outcome?.written.map((step) => step.target.object.metadata.name) ?? [];
}

async function remove(store: Store, names: readonly string[]): Promise<Said> {
  return (await deleteTargets(store, names.map(target), {})).deleted.map(({ object }) => object.metadata.name);
}

/** Commands on `old` and `other`, which exist, and `new` and `newer`, which do not. */
const COMMANDS: Readonly<Record<string, { readonly names: readonly string[]; readonly run: (store: Store, names: readonly string[]) => Promise<Said> }>> = {
  'create of one': { names: ['new'], run: (store, names) => write(store, 'create', names) },
  'create of two': { names: ['new', 'newer'], run: (store, names) => write(store, 'create', names) },
  'apply of one that is new': { names: ['new'], run: (store, names) => write(store, 'apply', names) },
  'apply of a new and an old one': { names: ['new', 'old'], run: (store, names) => write(store, 'apply', names) },
  'replace of one': { names: ['old'], run: (store, names) => write(store, 'replace', names) },
  'replace of two': { names: ['old', 'other'], run: (store, names) => write(store, 'replace', names) },
  'delete of one': { names: ['old'], run: remove },
  'delete of two': { names: ['old', 'other'], run: remove },
};

type Act = readonly [title: string, act: (etcd: ModelEtcd) => void];

function actsOn(names: readonly string[]): readonly Act[] {
  return names.flatMap((name): Act[] => [
    [`put ${name}`, (etcd) => etcd.change('rival', { [key(name)]: document(name, 1, `theirs-${etcd.revision}`) })],
    [`delete ${name}`, (etcd) => etcd.change('rival', { [key(name)]: undefined })],
  ]);
}

/** Plays one interleaving and returns what is wrong with what the command said. */
async function play({ names, run }: (typeof COMMANDS)[string], faults: readonly Fault[], way: ReadonlyMap<number, readonly Act[]>): Promise<string | undefined> {
  const etcd = new ModelEtcd();
  etcd.change('start', { ...Object.fromEntries(INITIAL_KEYS.map((each) => [each, '{}'])), [key('old')]: document('old', 1, 'old'), [key('other')]: document('other', 1, 'other') });
  const meanwhile = new Map([...way].map(([moment, acts]) => [moment, acts.map(([, act]) => () => act(etcd))]));
  const said = await run(modelStore(etcd, { faults, meanwhile }).store, names).catch((error: unknown) => {
    if (!(error instanceof DatastoreError)) throw error;
    return error.stage === 'quota' ? [] : ('unknown' as const);
  });
  return said === 'unknown' ? 'not known' : falsehood(etcd, names, said);
}

function falsehood(etcd: ModelEtcd, names: readonly string[], said: readonly string[]): string | undefined {
  for (const name of names) {
    const events = etcd.events.filter((event) => event.key === key(name));
    const ours = events.filter(({ author }) => author === US);
    if (ours.length > 1) return `${name} was written ${ours.length} times`;
    if (!said.includes(name) && ours.length > 0) return `${name} is said to be not written, and was`;
    // Who deletes a resource cannot be seen: that somebody did must be true.
    if (said.includes(name) && ours.length === 0 && !events.some(({ author, value }) => author === 'rival' && value === undefined)) return `${name} is said to be written, and was not`;
  }
  return undefined;
}

describe('commands, in every interleaving of a rival with a lost request or reply', () => {
  for (const [title, command] of Object.entries(COMMANDS)) {
    it(`${title}: says what was done, and does it once`, async () => {
      const cases = FAULTS.flatMap((faults) => sequences(actsOn(command.names), 2).flatMap((sequence) => interleavings(sequence, MOMENTS).map((way) => ({ faults, way }))));
      for (let start = 0; start < cases.length; start += AT_ONCE) {
        const some = cases.slice(start, start + AT_ONCE);
        const wrong = await Promise.all(some.map(({ faults, way }) => play(command, faults, way)));
        const index = wrong.findIndex((each) => each !== undefined);
        const { faults, way } = some[index] ?? { faults: [], way: new Map<number, readonly Act[]>() };
        expect(wrong[index], `${faults.join(', ')}; ${[...way].map(([moment, acts]) => `before request ${moment}: ${acts.map(([act]) => act).join(', ')}`).join('; ')}`).to.equal(undefined);
      }
      expect(cases.length).to.be.greaterThan(200);
    });
  }
});
