import { expect } from 'chai';
import { describe, it } from 'mocha';
import { InterruptedBatch } from '../../src/changes/commit.js';
import { deleteTargets } from '../../src/changes/delete.js';
import { interruptedReport } from '../../src/output/views/changes/report.js';
import { storedTarget, type Target } from '../../src/objects/target.js';
import type { Commit, Operation } from '../../src/datastore/store.js';
import { DatastoreError } from '../../src/base/errors.js';
import { keyOf } from '../../src/resources/keys.js';
import type { StoredKind } from '../../src/resources/kind.js';
import { globalNetworkPolicy } from '../../src/resources/v3/global-network-policy.js';
import { node } from '../../src/resources/v3/node.js';
import { MemoryStore } from '../support/memory-store.js';

/** A store that does not say what became of the transactions on a key. */
class DoubtfulStore extends MemoryStore {
  doubtful = '';

  override async commit(operations: readonly Operation[]): Promise<Commit> {
    if (operations.some(({ key }) => key === this.doubtful)) throw new DatastoreError('unknown-outcome', 'it is not known');
    return super.commit(operations);
  }
}

const named = (kind: StoredKind, name: string): Target => storedTarget(kind, { kind: kind.kind, apiVersion: 'projectcalico.org/v3', metadata: { name }, spec: {} });
const store = (targets: readonly Target[]): DoubtfulStore => new DoubtfulStore(Object.fromEntries(targets.map(({ stored, object }) => [keyOf(stored, object.metadata.name), JSON.stringify(object)])));
const numbered = (count: number): Target[] => Array.from({ length: count }, (_none, index) => named(globalNetworkPolicy, `p${index}`));

async function accountOf(work: Promise<unknown>): Promise<{ stderr: readonly string[]; meaning: string }> {
  const failure = await work.then(() => undefined, (error: unknown) => error);
  if (!(failure instanceof InterruptedBatch)) throw new Error('no account was given');
  const { stderr, meaning } = interruptedReport('delete', failure);
  return { stderr, meaning };
}

describe('the account of a deletion whose outcome is not known', () => {
  it('says "perhaps" of a node whose own transaction is not answered', async () => {
    const targets = [named(globalNetworkPolicy, 'a'), named(node, 'n1'), named(node, 'n2'), named(node, 'n3')];
    const doubtful = store(targets);
    doubtful.doubtful = keyOf(node, 'n2');
    expect(await accountOf(deleteTargets(doubtful, targets, {}))).to.deep.equal({
      stderr: ['it is not known', 'deleted: GlobalNetworkPolicy(a)', 'deleted: Node(n1)', 'perhaps deleted: Node(n2)', 'not deleted: Node(n3)', 'Run the same command again with --skip-not-exists to do the rest.'],
      meaning: 'partly',
    });
  });

  it('names the nodes that were not come to', async () => {
    const targets = [...numbered(129), named(node, 'n1')];
    const doubtful = store(targets);
    doubtful.doubtful = keyOf(globalNetworkPolicy, 'p128');
    const { stderr } = await accountOf(deleteTargets(doubtful, targets, {}));
    expect(stderr.slice(-3)).to.deep.equal(['perhaps deleted: GlobalNetworkPolicy(p128)', 'not deleted: Node(n1)', 'Run the same command again with --skip-not-exists to do the rest.']);
  });
});
