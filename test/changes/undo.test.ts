import { expect } from 'chai';
import fc from 'fast-check';
import { after, before, describe, it } from 'mocha';
import { lastTransaction, sinceRevision, type Undoing } from '../../src/changes/undo/find.js';
import { planUndo } from '../../src/changes/undo/plan.js';
import { carryOutUndo } from '../../src/changes/undo/undo.js';
import { newestRevision } from '../../src/datastore/reach.js';
import { valueBytes, type Operation, type Store } from '../../src/datastore/store.js';
import { JournaledStore } from '../../src/journal/journaled-store.js';
import { startEtcd, type Etcd } from '../../scripts/support/etcd.js';
import { settingsFor, withStore } from '../support/datastore.js';

const PREFIX = '/calico/resources/v3/projectcalico.org/';
const KEYS = ['globalnetworksets/a', 'globalnetworksets/b', 'networksets/x/a', 'bgppeers/a', 'ippools/a'].map((key) => `${PREFIX}${key}`);

/** What is put: an object, one that nobody can read, and bytes that are no text; undefined deletes. */
const VALUES = fc.oneof(
  fc.record({ metadata: fc.record({ uid: fc.uuid(), labels: fc.dictionary(fc.string({ maxLength: 3 }), fc.string({ maxLength: 3 }), { maxKeys: 2 }) }), spec: fc.constant({}) }).map((object) => Buffer.from(JSON.stringify(object))),
  fc.constantFrom(Buffer.from('no json'), Buffer.from([0xff, 0xfe, 0x7b]), undefined),
);
/** Transactions, each of some keys. */
const CHANGES = fc.array(fc.dictionary(fc.constantFrom(...KEYS), VALUES, { minKeys: 1 }), { minLength: 2, maxLength: 6 });

describe('undo', () => {
  let etcd: Etcd;
  before(async () => {
    etcd = await startEtcd();
  });
  after(() => etcd?.stop());

  it('after random changes gives the bytes before', async function () {
    this.timeout(60_000);
    await withStore(settingsFor(etcd.endpoint), (store) =>
      fc.assert(fc.asyncProperty(CHANGES, fc.nat(), async (changes, choice) => {
        const states: { readonly revision: string; readonly bytes: readonly string[] }[] = [];
        for (const values of changes) {
          states.push({ revision: await newestRevision(store), bytes: await stored(store) });
          await write(store, values);
        }
        const [newest, to] = [states.at(-1), states[choice % states.length]];
        if ((await newestRevision(store)) !== newest?.revision) {
          await undo(store, await lastTransaction(store));
          expect(await stored(store), 'the last transaction').to.deep.equal(newest?.bytes);
        }
        await undo(store, await sinceRevision(store, to?.revision ?? '', undefined));
        expect(await stored(store), `revision ${to?.revision}`).to.deep.equal(to?.bytes);
      }), { numRuns: 12 }));
  });

  it('after random commands with a journal gives the bytes before, also once etcd is compacted', async function () {
    this.timeout(60_000);
    await withStore(settingsFor(etcd.endpoint), (plain) =>
      fc.assert(fc.asyncProperty(fc.array(CHANGES, { minLength: 2, maxLength: 4 }), fc.nat(), fc.boolean(), async (commands, choice, compacts) => {
        // The journal has to have been kept at the time that is gone back to.
        await write(journaled(plain), { [KEYS[0] as string]: Buffer.from(`{"n":"${crypto.randomUUID()}"}`) });
        const states: { readonly revision: string; readonly bytes: readonly string[] }[] = [];
        for (const changes of commands) {
          const [store, state] = [journaled(plain), { revision: await newestRevision(plain), bytes: await stored(plain) }];
          for (const values of changes) await write(store, values);
          if ((await newestRevision(plain)) !== state.revision) states.push(state);
        }
        const [newest, to] = [states.at(-1), states[choice % Math.max(states.length, 1)]];
        if (newest === undefined || to === undefined) return;
        if (compacts) await etcd.etcdctl('compact', await newestRevision(plain));
        await undo(journaled(plain), await lastTransaction(plain));
        expect(await stored(plain), 'the last command').to.deep.equal(newest.bytes);
        if (compacts) await etcd.etcdctl('compact', await newestRevision(plain));
        await undo(journaled(plain), await sinceRevision(plain, to.revision, undefined));
        expect(await stored(plain), `revision ${to.revision}`).to.deep.equal(to.bytes);
      }), { numRuns: 12 }));
  });

  it('says which values are in no journal and compacted', () => withStore(settingsFor(etcd.endpoint), async (plain) => {
    await write(journaled(plain), { [KEYS[0] as string]: Buffer.from(`{"n":"${crypto.randomUUID()}"}`) });
    const to = await newestRevision(plain);
    await write(plain, { [KEYS[1] as string]: Buffer.from(`{"n":"${crypto.randomUUID()}"}`) });
    const revision = await newestRevision(plain);
    await etcd.etcdctl('compact', revision);
    expect(await sinceRevision(plain, to, undefined).catch(String)).to.equal(`CalicoError: it is not known what ${KEYS[1]} was before revision ${revision}: etcd has compacted it, and it is not in the journal`);
  }));

  it('writes nothing where somebody was faster', () => withStore(settingsFor(etcd.endpoint), async (store) => {
    await write(store, { [KEYS[0] as string]: Buffer.from('{"n":1}'), [KEYS[1] as string]: Buffer.from('{"n":1}') });
    await write(store, { [KEYS[0] as string]: Buffer.from('{"n":2}'), [KEYS[1] as string]: Buffer.from('{"n":2}') });
    const undoing = await lastTransaction(store);
    await write(store, { [KEYS[1] as string]: Buffer.from('{"n":3}') });
    const rival = await stored(store);
    expect((await undo(store, undoing)).refused.map(({ step }) => step.key)).to.deep.equal([KEYS[1]]);
    expect(await stored(store)).to.deep.equal(rival);
  }));
});

/** The store as a command with a journal has it. */
function journaled(store: Store): Store {
  return new JournaledStore(store, { author: { user: 'u', host: 'h', commandLine: [] }, command: crypto.randomUUID().slice(0, 8), now: () => new Date(), values: true, notify: () => undefined });
}

async function undo(store: Store, undoing: Undoing): ReturnType<typeof carryOutUndo> {
  const plan = await planUndo(store, undoing.reversals, { dialect: 'v3', named: false });
  expect(plan.refused).to.deep.equal([]);
  return carryOutUndo(store, plan, {});
}

async function write(store: Store, values: Readonly<Record<string, Buffer | undefined>>): Promise<void> {
  const { ranges } = await store.snapshot(Object.keys(values).map((key) => ({ key })));
  const present = new Map(ranges.flat().map(({ key, modRevision }) => [key, modRevision]));
  const operations = Object.entries(values).flatMap(([key, value]): readonly Operation[] => {
    const expect = present.get(key) ?? '0';
    if (value !== undefined) return [{ action: 'put', key, expect, value: value.toString(), bytes: { key: Buffer.from(key), value } }];
    return expect === '0' ? [] : [{ action: 'delete', key, expect }];
  });
  if (operations.length > 0) await store.commit(operations);
}

/** Every key with its bytes. */
async function stored(store: Store): Promise<readonly string[]> {
  const { ranges } = await store.snapshot([{ prefix: PREFIX }]);
  return ranges.flat().map((entry) => `${entry.key} ${valueBytes(entry).toString('hex')}`);
}
