import { CalicoError, type NameOption } from '../../base/errors.js';
import type { Store } from '../../datastore/store.js';
import type { Ip } from '../../net/address.js';
import { readClusterFacts } from '../cluster/facts.js';
import { NODE_PREFIX } from '../cluster/resources.js';
import type { UnreadableKey } from '../cluster/unreadable.js';
import { readUnknownUsers } from '../cluster/uses.js';
import { agreementOf, releaseReported, removeReportedHandle, type NamedReport, type ReportRelease } from './release-reports.js';
import { isKept, releaseHandleUnused, releaseIps, releaseNodeUnused, type HandleRelease, type NodeRelease, type ReleaseOptions, type UnusedRelease } from './release-unused.js';

/** What is to be released, in one of the ways there are. */
export type ReleaseWanted =
  | { readonly by: 'address'; readonly ips: readonly Ip[] }
  | { readonly by: 'node'; readonly node: string }
  | { readonly by: 'handle'; readonly handles: readonly string[] }
  | { readonly by: 'report'; readonly reports: readonly NamedReport[] };

/** What was released, or why not, as soon as it is known. */
export type Released =
  | { readonly of: 'addresses'; readonly answers: readonly UnusedRelease[] }
  | { readonly of: 'node'; readonly node: string; readonly answer: NodeRelease }
  /** `answer` is undefined where there is no such handle. */
  | { readonly of: 'handle'; readonly handle: string; readonly answer: HandleRelease | undefined }
  /** What to think of before a release from reports. */
  | { readonly of: 'warnings'; readonly warnings: readonly string[] }
  | { readonly of: 'reported addresses'; readonly result: ReportRelease }
  | ReportedRest;

/** What became of the handles of reports, and what was kept of their addresses. */
export interface ReportedRest {
  readonly of: 'reported handles';
  readonly handles: readonly { readonly id: string }[];
  /** For each handle, whether it was removed; empty where something unreadable may have addresses of theirs. */
  readonly removed: readonly boolean[];
  readonly kept: readonly UnusedRelease[];
  readonly suspects: readonly UnreadableKey[];
  readonly locked: boolean;
}

/** The Calico release that reports should be of, and how options are written in what is said of them. */
export interface ReleaseSetting {
  readonly version: string;
  readonly option: NameOption;
}

/**
 * Releases what is wanted, step by step.
 * Throws CalicoError where nothing may be released: the node exists, the reports are stale, and the like.
 */
export async function* releaseWanted(store: Store, wanted: ReleaseWanted, options: ReleaseOptions, setting: ReleaseSetting): AsyncGenerator<Released> {
  switch (wanted.by) {
    case 'address':
      yield { of: 'addresses', answers: await releaseIps(store, wanted.ips, options) };
      return;
    case 'node':
      yield { of: 'node', node: wanted.node, answer: await releaseNode(store, wanted.node, options) };
      return;
    case 'handle':
      for (const handle of new Set(wanted.handles)) yield { of: 'handle', handle, answer: await releaseHandleUnused(store, handle, options) };
      return;
    case 'report':
      yield* releaseByReports(store, wanted.reports, options, setting);
  }
}

async function releaseNode(store: Store, node: string, options: ReleaseOptions): Promise<NodeRelease> {
  if (options.force !== true && (await store.get(NODE_PREFIX + node)) !== undefined) {
    throw new CalicoError('exists', `node ${node} exists: its addresses are its own`, { hint: '`calicoctl ipam check` names the unused ones, and the command that releases them', subject: `Node(${node})` });
  }
  return releaseNodeUnused(store, node, options);
}

async function* releaseByReports(store: Store, reports: readonly NamedReport[], options: ReleaseOptions, { version, option }: ReleaseSetting): AsyncGenerator<Released> {
  const cluster = await readClusterFacts(store);
  const { addresses, handles, warnings } = agreementOf(cluster, reports, version, options, option);
  yield { of: 'warnings', warnings };
  const result = await releaseReported(store, addresses, options);
  yield { of: 'reported addresses', result };
  const suspects = options.force === true || addresses.length + handles.length === 0 ? [] : await readUnknownUsers(store);
  const removed: boolean[] = [];
  if (suspects.length === 0) for (const handle of handles) removed.push(await removeReportedHandle(store, handle, options.dryRun === true));
  yield { of: 'reported handles', handles, removed, kept: result.kept.filter(isKept), suspects, locked: cluster.locked };
}
