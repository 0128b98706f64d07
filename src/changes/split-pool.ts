import { CalicoError, InvalidRequest } from '../base/errors.js';
import type { Deed, Entry, Operation, Store } from '../datastore/store.js';
import { TRANSACTION_LIMIT } from '../datastore/store.js';
import { formatCidr } from '../net/address.js';
import { CLUSTER_KEY, clusterFacts, noCluster } from '../ipam/cluster/facts.js';
import { countProblem, partName, splitCidr } from '../ipam/operations/split.js';
import { keyOf, prefixOf } from '../resources/keys.js';
import type { StoredObject } from '../resources/kind.js';
import { plainText } from '../resources/plain-text.js';
import { decodeStored, encodeStored, isCorrupt } from '../resources/stored-value.js';
import { ipPool, poolCidr, type IpPoolSpec } from '../resources/v3/ip-pool.js';
import { inStoredOrder } from '../resources/v3/defaults.js';
import { newIdentity, type Sources } from './initialize.js';

/** Which pool to split; the official tool takes either. */
export interface PoolChoice {
  readonly name?: string | undefined;
  readonly cidr?: string | undefined;
}

export interface SplitResult {
  readonly pool: string;
  /** Whether the datastore is locked, without which nothing can be written. */
  readonly locked: boolean;
  readonly parts: readonly { readonly name: string; readonly cidr: string }[];
}

interface Part {
  readonly name: string;
  readonly cidr: string;
  readonly key: string;
  readonly object: StoredObject<IpPoolSpec>;
}

/** What to do where the datastore is not locked. */
export const LOCK_BEFORE_SPLIT = 'run `calicoctl datastore migrate lock` first, in order to split the IP pools';
/** What a transaction holds besides the parts: the pool itself and the lock. */
const MOST_PARTS_AT_ONCE = TRANSACTION_LIMIT.operations - 2;

/**
 * Splits a pool into equal parts (reference/ipam 10). Everything is checked before anything is written. Up to 126
 * parts take the pool's place in one transaction; more are made in several, the pool disabled meanwhile and deleted
 * last, so that a command that was killed can be run again. Blocks and their affinities stay as they are. The lock is
 * asked for last, and not by a dry run: whether a pool can be split must be known before a cluster is stopped for it.
 * Throws InvalidRequest for a number, CalicoError where the datastore is not locked or the pool cannot be split so.
 */
export async function splitPool(store: Store, choice: PoolChoice, count: number, { sources, dryRun }: { readonly sources: Sources; readonly dryRun: boolean }): Promise<SplitResult> {
  const { ranges } = await store.snapshot([{ key: CLUSTER_KEY }, { prefix: prefixOf(ipPool) }]);
  const entries = ranges[1] ?? [];
  const pool = findPool(entries, choice);
  const parts = partsOf(pool.object, count, sources);
  const missing = missingParts(parts, entries, pool.object);
  const lock = ranges[0]?.[0];
  const locked = lock !== undefined && clusterFacts(lock).locked;
  if (!dryRun) {
    if (lock === undefined) throw noCluster();
    if (!locked) throw new CalicoError('precondition', 'datastore is not locked', { hint: LOCK_BEFORE_SPLIT });
    await replace(store, { lock, pool, missing });
  }
  return { pool: pool.object.metadata.name, locked, parts };
}

/** Throws InvalidRequest where no pool can be split as the command line says, whatever is stored. */
export function checkSplit({ name, cidr }: PoolChoice, count: number): void {
  const problem = countProblem(count);
  if (problem !== undefined) throw new InvalidRequest(`an IP pool cannot be split into ${count}: ${problem}`);
  if (name === undefined && cidr === undefined) throw new InvalidRequest('no name or CIDR provided. Provide a name or CIDR to denote the IP pool to split');
}

interface FoundPool {
  readonly entry: Entry;
  readonly object: StoredObject<IpPoolSpec>;
}

function findPool(entries: readonly Entry[], { name, cidr }: PoolChoice): FoundPool {
  for (const entry of entries) {
    const object = decodeStored(ipPool, entry);
    if (isCorrupt(object)) continue;
    if ((name ?? object.metadata.name) === object.metadata.name && (cidr ?? object.spec.cidr) === object.spec.cidr) return { entry, object };
  }
  const wanted = name === undefined ? `covering the specified CIDR ${cidr}` : `with name ${name}${cidr === undefined ? '' : ` and CIDR ${cidr}`}`;
  throw new CalicoError('missing', `unable to find IP pool ${wanted}`, { hint: (option) => `\`calicoctl ${option('dialect')} v3 get ippools\` lists them`, subject: `IPPool(${wanted})` });
}

