import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { startEtcd, type Etcd } from '../../scripts/support/etcd.js';
import { BATCH_LIMIT, TRANSACTION_LIMIT, type Operation, type Store } from '../../src/datastore/store.js';
import { lastCommands } from '../../src/journal/commands.js';
import { JournaledStore } from '../../src/journal/journaled-store.js';
import type { JournalNotice } from '../../src/journal/notices.js';
import { pruneBefore, pruneToSize } from '../../src/journal/prune.js';
import { listRecords, readRecords } from '../../src/journal/read.js';
import { recordKey, type JournalRecord } from '../../src/journal/record.js';
import { failureOf, settingsFor, withStore } from '../support/datastore.js';

const AUTHOR = { user: 'u', host: 'h', commandLine: ['calicoctl', 'apply'] };

/** A journaled store, what it says, and what it has written. */
function journaled(store: Store, { command = '11111111', values = true, time = '2026-01-01T00:00:00.000Z' } = {}): { readonly store: Store; readonly said: JournalNotice[] } {
  const said: JournalNotice[] = [];
  return { said, store: new JournaledStore(store, { author: AUTHOR, command, now: () => new Date(time), values, notify: (notice) => said.push(notice) }) };
}

async function records(store: Store, command: string): Promise<readonly (JournalRecord & { readonly revision: string })[]> {
  const found = [];
  for await (const record of readRecords(store, (await listRecords(store)).filter((listed) => listed.command === command))) found.push(record);
  return found;
}

const create = (key: string, value = 'x'): Operation => ({ action: 'put', key, expect: '0', value });
const many = (prefix: string, count: number, value = 'x'): Operation[] => Array.from({ length: count }, (_none, index) => create(`/calico/${prefix}/${index}`, value));

async function committed(store: Store, operations: readonly Operation[]): Promise<string> {
  const commit = await store.commit(operations);
  if (!commit.done) throw new Error('refused');
  return commit.revision;
}

/** Bytes that do not get smaller. */
function noise(bytes: number): string {
  return Array.from({ length: Math.ceil(bytes / 36) }, () => crypto.randomUUID()).join('').slice(0, bytes);
}

