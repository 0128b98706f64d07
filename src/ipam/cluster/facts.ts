import { CalicoError, ListedError } from '../../base/errors.js';
import type { Entry, Store } from '../../datastore/store.js';
import { keyOf } from '../../resources/keys.js';
import { STORED_AS } from '../../resources/v3/stored-as.js';
import { isUnreadable } from '../records/block-codec.js';
import { parseResource, readResource } from './resources.js';
import type { Draft } from '../../datastore/draft.js';
import { StoredFields } from './stored-fields.js';
import { NOT_UTF8, unreadableText } from './unreadable.js';

/** What ClusterInformation says of the cluster. */
export interface ClusterFacts {
  readonly guid: string;
  readonly locked: boolean;
  readonly type: string;
  /** The Calico release of the cluster; empty where nobody wrote it. */
  readonly version: string;
  readonly revision: string;
}

export const CLUSTER_KEY = keyOf(STORED_AS.ClusterInformation, 'default');

/** Why a stored ClusterInformation cannot be read; undefined where it can. */
export function clusterProblem({ value, invalid }: Pick<Entry, 'value' | 'invalid'>): string | undefined {
  const resource = invalid ? NOT_UTF8 : readResource('ClusterInformation', value);
  if (isUnreadable(resource)) return resource.problem;
  const fields = new StoredFields();
  for (const name of ['clusterGUID', 'clusterType', 'calicoVersion'] as const) fields.text(resource.spec[name], `spec.${name}`);
  fields.isTrue(resource.spec.datastoreReady, 'spec.datastoreReady');
  return fields.problem;
}

/** Reads a stored ClusterInformation. What cannot be read of it is empty, and it is not locked. */
export function clusterFacts({ value, modRevision }: Entry): ClusterFacts {
  const { clusterGUID, clusterType, calicoVersion } = parseResource('ClusterInformation', value)?.spec ?? {};
  const text = (stored: unknown): string => (typeof stored === 'string' ? stored : '');
  return { guid: text(clusterGUID), type: text(clusterType), version: text(calicoVersion), locked: isLocked(value), revision: modRevision };
}

/** The cluster as it is noted in the store. Throws CalicoError where nothing is. */
export async function readClusterFacts(store: Store): Promise<ClusterFacts> {
  const entry = await store.get(CLUSTER_KEY);
  if (entry !== undefined) return clusterFacts(entry);
  throw noCluster();
}

/** The failure of what needs to know the cluster, where ClusterInformation is missing. */
export function noCluster(): CalicoError {
  return new CalicoError('missing', 'resource does not exist: ClusterInformation(default)', { hint: 'the first create or apply creates it', subject: 'ClusterInformation(default)' });
}

/** The datastore is locked: then network plugins give no address out either (reference/storage 5.4). */
export class LockedError extends CalicoError {
  /** What is said where it was locked only after something had been assigned. */
  static readonly MEANWHILE = 'the datastore was locked meanwhile';

  constructor(consequence = 'nothing was assigned') {
    super('locked', `datastore is locked: ${consequence}`, { hint: (option) => `\`calicoctl datastore migrate unlock\` once the reason for the lock is gone; ${option('force')} assigns anyway, even an address in use` });
  }
}

/**
 * Throws LockedError where the datastore is locked, and CalicoError (`precondition`) where nobody knows whether it is; what the draft
 * writes comes about only while it is not.
 * @param keys what is needed next, read in the same round trip
 */
export async function refuseLocked(draft: Draft, keys: readonly string[] = []): Promise<void> {
  await draft.load([CLUSTER_KEY, ...keys]);
  const value = await draft.value(CLUSTER_KEY);
  if (isLocked(value)) throw new LockedError();
  const problem = value === undefined ? undefined : clusterProblem({ value });
  if (problem === undefined) return;
  const text = `it is unknown whether the datastore is locked: ${unreadableText({ key: CLUSTER_KEY, problem })}: nothing was assigned`;
  throw new CalicoError('precondition', text, { subject: 'ClusterInformation(default)', hint: (option) => `\`calicoctl ipam check\` says what to do about it; ${option('force')} assigns anyway, even an address in use` });
}

/** Whether a stored ClusterInformation says that the datastore is locked. */
function isLocked(value: string | undefined): boolean {
  return value !== undefined && parseResource('ClusterInformation', value)?.spec.datastoreReady === false;
}

/** Throws CalicoError where the cluster runs another Calico release than `version` (reference/storage 5.1). */
export async function refuseOtherVersion(store: Store, version: string): Promise<void> {
  const entry = await store.get(CLUSTER_KEY);
  const cluster = entry === undefined ? '' : clusterFacts(entry).version;
  if (cluster === '' || numbersOf(cluster) === numbersOf(version)) return;
  throw new ListedError('failed', ['version mismatch.', `Client Version:   ${version}`, `Cluster Version:  ${cluster}`], { hint: (option) => `use ${option('allow-version-mismatch')} to override` });
}

/** `v3.32.1-5-gabc` is `3.32.1`. */
function numbersOf(version: string): string {
  return version.replace(/^v/, '').replace(/-.*$/s, '');
}
