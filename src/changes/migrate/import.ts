import { CalicoError, ListedError } from '../../base/errors.js';
import { transact } from '../../datastore/draft.js';
import { intoTransactions } from '../../datastore/batches.js';
import type { Operation, Store } from '../../datastore/store.js';
import { CLUSTER_KEY } from '../../ipam/cluster/facts.js';
import { IPAM_PREFIX } from '../../ipam/records/keys.js';
import { nameInKey, prefixOf } from '../../resources/keys.js';
import { decodeStored, encodeStored, isCorrupt } from '../../resources/stored-value.js';
import { clusterInformation } from '../../resources/v3/cluster-information.js';
import { v3Identity } from '../../objects/target.js';
import { INITIAL_KEYS } from '../initialize.js';
import { setLocked } from '../lock.js';
import { writes } from '../step.js';
import { writeTargets, type WriteOptions, type WriteResult } from '../write.js';
import { kindOfKey } from './ipam.js';
import { MIGRATED } from './kinds.js';
import type { Import } from './read-import.js';

/** What an import would come to. */
export interface ImportPlan {
  readonly resources: WriteResult;
  /** Records of address management that are not there yet. */
  readonly records: ReadonlyMap<string, string>;
}

/**
 * Plans an import. What is there already in just this form stays, so that one which was interrupted can be run again.
 * @throws ListedError where the datastore holds anything else
 */
export async function planImport(store: Store, { targets, records }: Import, options: WriteOptions): Promise<ImportPlan> {
  const resources = await writeTargets(store, 'apply', targets, { ...options, dryRun: true });
  const ranges = [{ prefix: IPAM_PREFIX }, ...MIGRATED.map((kind) => ({ prefix: prefixOf(kind), keysOnly: true }))];
  const { ranges: [ipam = [], ...found] } = await store.snapshot(ranges);
  const wanted = new Set(resources.plan.steps.map(({ key }) => key));
  const foreign: string[] = [];
  for (const { result, key, target } of resources.plan.steps) if (result === 'replaced' && !INITIAL_KEYS.includes(key)) foreign.push(`${target.identity} differs`);
  for (const [index, kind] of MIGRATED.entries()) {
    for (const { key } of found[index] ?? []) {
      const named = nameInKey(kind, key);
      if (wanted.has(key) || INITIAL_KEYS.includes(key) || (named !== undefined && kind.readOnly?.({ metadata: { name: named.name } }, 'apply') !== undefined)) continue;
      foreign.push(`${named === undefined ? key : v3Identity(kind, named.name, named.namespace)} is there`);
    }
  }
  const missing = new Map(records);
  for (const { key, value } of ipam) {
    if (kindOfKey(key) === undefined) continue;
    if (records.get(key) === value) missing.delete(key);
    else foreign.push(`${key} ${records.has(key) ? 'differs' : 'is there'}`);
  }
  if (foreign.length > 0) throw new ListedError('precondition', ['datastore already has Calico resources:', ...foreign.map((line) => `  ${line}`)], { hint: 'import into an empty datastore' });
  return { resources, records: missing };
}

/** Locks the datastore and writes the resources: all of them or none where one transaction is enough. */
export async function importResources(store: Store, { targets }: Import, options: WriteOptions): Promise<WriteResult> {
  await setLocked(store, true, options.sources);
  return writeTargets(store, 'apply', targets, options);
}

/** Gives the cluster the identity of the old one, and writes the records; each transaction compares that none of its keys is there. Throws CalicoError where one is. */
export async function importCluster(store: Store, { cluster }: Import, records: ReadonlyMap<string, string>): Promise<void> {
  await transact(store, async (draft) => {
    const value = (await draft.value(CLUSTER_KEY)) ?? '';
    const object = decodeStored(clusterInformation, { key: CLUSTER_KEY, value, modRevision: '0' });
    if (isCorrupt(object)) throw new CalicoError('unreadable', `${CLUSTER_KEY} cannot be read: ${object.reason}`);
    const text = encodeStored(clusterInformation, { ...object, spec: { ...object.spec, ...cluster } });
    if (text !== value) draft.put(CLUSTER_KEY, text);
    return text !== value;
  });
  for await (const batch of intoTransactions([...records].map(([key, value]): Operation => ({ action: 'put', key, value, expect: '0' })))) {
    const { done } = await store.commit(batch, batch.map(({ key }) => ({ did: 'imported', what: key })));
    if (!done) throw new CalicoError('changed', 'somebody else wrote address management meanwhile', { hint: 'the datastore is locked: see who writes to it' });
  }
}

/** Whether an import leaves everything as it is. */
export function isDone({ resources, records }: ImportPlan): boolean {
  return records.size === 0 && !resources.plan.steps.some(writes);
}
