import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import { after, before, beforeEach, describe, it } from 'mocha';
import { expect } from 'chai';
import fc from 'fast-check';
import { makeBackup, PREFIX } from '../../src/backup/make.js';
import { MARKER, markerIn, type RestoreMode } from '../../src/backup/marker.js';
import { isRestored, planRestore, plannedKeys } from '../../src/backup/plan.js';
import { restore } from '../../src/backup/restore.js';
import { CalicoError, ListedError } from '../../src/base/errors.js';
import { writeBackup } from '../../src/cli/backup-output.js';
import { connect } from '../../src/datastore/etcd/connect.js';
import { openBackup } from '../../src/datastore/file/open.js';
import type { Operation, Store } from '../../src/datastore/store.js';
import { CLUSTER_KEY } from '../../src/ipam/cluster/facts.js';
import { startEtcd, type Etcd } from '../../scripts/support/etcd.js';
import { settingsFor } from '../support/datastore.js';
import { CompactedStore, EndingStore } from '../support/ending-store.js';
import { MemoryStore } from '../support/memory-store.js';

const signal = new AbortController().signal;
const notify = (): void => undefined;
const now = (): Date => new Date('2026-11-29T12:00:00Z');

function cluster(guid: string, ready = true): string {
  return JSON.stringify({ kind: 'ClusterInformation', apiVersion: 'projectcalico.org/v3', metadata: { name: 'default' }, spec: { clusterGUID: guid, calicoVersion: 'v3.32.1', datastoreReady: ready } });
}

/** A cluster of many keys. */
function content(guid: string, keys: number): Record<string, string> {
  return { [CLUSTER_KEY]: cluster(guid), ...Object.fromEntries(Array.from({ length: keys }, (_, index) => [`/calico/ipam/v2/handle/h${String(index).padStart(4, '0')}`, `{"n":${index}}`])) };
}

