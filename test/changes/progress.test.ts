import { expect } from 'chai';
import { describe, it } from 'mocha';
import { deleteTargets } from '../../src/changes/delete.js';
import { storedTarget, type Target } from '../../src/objects/target.js';
import { writeTargets } from '../../src/changes/write.js';
import type { Commit, Operation } from '../../src/datastore/store.js';
import type { Notice } from '../../src/output/views/notices.js';
import { globalNetworkPolicy } from '../../src/resources/v3/global-network-policy.js';
import { readStoredDocument } from '../../src/resources/v3/document.js';
import { Problems } from '../../src/resources/problem.js';
import { MemoryStore } from '../support/memory-store.js';

const SOURCES = { now: () => new Date(0), uuid: () => '6a1b0f0e-1c2d-4e3f-8a9b-0123456789ab' };

/** Transactions end one after the other, each in a turn of its own. */
class SlowStore extends MemoryStore {
  #before: Promise<unknown> = Promise.resolve();

  override commit(operations: readonly Operation[]): Promise<Commit> {
    const commit = this.#before.then(() => new Promise((resolve) => setImmediate(resolve))).then(() => super.commit(operations));
    this.#before = commit;
    return commit;
  }
}

function policies(count: number): Target[] {
  return Array.from({ length: count }, (_, index) => {
    const document = { apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkPolicy', metadata: { name: `p${index}` }, spec: {} };
    const object = readStoredDocument(globalNetworkPolicy, document, new Problems());
    if (object === undefined) throw new Error('no policy');
    return storedTarget(globalNetworkPolicy, object);
  });
}

describe('how far a change has come', () => {
  it('is told after every transaction', async () => {
    const store = new SlowStore();
    const targets = policies(300);
    const told: Notice[] = [];
    const notify = (notice: Notice): void => void told.push(notice);
    await writeTargets(store, 'create', targets, { sources: SOURCES, notify });
    await deleteTargets(store, targets, { notify });
    const progress = (did: 'written' | 'deleted'): Notice[] => [127, 254, 300].map((count) => ({ code: 'changes.progress', did, count, of: 300 }));
    expect(told).to.deep.equal([
      { code: 'changes.transactions', transactions: 3, resources: 300 },
      ...progress('written'),
      ...progress('deleted'),
    ]);
  });
});