describe('a store with a journal', () => {
  let etcd: Etcd;
  before(async () => {
    etcd = await startEtcd();
  });
  after(() => etcd?.stop());
  const onEtcd = (work: (store: Store) => Promise<void>): Promise<void> => withStore(settingsFor(etcd.endpoint), work);

  it('writes what a transaction does, and what was there before, at its revision', () => onEtcd(async (plain) => {
    const { store, said } = journaled(plain, { command: 'aaaaaaaa' });
    const first = await committed(store, [create('/calico/a', 'one'), create('/calico/b', 'two')]);
    const second = await committed(store, [{ action: 'put', key: '/calico/a', expect: first, value: 'uno' }, { action: 'delete', key: '/calico/b', expect: first }, { action: 'check', key: '/calico/c', expect: '0' }]);
    expect(await records(plain, 'aaaaaaaa')).to.deep.equal([
      { time: '2026-01-01T00:00:00.000Z', command: 'aaaaaaaa', number: 1, ...AUTHOR, revision: first, changes: [{ key: '/calico/a', did: 'created' }, { key: '/calico/b', did: 'created' }] },
      { time: '2026-01-01T00:00:00.000Z', command: 'aaaaaaaa', number: 2, ...AUTHOR, revision: second, changes: [{ key: '/calico/a', did: 'replaced', since: first, before: 'one' }, { key: '/calico/b', did: 'deleted', since: first, before: 'two' }] },
    ]);
    expect(said).to.deep.equal([]);
  }));

  it('writes nothing of what is refused, and of what only checks', () => onEtcd(async (plain) => {
    const { store } = journaled(plain, { command: 'bbbbbbbb' });
    const revision = await committed(plain, [create('/calico/refused')]);
    const refused = await store.commit([{ action: 'put', key: '/calico/refused', expect: '1', value: 'y' }]);
    expect(refused).to.deep.equal({ done: false, refusals: [{ key: '/calico/refused', current: { key: '/calico/refused', value: 'x', modRevision: revision } }] });
    expect((await store.commit([create('/calico/refused')])).done).to.equal(false);
    expect((await store.commit([{ action: 'check', key: '/calico/refused', expect: revision }])).done).to.equal(true);
    expect(await records(plain, 'bbbbbbbb')).to.deep.equal([]);
  }));

  it('says which keys changed where the values are not wanted', () => onEtcd(async (plain) => {
    const revision = await committed(plain, [create('/calico/restored', 'before')]);
    await committed(journaled(plain, { command: 'cccccccc', values: false }).store, [{ action: 'put', key: '/calico/restored', expect: revision, value: 'y' }]);
    const [record] = await records(plain, 'cccccccc');
    expect(record?.changes).to.deep.equal([{ key: '/calico/restored', did: 'replaced', since: revision }]);
    expect(record?.valuesOmitted).to.equal(true);
  }));

  it('leaves as much room in each of several transactions, and lets a full one be followed by its record', () => onEtcd(async (plain) => {
    const { store, said } = journaled(plain, { command: 'dddddddd' });
    const among = await committed(store, many('among', BATCH_LIMIT.operations));
    const full = await committed(store, many('full', TRANSACTION_LIMIT.operations));
    const [first, second] = await listRecords(plain).then((all) => all.filter(({ command }) => command === 'dddddddd'));
    expect([first?.revision, first?.modRevision]).to.deep.equal([among, among]);
    expect([second?.revision, second?.modRevision]).to.deep.equal([full, String(BigInt(full) + 1n)]);
    expect((await records(plain, 'dddddddd')).map(({ revision, changes }) => [revision, changes.length])).to.deep.equal([[among, 127], [full, 128]]);
    expect(said).to.deep.equal([]);
  }));

  it('takes nothing for a record that tells of what came after it', () => onEtcd(async (plain) => {
    const before = await listRecords(plain);
    await committed(plain, [{ ...create('', '{}'), key: recordKey({ time: '2026-11-30T00:00:00.000Z', command: 'ffffffff', number: 0, bytes: 2, revision: '999999999' }) }]);
    expect(await listRecords(plain)).to.deep.equal(before);
  }));

  it('goes without values that are too much, and with a record behind it where the change is as large as etcd takes', () => onEtcd(async (plain) => {
    const { store, said } = journaled(plain, { command: 'eeeeeeee' });
    const [large, huge] = [many('large', 100, noise(10_000)).map((operation, index) => ({ ...operation, value: noise(10_000 + index) })), [create('/calico/huge', 'x'.repeat(1_572_864 - 1000))]] as const;
    const before = await committed(store, large);
    const revision = await committed(store, large.map((operation) => ({ ...operation, expect: before, value: 'small' })));
    const alone = await committed(store, huge);
    const [, second, third] = await records(plain, 'eeeeeeee');
    expect([second?.revision, second?.valuesOmitted, second?.changes.length, second?.changes[0]]).to.deep.equal([revision, true, 100, { key: '/calico/large/0', did: 'replaced', since: before }]);
    expect([third?.revision, third?.changes]).to.deep.equal([alone, [{ key: '/calico/huge', did: 'created' }]]);
    expect(said).to.deep.equal([{ code: 'journal.values-omitted', keys: 100 }]);
  }));

  it('keeps a value that is not UTF-8 byte for byte', () => onEtcd(async (plain) => {
    const key = Buffer.from('/calico/bytes');
    const revision = await committed(plain, [{ ...create('/calico/bytes', ''), bytes: { key, value: Buffer.from([0xff, 0]) } }]);
    await committed(journaled(plain, { command: 'ffffffff' }).store, [{ action: 'delete', key: '/calico/bytes', expect: revision }]);
    expect((await records(plain, 'ffffffff'))[0]?.changes).to.deep.equal([{ key: '/calico/bytes', did: 'deleted', since: revision, beforeBytes: '/wA=' }]);
  }));

  it('is pruned by age and, the oldest first, by size', () => onEtcd(async (plain) => {
    await pruneBefore(plain, '9999');
    for (const [index, command] of ['00000001', '00000002', '00000003'].entries()) await committed(journaled(plain, { command, time: `2026-01-0${index + 1}T00:00:00.000Z` }).store, [create(`/calico/pruned/${index}`)]);
    const { bytes = 0 } = (await listRecords(plain))[0] ?? {};
    expect(await pruneBefore(plain, '2026-01-02', { dryRun: true })).to.deep.equal({ records: 1, bytes, until: '2026-01-01T00:00:00.000Z' });
    expect((await listRecords(plain)).length).to.equal(3);
    expect((await pruneBefore(plain, '2026-01-02')).records).to.equal(1);
    expect((await pruneToSize(plain, { most: 2 * bytes, left: bytes })).records).to.equal(0);
    expect(await pruneToSize(plain, { most: 2 * bytes - 1, left: bytes })).to.deep.equal({ records: 1, bytes, until: '2026-01-02T00:00:00.000Z' });
    expect((await lastCommands(plain, 5)).commands.map(({ id }) => id)).to.deep.equal(['00000003']);
  }));

  it('does not stand in the way of an etcd with smaller limits', async () => {
    const small = await startEtcd({ args: ['--max-txn-ops', '4'] });
    try {
      await withStore(settingsFor(small.endpoint), async (plain) => {
        const { store, said } = journaled(plain);
        const revision = await committed(store, many('small', 4));
        expect((await records(plain, '11111111')).map((record) => record.revision)).to.deep.equal([revision]);
        expect((await failureOf(store.commit(many('more', 5)))).stage).to.equal('size');
        expect(said).to.deep.equal([]);
      });
    } finally {
      await small.stop();
    }
  });
});
