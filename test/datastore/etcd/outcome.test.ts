import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import { expect } from 'chai';
import { connect } from '../../../src/datastore/etcd/connect.js';
import type { Commit, Operation, Store } from '../../../src/datastore/store.js';
import { contents, failureOf, settingsFor } from '../../support/datastore.js';
import { startEtcd, type Etcd } from '../../../scripts/support/etcd.js';
import { startProxy, type Proxy } from '../../support/proxy.js';

describe('commit: an answer that is lost on the way', () => {
  let etcd: Etcd;
  let proxy: Proxy;
  let store: Store;
  let direct: Store;
  let revision: string;
  before(async () => {
    etcd = await startEtcd();
    direct = await connect(settingsFor(etcd.endpoint), { timeoutMs: 20_000 });
  });
  after(async () => {
    direct?.close();
    await etcd?.stop();
  });

  const keys = { kept: '/o/kept', old: '/o/old', spare: '/o/spare', fresh: '/o/fresh' };
  beforeEach(async () => {
    await etcd.etcdctl('del', '--prefix', '/o/');
    const start = await direct.commit([keys.kept, keys.old, keys.spare].map((key): Operation => ({ action: 'put', key, expect: '0', value: 'before' })));
    revision = start.done ? start.revision : '';
    proxy = await startProxy(etcd.port);
    store = await connect(settingsFor(proxy.endpoint), { timeoutMs: 20_000 });
    await store.get(keys.kept);
  });
  afterEach(async () => {
    store.close();
    await proxy.stop();
  });

  const create = (): Operation => ({ action: 'put', key: keys.fresh, expect: '0', value: 'created by us' });
  const replace = (): Operation => ({ action: 'put', key: keys.kept, expect: revision, value: 'replaced by us' });
  const remove = (): Operation => ({ action: 'delete', key: keys.old, expect: revision });
  const check = (): Operation => ({ action: 'check', key: keys.spare, expect: revision });
  const stored = async (): Promise<Record<string, string>> => contents((await direct.snapshot([{ prefix: '/o/' }])).ranges[0] ?? []);
  /** What is committed while our second try waits outside. */
  const other = (...args: string[]) => () => etcd.etcdctl(...args);
  /** The number of revisions written since the start. */
  const written = async (): Promise<number> => Number((await direct.snapshot([])).revision) - Number(revision);

  describe('after the write was carried out, says that it is done, at its own revision:', () => {
    const isDone = (title: string, operations: () => Operation[], expected: Record<string, string>, meanwhile?: () => Promise<unknown>): void => {
      it(title, async () => {
        proxy.cutNext('reply', meanwhile);
        expect(await store.commit(operations())).to.deep.equal({ done: true, revision: String(BigInt(revision) + 1n) });
        expect(await stored()).to.deep.equal(expected);
        if (meanwhile === undefined) expect(await written()).to.equal(1);
      });
    };
    const rest = { [keys.kept]: 'before', [keys.old]: 'before', [keys.spare]: 'before' };

    isDone('create', () => [create()], { ...rest, [keys.fresh]: 'created by us' });
    isDone('replace', () => [replace()], { ...rest, [keys.kept]: 'replaced by us' });
    isDone('delete', () => [remove()], { [keys.kept]: 'before', [keys.spare]: 'before' });
    isDone('all in one', () => [check(), remove(), create(), replace()], { [keys.kept]: 'replaced by us', [keys.fresh]: 'created by us', [keys.spare]: 'before' });
    isDone('create, then replaced by another', () => [create()], { ...rest, [keys.fresh]: 'theirs' }, () => other('put', keys.fresh, 'theirs')());
    isDone('create, then deleted by another', () => [create()], rest, () => other('del', keys.fresh)());
    isDone('create, then deleted and created anew by another', () => [create()], { ...rest, [keys.fresh]: 'theirs' }, async () => {
      await etcd.etcdctl('del', keys.fresh);
      await etcd.etcdctl('put', keys.fresh, 'theirs');
    });
    isDone('create of two, then one deleted by another', () => [create(), { ...create(), key: '/o/second' }], { ...rest, '/o/second': 'created by us' }, () => other('del', keys.fresh)());
    isDone('replace, then replaced by another', () => [replace()], { ...rest, [keys.kept]: 'theirs' }, () => other('put', keys.kept, 'theirs')());
    isDone('replace, then replaced again and again', () => [replace()], { ...rest, [keys.kept]: '9' }, async () => {
      for (let count = 0; count < 10; count++) await etcd.etcdctl('put', keys.kept, String(count));
    });
    isDone('replace, then deleted by another', () => [replace()], { [keys.old]: 'before', [keys.spare]: 'before' }, () => other('del', keys.kept)());
    isDone('delete, then created by another', () => [remove()], { ...rest, [keys.old]: 'theirs' }, () => other('put', keys.old, 'theirs')());
    isDone('create and delete, then both changed by another', () => [create(), remove()], { ...rest, [keys.fresh]: 'theirs', [keys.old]: 'theirs' }, async () => {
      await etcd.etcdctl('put', keys.fresh, 'theirs');
      await etcd.etcdctl('put', keys.old, 'theirs');
    });
  });

  describe('before the write arrived, and another was faster: shows what is there now', () => {
    const isRefused = (title: string, operation: () => Operation, meanwhile: () => Promise<unknown>, now: string | undefined): void => {
      it(title, async () => {
        proxy.cutNext('request', meanwhile);
        const answer = await store.commit([operation(), check()]);
        expect(withoutRevisions(answer)).to.deep.equal([[operation().key, now]]);
      });
    };

    isRefused('create', create, () => other('put', keys.fresh, 'theirs')(), 'theirs');
    isRefused('replace', replace, () => other('put', keys.kept, 'theirs')(), 'theirs');
    isRefused('replace of what is deleted now', replace, () => other('del', keys.kept)(), undefined);
    isRefused('delete', remove, () => other('put', keys.old, 'theirs')(), 'theirs');
    it('delete of two, of which another has deleted one', async () => {
      proxy.cutNext('request', () => other('del', keys.old)());
      expect(withoutRevisions(await store.commit([remove(), { ...remove(), key: keys.kept }]))).to.deep.equal([[keys.old, undefined]]);
      expect(await stored()).to.deep.equal({ [keys.kept]: 'before', [keys.spare]: 'before' });
    });
    it('delete of two, which another has deleted one after the other', async () => {
      proxy.cutNext('request', async () => {
        await etcd.etcdctl('del', keys.old);
        await etcd.etcdctl('del', keys.kept);
      });
      expect(withoutRevisions(await store.commit([remove(), { ...remove(), key: keys.kept }]))).to.deep.equal([[keys.old, undefined], [keys.kept, undefined]]);
    });
    isRefused('create of what another has created and deleted again and created', create, async () => {
      await etcd.etcdctl('put', keys.fresh, 'theirs');
      await etcd.etcdctl('del', keys.fresh);
      await etcd.etcdctl('put', keys.fresh, 'theirs again');
    }, 'theirs again');
    isRefused('replace, with our very value stored later', replace, async () => {
      await etcd.etcdctl('put', keys.kept, 'theirs');
      await etcd.etcdctl('put', keys.kept, 'replaced by us');
    }, 'replaced by us');
  });

  describe('when the store has moved on between the reading and the writing:', () => {
    const seenLater = async (...args: string[]): Promise<void> => {
      await etcd.etcdctl('put', ...args);
      await store.get('/o/none');
    };

    it('knows its own write after an unrelated one', async () => {
      await seenLater('/o/unrelated', 'theirs');
      proxy.cutNext('reply', () => other('put', keys.kept, 'theirs')());
      expect(await store.commit([replace()])).to.deep.equal({ done: true, revision: String(BigInt(revision) + 2n) });
    });

    it('does not claim a write that was there before its own was sent, though it is the same', async () => {
      await seenLater(keys.kept, 'replaced by us');
      proxy.cutNext('request');
      expect(withoutRevisions(await store.commit([replace()]))).to.deep.equal([[keys.kept, 'replaced by us']]);
    });

    it('does not claim what was created before', async () => {
      await seenLater(keys.fresh, 'created by us');
      proxy.cutNext('request');
      expect(withoutRevisions(await store.commit([create()]))).to.deep.equal([[keys.fresh, 'created by us']]);
    });
  });

  it('sends the write again where it did not arrive', async () => {
    proxy.cutNext('request');
    expect(await store.commit([create(), replace()])).to.deep.equal({ done: true, revision: String(BigInt(revision) + 1n) });
    expect(await written()).to.equal(1);
  });

  it('says that the outcome is not known when the history that would tell is compacted', async () => {
    proxy.cutNext('reply', async () => {
      await etcd.etcdctl('put', keys.kept, 'theirs');
      await etcd.etcdctl('put', keys.kept, 'theirs again');
      const { revision: newest } = await direct.snapshot([]);
      await etcd.etcdctl('compact', newest);
    });
    expect(await failureOf(store.commit([replace()]))).to.deep.equal({
      stage: 'unknown-outcome',
      message: `it is not known whether the change of ${keys.kept} was carried out: etcd at ${proxy.endpoint}: the requested revision has been compacted`,
      hint: 'all of it was carried out or none: read the resources to see which',
    });
  });

  it('says that the outcome is not known when etcd does not come back', async () => {
    const brief = await connect(settingsFor(proxy.endpoint), { timeoutMs: 500 });
    await brief.get(keys.kept);
    proxy.cutNext('reply', () => new Promise(() => undefined));
    const failure = await failureOf(brief.commit([create(), replace(), check()]));
    expect(failure.stage).to.equal('unknown-outcome');
    expect(failure.message.split(':')[0]).to.equal(`it is not known whether the change of ${keys.fresh}, ${keys.kept} was carried out`);
    brief.close();
  });

  it('settles each of several writes that were under way together', async () => {
    proxy.cutNext('reply');
    const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => store.commit([{ action: 'put', key: `/o/${index}`, expect: '0', value: String(index) }])));
    expect(answers.map((answer) => answer.done)).to.deep.equal(Array(8).fill(true));
    expect(await written()).to.equal(8);
  });

  it('reads again when the answer to a read is lost', async () => {
    proxy.cutNext('reply');
    expect((await store.get(keys.kept))?.value).to.equal('before');
  });
});

function withoutRevisions(answer: Commit): unknown {
  return answer.done ? answer : answer.refusals.map(({ key, current }) => [key, current?.value]);
}