/** The parts as the official tool makes them: enabled, everything else as the pool says. */
function partsOf(pool: StoredObject<IpPoolSpec>, count: number, sources: Sources): readonly Part[] {
  const { metadata, spec } = pool;
  const cidr = poolCidr(pool);
  if (cidr === undefined) throw new CalicoError('unreadable', `the CIDR of ${metadata.name} cannot be read: ${plainText(spec.cidr, 'there is none')}`);
  const parts = splitCidr(cidr, count, Number(spec.blockSize));
  if ('problem' in parts) throw new InvalidRequest(`the IP pool ${metadata.name} cannot be split into ${count}: ${parts.problem}`);
  const { disabled: _disabled, ...rest } = spec;
  return parts.map((part, index) => {
    const name = partName(metadata.name, index);
    const text = formatCidr(part);
    const object: StoredObject<IpPoolSpec> = { kind: ipPool.kind, apiVersion: 'projectcalico.org/v3', metadata: { name, ...newIdentity(sources) }, spec: { ...rest, cidr: text } };
    return { name, cidr: text, key: keyOf(ipPool, name), object };
  });
}

/** The parts that are not there yet: some may be, when a split was interrupted. */
function missingParts(parts: readonly Part[], entries: readonly Entry[], pool: StoredObject<IpPoolSpec>): readonly Part[] {
  const present = new Map(entries.map((entry) => [entry.key, decodeStored(ipPool, entry)]));
  const missing = parts.filter(({ key, cidr }) => {
    const there = present.get(key);
    if (there === undefined) return true;
    if (!isCorrupt(there) && there.spec.cidr === cidr && pool.spec.disabled === true) return false;
    throw new CalicoError('exists', `resource already exists: IPPool(${key.slice(prefixOf(ipPool).length)})`, { hint: 'it is another pool with the name of a part; nothing was written', subject: `IPPool(${key.slice(prefixOf(ipPool).length)})` });
  });
  return missing;
}

async function replace(store: Store, { lock, pool, missing }: { readonly lock: Entry; readonly pool: FoundPool; readonly missing: readonly Part[] }): Promise<void> {
  const locked: Operation = { action: 'check', key: lock.key, expect: lock.modRevision };
  const { key } = pool.entry;
  let revision = pool.entry.modRevision;
  if (missing.length > MOST_PARTS_AT_ONCE && pool.object.spec.disabled !== true) {
    const value = encodeStored(ipPool, { ...pool.object, spec: inStoredOrder(ipPool.spec, { ...pool.object.spec, disabled: true }) });
    revision = await commit(store, [locked, { action: 'put', key, expect: revision, value }], [{ did: 'disabled', what: `IPPool(${pool.object.metadata.name}): no node can claim a block from it any more` }]);
  }
  let left = missing;
  for (; left.length > MOST_PARTS_AT_ONCE; left = left.slice(MOST_PARTS_AT_ONCE)) {
    const some = left.slice(0, MOST_PARTS_AT_ONCE);
    await commit(store, [locked, { action: 'check', key, expect: revision }, ...creations(some)], some.map(createdDeed));
  }
  await commit(store, [locked, { action: 'delete', key, expect: revision }, ...creations(left)], [...left.map(createdDeed), { did: 'deleted', what: `IPPool(${pool.object.metadata.name})` }]);
}

function creations(parts: readonly Part[]): Operation[] {
  return parts.map(({ key, object }) => ({ action: 'put', key, expect: '0', value: encodeStored(ipPool, object) }));
}

function createdDeed({ name, cidr }: Part): Deed {
  return { did: 'created', what: `${name} with CIDR ${cidr}`, data: { name, cidr } };
}

async function commit(store: Store, operations: readonly Operation[], deeds: readonly Deed[]): Promise<string> {
  const made = await store.commit(operations, deeds);
  if (made.done) return made.revision;
  throw new CalicoError('changed', 'the pool or the lock was changed meanwhile by another client', { hint: 'run the same command again' });
}
