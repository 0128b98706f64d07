import { expect } from 'chai';
import { describe, it } from 'mocha';
import { DatastoreError } from '../../src/base/errors.js';
import type { Range, Snapshot, SnapshotOptions } from '../../src/datastore/store.js';
import { DOCKER_PREFIX, dockerEndpointKey, dockerHostKey, dockerNetworkKey } from '../../src/resources/docker-keys.js';
import { remove, write } from '../support/changes.js';
import { MemoryStore } from '../support/memory-store.js';

const NODE = { apiVersion: 'projectcalico.org/v3', kind: 'Node', metadata: { name: 'node-1' }, spec: {} };
const NODE_KEY = '/calico/resources/v3/projectcalico.org/nodes/node-1';
const OTHERS = [dockerNetworkKey('net1'), dockerHostKey('node-10', 'net1'), dockerEndpointKey('node-10', 'f1')];

/** Belongs to a user who may not look at Docker's networks. */
class DeniedStore extends MemoryStore {
  override snapshot(ranges: readonly Range[], options?: SnapshotOptions): Promise<Snapshot> {
    if (ranges.some((range) => 'prefix' in range && range.prefix.startsWith(DOCKER_PREFIX))) return Promise.reject(new DatastoreError('permission', 'no permission'));
    return super.snapshot(ranges, options);
  }
}

async function withNode(store: MemoryStore): Promise<MemoryStore> {
  await write(store, 'create', { 'a.yaml': NODE });
  for (const key of OTHERS) store.set(key, '{}');
  for (let number = 0; number < 300; number++) store.set(dockerHostKey('node-1', `net${number}`), '{"id":"x"}');
  store.set(dockerEndpointKey('node-1', 'f2'), '{"network":"net1"}');
  return store;
}

describe('deleting a node', () => {
  it("takes what it has of Docker's networks, and leaves what others have", async () => {
    const store = await withNode(new MemoryStore());
    await remove(store, { 'a.yaml': NODE });
    const keys = Object.keys(store.content());
    expect(keys.filter((key) => key.startsWith(DOCKER_PREFIX)).sort()).to.deep.equal([...OTHERS].sort());
    expect(keys).not.to.include(NODE_KEY);
  });

  it('needs no right to look at them', async () => {
    const store = await withNode(new DeniedStore());
    await remove(store, { 'a.yaml': NODE });
    expect(Object.keys(store.content())).not.to.include(NODE_KEY);
  });
});
