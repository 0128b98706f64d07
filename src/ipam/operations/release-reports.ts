import { CalicoError, type NameOption } from '../../base/errors.js';
import type { Store } from '../../datastore/store.js';
import { formatIp, parseIp } from '../../net/address.js';
import type { ClusterFacts } from '../cluster/facts.js';
import { handleKey } from '../records/keys.js';
import { requestsFor, stillThere } from './lookup.js';
import { agreedBy, type IpamReport, type ReportedAddress, type ReportedHandle } from '../report/report.js';
import { releaseUnused, type ReleaseOptions, type UnusedRelease } from './release-unused.js';
import type { AddressRequest } from './release.js';

/** What to do about reports that are older than the lock. */
const REPORT_ANEW = 'create one with `calicoctl ipam check -o FILE`, and release from it';
/** What to do where the datastore is not locked. Locking writes what a report is known by, so those there are become stale. */
export const LOCK_FIRST = `lock it with \`calicoctl datastore migrate lock\`, which makes existing reports stale; then create one with \`calicoctl ipam check -o FILE\`, release from it, and \`calicoctl datastore migrate unlock\``;

export interface NamedReport {
  readonly name: string;
  readonly report: IpamReport;
}

/** What the reports agree on, and what to tell beforehand. */
export interface Agreement {
  readonly addresses: readonly ReportedAddress[];
  readonly handles: readonly ReportedHandle[];
  readonly warnings: readonly string[];
}

/**
 * What several reports of this cluster agree to be unused. Throws CalicoError where one is of another cluster, none is
 * of the cluster as it is now, or, unless `force`, one is of another version or the datastore is not locked
 * (reference/ipam 7). A dry run needs no lock. The official tool's sentences speak of the option: `option` writes it.
 */
export function agreementOf(cluster: ClusterFacts, reports: readonly NamedReport[], version: string, { force, dryRun }: ReleaseOptions, option: NameOption): Agreement {
  const warnings: string[] = [];
  for (const { name, report } of reports) {
    if (report.clusterGuid !== cluster.guid) throw refusal(`cluster does not match the provided report (${name}): mismatched cluster GUID. Refusing to release`);
    if (report.version === version) continue;
    if (force !== true) throw refusal(`the provided report (${name}) was produced using a different version (${report.version}) of calicoctl. Refusing to release`);
    warnings.push(`WARNING: Report was produced using a different version of calicoctl. Ignoring due to ${option('force')} option`);
  }
  if (!reports.some(({ report }) => report.clusterRevision === cluster.revision)) {
    throw refusal('the provided reports are all stale - at least one should be up-to-date. Please generate a new report while the data store is locked and try again', cluster.locked ? REPORT_ANEW : LOCK_FIRST);
  }
  if (!cluster.locked && (force === true || dryRun !== true)) {
    if (force !== true) throw refusal(`data store is not locked. Either lock the data store, or re-run with ${option('force')}`, LOCK_FIRST);
    warnings.push(`WARNING: Data store is not locked. Ignoring due to ${option('force')} option`);
  }
  return { ...agreedBy(reports.map(({ report }) => report)), warnings };
}

/** What became of the addresses of an agreement. */
export interface ReportRelease {
  readonly released: readonly string[];
  /** Free already. */
  readonly gone: readonly string[];
  /** Left alone: in use, or not what the report says any more. */
  readonly kept: readonly UnusedRelease[];
}

/** Releases the addresses that are still what the reports say, and that nobody uses now. */
export async function releaseReported(store: Store, addresses: readonly ReportedAddress[], options: ReleaseOptions): Promise<ReportRelease> {
  const requests = addresses.flatMap(requestOf);
  const current = await requestsFor(store, requests.map(({ ip }) => ip));
  const state = requests.map((request, index) => stillThere(request, current[index]!));
  const answers = await releaseUnused(store, current.filter((_, index) => state[index] === true), { ...options, force: false, trusting: options.force === true });
  const changed = requests.filter((_, index) => state[index] === false).map(({ ip }): UnusedRelease => ({ ip, outcome: 'refused', reason: `${formatIp(ip)} was assigned again since the report` }));
  return {
    released: answers.filter(({ outcome }) => outcome === 'released').map(({ ip }) => formatIp(ip)),
    gone: [...requests.filter((_, index) => state[index] === undefined), ...answers.filter(({ outcome }) => outcome === 'unallocated')].map(({ ip }) => formatIp(ip)),
    kept: [...answers.filter(({ outcome }) => outcome === 'refused'), ...changed],
  };
}

/** Removes a handle that is as the report saw it; false where it is gone or was changed since. */
export async function removeReportedHandle(store: Store, { id, revision }: ReportedHandle, dryRun: boolean): Promise<boolean> {
  const key = handleKey(id);
  if (dryRun) return (await store.get(key))?.modRevision === revision;
  return (await store.commit([{ action: 'delete', key, expect: revision }], [{ did: 'deleted', what: `handle ${id}` }])).done;
}

function requestOf({ ip: text, handle, sequenceNumber }: ReportedAddress): AddressRequest[] {
  const ip = parseIp(text);
  return ip === undefined ? [] : [{ ip, handle: handle === '' ? undefined : handle, sequence: sequenceNumber }];
}

function refusal(message: string, hint?: string): CalicoError {
  return new CalicoError('precondition', message, { hint });
}
