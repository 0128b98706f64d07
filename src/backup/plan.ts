import { CalicoError } from '../base/errors.js';
import type { Notify } from '../base/notice.js';
import type { BackupFile } from '../datastore/file/backup-file.js';
import type { Entry, Store } from '../datastore/store.js';
import { CLUSTER_KEY } from '../ipam/cluster/facts.js';
import { compareWithStore, type Difference } from './difference.js';
import { PREFIX } from './make.js';
import { markerIn, type RestoreMarker, type RestoreMode } from './marker.js';
import type { BackupNotice } from './notices.js';

/** What a restore would do, and on what that rests. */
export interface RestorePlan {
  readonly file: BackupFile;
  readonly mode: RestoreMode;
  readonly difference: Difference;
  /** The restore that was begun in the store and has not come to its end. */
  readonly begun?: RestoreMarker;
  /** Whether this one goes on with it. */
  readonly resumes: boolean;
  /** ClusterInformation as it will be in the end; undefined where there will be none. */
  readonly cluster: Pick<Entry, 'value' | 'bytes'> | undefined;
}

/** What becomes of one key. */
export interface PlannedKey {
  readonly action: 'created' | 'changed' | 'deleted';
  readonly key: string;
}

/** Keys that the plan creates, changes or deletes, in that order; ClusterInformation among them. */
export function plannedKeys({ difference: { puts, surplus, cluster: { inStore } }, begun, cluster, mode }: RestorePlan): readonly PlannedKey[] {
  const before = begun === undefined ? inStore?.value : begun.before;
  const ofCluster: readonly PlannedKey[] = before === cluster?.value ? [] : [{ action: before === undefined ? 'created' : cluster === undefined ? 'deleted' : 'changed', key: CLUSTER_KEY }];
  const all: readonly PlannedKey[] = [
    ...puts.map(({ key, expect }): PlannedKey => ({ action: expect === '0' ? 'created' : 'changed', key })),
    ...ofCluster,
    ...(mode === 'merge' ? [] : surplus.map(({ key }): PlannedKey => ({ action: 'deleted', key }))),
  ];
  return (['created', 'changed', 'deleted'] as const).flatMap((action) => all.filter((each) => each.action === action));
}

/** Whether there is nothing to be done. */
export function isRestored(plan: RestorePlan): boolean {
  return plan.begun === undefined && plannedKeys(plan).length === 0;
}

/**
 * Compares file and store and decides what is to be done. Throws CalicoError where the mode does not allow it: `exists` for a store
 * that is not empty, `changed` where somebody else wrote to a half restored one, `precondition` for another restore under way.
 */
export async function planRestore(file: BackupFile, store: Store, mode: RestoreMode, watch: { readonly signal: AbortSignal; readonly notify: Notify<BackupNotice> }): Promise<RestorePlan> {
  const difference = await compareWithStore(file, store, watch);
  const { inFile, inStore } = difference.cluster;
  const begun = markerIn(inStore?.value);
  const resumes = begun !== undefined && begun.sha256 === file.end.sha256 && begun.mode === mode;
  if (mode === 'empty') refuseOccupied(difference, begun, resumes);
  if (mode === 'merge' && begun !== undefined && !resumes) throw new CalicoError('precondition', `${unfinished(begun)}: nothing can be merged into a part of it`, { hint: 'finish it with the same command, or make the store what a file says with --replace' });
  const kept = mode === 'merge' ? (begun === undefined ? inStore : begun.before === undefined ? undefined : { value: begun.before }) : undefined;
  return { file, mode, difference, ...(begun && { begun }), resumes, cluster: kept ?? inFile };
}

function refuseOccupied({ puts, surplus, same, cluster }: Difference, begun: RestoreMarker | undefined, resumes: boolean): void {
  const changed = puts.filter(({ expect }) => expect !== '0').length + surplus.length;
  if (resumes && changed === 0) return;
  const hint = '--replace makes it what the file says, --merge only adds and changes; with --dry-run they show the difference';
  if (resumes) throw new CalicoError('changed', `the restore cannot go on: ${changed} keys were written by somebody else since it was interrupted`, { hint });
  const there = changed + same + (cluster.inStore === undefined ? 0 : 1);
  if (there === 0) return;
  throw new CalicoError('exists', `the datastore is not empty: it has ${there} keys below ${PREFIX}${begun === undefined ? '' : `, and ${unfinished(begun)}`}`, { hint });
}

/** `a restore of another file was begun at ... and is not finished`. */
function unfinished({ begun, mode }: RestoreMarker): string {
  return `a restore${mode === 'empty' ? '' : ` with --${mode}`} that was begun at ${begun} is not finished`;
}
