import { commitSteps, intoBatches } from '../../src/changes/commit.js';
import type { Step } from '../../src/changes/step.js';
import { storedTarget } from '../../src/objects/target.js';
import { connect } from '../../src/datastore/etcd/connect.js';
import type { Operation, Store } from '../../src/datastore/store.js';
import { API_VERSION } from '../../src/resources/v3/document.js';
import { globalNetworkSet } from '../../src/resources/v3/global-network-set.js';

const BYTES = 500;

/** How fast keys are created, in keys per second. */
export interface Writing {
  readonly oneByOne: number;
  readonly inBatches: number;
}

/** Creates keys with the tool's own client, one guarded transaction at a time and then as `create` does, on the same etcd. */
export async function measureWriting(endpoint: string, singles: number, bulk: number): Promise<Writing> {
  const store = await connect({ endpoints: [endpoint], endpointsOrigin: 'the bench' }, { timeoutMs: 600_000 });
  try {
    return { oneByOne: await rate(createOneByOne, store, operations('one', singles)), inBatches: await rate(createInBatches, store, operations('many', bulk)) };
  } finally {
    store.close();
  }
}

async function rate(create: (store: Store, operations: readonly Operation[]) => Promise<void>, store: Store, operations: readonly Operation[]): Promise<number> {
  const started = performance.now();
  await create(store, operations);
  return operations.length / ((performance.now() - started) / 1000);
}

async function createOneByOne(store: Store, operations: readonly Operation[]): Promise<void> {
  for (const operation of operations) {
    if (!(await store.commit([operation])).done) throw new Error(`${operation.key} was there already`);
  }
}

async function createInBatches(store: Store, operations: readonly Operation[]): Promise<void> {
  const steps = operations.map(stepOf);
  const { written } = await commitSteps(store, await intoBatches(steps));
  if (written.length !== steps.length) throw new Error('not everything was written');
}

function stepOf(operation: Operation): Step {
  const target = storedTarget(globalNetworkSet, { apiVersion: API_VERSION, kind: globalNetworkSet.kind, metadata: { name: operation.key }, spec: {} });
  return { target, key: operation.key, result: 'created', operations: [operation], reliesOn: [] };
}

function operations(name: string, count: number): Operation[] {
  const value = JSON.stringify({ text: 'x'.repeat(BYTES) });
  return Array.from({ length: count }, (_, index) => ({ action: 'put', key: `/bench/${name}/${index}`, expect: '0', value }));
}