describe('backup and restore', () => {
  let folder: string;
  let path: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'calicoctl-backup-'));
    path = join(folder, 'file');
  });
  after(() => rmSync(folder, { recursive: true }));

  async function backUp(store: Store, to = path): Promise<void> {
    await makeBackup(store, { madeBy: 'a test', now, signal, notify }, (pieces) => writeBackup(to, pieces), true);
  }

  async function restoreFrom(store: Store, mode: RestoreMode, from = path): Promise<void> {
    const file = await openBackup(from, Readable.from([]));
    try {
      const plan = await planRestore(file, store, mode, { signal, notify });
      if (!isRestored(plan)) await restore(plan, store, { now, signal, notify });
    } finally {
      file.close();
    }
  }

  /** The lines of the keys, without what a restore cannot keep: their revisions. */
  const linesOf = (file: string): string[] => readFileSync(file, 'utf8').split('\n').slice(1, -2).map((line) => line.replace(/,"revision":"\d+"/, ''));

  async function failure(work: Promise<unknown>): Promise<CalicoError> {
    const error: unknown = await work.then(() => undefined, (reason: unknown) => reason);
    expect(error).to.be.instanceOf(CalicoError);
    return error as CalicoError;
  }

  describe('in memory', () => {
    let store: MemoryStore;
    beforeEach(async () => {
      await backUp(new MemoryStore(content('of-file', 300)));
      store = new MemoryStore();
    });

    it('fills an empty store, and finds nothing to do then', async () => {
      await restoreFrom(store, 'empty');
      expect(store.content()).to.deep.equal(content('of-file', 300));
      const file = await openBackup(path, Readable.from([]));
      for (const mode of ['replace', 'merge'] as const) expect(isRestored(await planRestore(file, store, mode, { signal, notify }))).to.equal(true);
      file.close();
    });

    it('replaces: the identity of the cluster too', async () => {
      store = new MemoryStore({ ...content('of-store', 10), '/calico/ipam/v2/handle/h0001': 'other', '/calico/more': 'x', '/elsewhere': 'stays' });
      await restoreFrom(store, 'replace');
      expect(store.content()).to.deep.equal({ ...content('of-file', 300), '/elsewhere': 'stays' });
    });

    it('merges: nothing goes, the identity of the cluster stays', async () => {
      const locked = cluster('of-store', false);
      store = new MemoryStore({ [CLUSTER_KEY]: locked, '/calico/ipam/v2/handle/h0001': 'other', '/calico/more': 'x' });
      await restoreFrom(store, 'merge');
      expect(store.content()).to.deep.equal({ ...content('of-file', 300), [CLUSTER_KEY]: locked, '/calico/more': 'x' });
    });

    it('merges into a store without ClusterInformation, and replaces one by a file without', async () => {
      store.set('/calico/more', 'x');
      await restoreFrom(store, 'merge');
      expect(store.content()).to.deep.equal({ ...content('of-file', 300), '/calico/more': 'x' });
      await backUp(new MemoryStore({ '/calico/only': 'this' }));
      await restoreFrom(store, 'replace');
      expect(store.content()).to.deep.equal({ '/calico/only': 'this' });
    });

    it('tells what it would do', async () => {
      store = new MemoryStore({ ...content('of-store', 299), '/calico/ipam/v2/handle/h0001': 'other', '/calico/more': 'x' });
      const file = await openBackup(path, Readable.from([]));
      const planned = async (mode: RestoreMode): Promise<string[]> => plannedKeys(await planRestore(file, store, mode, { signal, notify })).map(({ action, key }) => `${action} ${key}`);
      expect(await planned('replace')).to.deep.equal(['created /calico/ipam/v2/handle/h0299', 'changed /calico/ipam/v2/handle/h0001', `changed ${CLUSTER_KEY}`, 'deleted /calico/more']);
      expect(await planned('merge')).to.deep.equal(['created /calico/ipam/v2/handle/h0299', 'changed /calico/ipam/v2/handle/h0001']);
      file.close();
    });

    it('refuses a store that is not empty', async () => {
      store.set('/calico/x', 'y');
      const { meaning, message } = await failure(restoreFrom(store, 'empty'));
      expect([meaning, message]).to.deep.equal(['exists', 'the datastore is not empty: it has 1 keys below /calico/']);
      expect(store.content()).to.deep.equal({ '/calico/x': 'y' });
    });

    for (const mode of ['empty', 'replace', 'merge'] as const) {
      it(`can be ended at any transaction and goes on, locked until it is whole: ${mode}`, async () => {
        const start: Record<string, string> = mode === 'empty' ? {} : { ...content('of-store', 20), '/calico/ipam/v2/handle/h0003': 'other', '/calico/more': 'x' };
        const whole: Record<string, string> = { ...content(mode === 'merge' ? 'of-store' : 'of-file', 300), ...(mode === 'merge' ? { '/calico/more': 'x' } : {}) };
        for (const done of [false, true]) {
          for (let after = 0; ; after++) {
            const half = new MemoryStore(start);
            const ended: unknown = await restoreFrom(new EndingStore(half, after, done), mode).then(() => undefined, (error: unknown) => error);
            if (ended === undefined) break;
            const value = half.content()[CLUSTER_KEY];
            const isWhole = isDeepStrictEqual(half.content(), whole);
            if (after > 0 || done) expect(isWhole || (markerIn(value)?.mode === mode && value?.includes('"datastoreReady":false') === true), `after ${after}`).to.equal(true);
            if (!isWhole) await restoreFrom(half, mode);
            expect(half.content()).to.deep.equal(whole);
          }
        }
      });
    }

    it('ends where somebody else changes a key after the difference was read, and says how far it came', async () => {
      store = new MemoryStore({ ...content('of-store', 0), '/calico/ipam/v2/handle/h0150': 'old' });
      const rival = new EndingStore(store, 1, false, () => store.set('/calico/ipam/v2/handle/h0150', 'newer'));
      const error = await failure(restoreFrom(rival, 'replace'));
      const [what, howFar] = error instanceof ListedError ? error.lines : [];
      expect(error.meaning).to.equal('partly');
      expect(what).to.equal('somebody else changed IPAM handle(h0150) meanwhile');
      expect(howFar).to.match(/^\d+ of 300 keys were written; the datastore is locked until all of them are\.$/);
      expect(store.content()['/calico/ipam/v2/handle/h0150']).to.equal('newer');
      await restoreFrom(store, 'replace');
      expect(store.content()).to.deep.equal(content('of-file', 300));
    });

    it('ends where somebody takes the lock away', async () => {
      const rival = new EndingStore(store, 1, false, () => store.set(CLUSTER_KEY, cluster('of-file')));
      expect((await failure(restoreFrom(rival, 'empty'))).message).to.include('somebody else changed ClusterInformation(default) meanwhile');
      expect((await failure(restoreFrom(store, 'empty'))).meaning).to.equal('exists');
    });

    it('does not go on with what somebody else wrote to, nor merges into a part of another restore', async () => {
      await restoreFrom(new EndingStore(store, 2, false), 'empty').catch(() => undefined);
      expect(markerIn(store.content()[CLUSTER_KEY])).to.deep.include({ mode: 'empty', begun: '2026-11-29T12:00:00.000Z' });
      expect((await failure(restoreFrom(store, 'merge'))).message).to.equal('a restore that was begun at 2026-11-29T12:00:00.000Z is not finished: nothing can be merged into a part of it');
      store.set('/calico/more', 'x');
      expect((await failure(restoreFrom(store, 'empty'))).message).to.equal('the restore cannot go on: 1 keys were written by somebody else since it was interrupted');
      await restoreFrom(store, 'replace');
      expect(store.content()).to.deep.equal(content('of-file', 300));
    });

    it('leaves other annotations of ClusterInformation as they are while it works', async () => {
      const annotated = { ...content('of-store', 2), [CLUSTER_KEY]: cluster('of-store').replace('"name":"default"', '"name":"default","annotations":{"a":"b"},"generation":9007199254740993') };
      store = new MemoryStore(annotated);
      await restoreFrom(new EndingStore(store, 1, false), 'merge').catch(() => undefined);
      const value = store.content()[CLUSTER_KEY] as string;
      expect(value).to.include('"annotations":{"a":"b","calicoctl/restore":').and.include('"generation":9007199254740993');
      expect(MARKER).to.equal('calicoctl/restore');
      await restoreFrom(store, 'merge');
      expect(store.content()[CLUSTER_KEY]).to.equal(annotated[CLUSTER_KEY]);
    });
  });

  describe('a backup', () => {
    it('begins anew where compaction overtakes it, three times at most', async () => {
      for (const [failures, made] of [[2, true], [3, false]] as const) {
        const store = new CompactedStore(new MemoryStore(content('g', 3)), failures);
        if (made) await backUp(store, join(folder, 'anew'));
        else expect((await failure(backUp(store, join(folder, 'never')))).message).to.match(/^etcd was compacted while it was read, so that the backup is not whole: /);
      }
      expect(linesOf(join(folder, 'anew')).length).to.equal(4);
      expect(() => readFileSync(join(folder, 'never'))).to.throw('ENOENT');
    });

    it('of nothing is refused, and leaves the file of yesterday', async () => {
      await backUp(new MemoryStore(content('g', 1)), join(folder, 'yesterday'));
      expect((await failure(backUp(new MemoryStore({ '/other': 'x' }), join(folder, 'yesterday')))).meaning).to.equal('missing');
      expect(linesOf(join(folder, 'yesterday')).length).to.equal(2);
    });
  });

  describe('on a real etcd', () => {
    let etcd: Etcd;
    let store: Store;
    before(async () => {
      etcd = await startEtcd();
      store = await connect(settingsFor(etcd.endpoint), { timeoutMs: 20_000 });
    });
    after(async () => {
      store?.close();
      await etcd?.stop();
    });
    const emptied = (): Promise<string> => etcd.etcdctl('del', '--prefix', PREFIX);
    beforeEach(emptied);

    it('has what etcdctl sees, byte for byte; a lease is noted, and its key not restored', async () => {
      await store.commit([...Object.entries(content('g', 5)).map(([key, value]): Operation => ({ action: 'put', key, expect: '0', value })), oddly([0x2f, 0xff], [0, 0xc3, 10])]);
      const lease = /lease (\S+) granted/.exec(await etcd.etcdctl('lease', 'grant', '600'))?.[1] as string;
      await etcd.etcdctl('put', `--lease=${lease}`, '/calico/felix/v2/none/host/n1/status', '{}');
      await backUp(store);
      const seen = JSON.parse(await etcd.etcdctl('get', '--prefix', PREFIX, '-w', 'json')) as { readonly kvs: readonly { readonly key: string; readonly value: string; readonly mod_revision: number; readonly lease?: number }[] };
      const ours = readFileSync(path, 'utf8').split('\n').slice(1, -2).map((line) => JSON.parse(line) as Record<string, string>);
      expect(ours.map((line) => [
        line['keyBase64'] ?? base64(line['key']), line['valueBase64'] ?? base64(line['value']), line['revision'], 'leased' in line,
      ])).to.deep.equal(seen.kvs.map((kv) => [kv.key, kv.value, String(kv.mod_revision), kv.lease !== undefined]));
      await etcd.etcdctl('lease', 'revoke', lease);
      await restoreFrom(store, 'replace');
      await etcd.etcdctl('del', '--prefix', PREFIX);
      await restoreFrom(store, 'empty');
      expect((await etcd.etcdctl('get', '--prefix', PREFIX, '--keys-only')).split('\n').filter((key) => key.startsWith('/calico/felix')).length).to.equal(0);
    });

    it('gives the same content when it is restored into an empty store and made again', async () => {
      const part = fc.uint8Array({ minLength: 1, maxLength: 4 });
      const keys = fc.uniqueArray(fc.tuple(part, fc.uint8Array({ maxLength: 20 })), { maxLength: 40, selector: ([key]) => String(key) });
      const again = join(folder, 'again');
      await fc.assert(fc.asyncProperty(keys, async (some) => {
        await emptied();
        await store.commit([{ action: 'put', key: CLUSTER_KEY, expect: '0', value: cluster('g') }, ...some.map(([key, value]) => oddly(key, value))]);
        await backUp(store);
        await emptied();
        await restoreFrom(store, 'empty');
        await backUp(store, again);
        expect(linesOf(again)).to.deep.equal(linesOf(path));
      }), { numRuns: 6 });
    });
  });
});

function base64(text: string | undefined): string {
  return Buffer.from(text ?? '').toString('base64');
}

/** Creates a key below PREFIX whose bytes, and whose value's, may be any. */
function oddly(key: ArrayLike<number>, value: ArrayLike<number>): Operation {
  const bytes = { key: Buffer.concat([Buffer.from(PREFIX), Buffer.from(Array.from(key))]), value: Buffer.from(Array.from(value)) };
  return { action: 'put', key: bytes.key.toString(), expect: '0', value: bytes.value.toString(), bytes };
}
