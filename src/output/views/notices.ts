import type { BackupNotice } from '../../backup/notices.js';
import type { ChangeNotice } from '../../changes/notices.js';
import type { DatastoreNotice } from '../../datastore/notices.js';
import type { InsightNotice } from '../../insight/notices.js';
import type { JournalNotice } from '../../journal/notices.js';
import { CONTAINER, shellLine } from '../../host/engine/container.js';
import { exitText } from '../../host/engine/exit-text.js';
import type { ContainerNotice } from '../../host/notices.js';
import type { LabNotice } from '../../lab/notices.js';
import type { AddressNotice, DiagnosticsNotice, NodeRunNotice } from '../../node/notices.js';

/** Everything that long work may say. */
export type Notice = BackupNotice | InsightNotice | ChangeNotice | DatastoreNotice | JournalNotice | NodeRunNotice | DiagnosticsNotice | LabNotice;

/** How a notice is shown: lines of the report itself, on stderr, a hint for whoever is watching, or how far the work has come, on one line that the next replaces. */
export interface ShownNotice {
  readonly as: 'lines' | 'note' | 'hint' | 'progress';
  readonly lines: readonly string[];
  /** How much of the work is done, from 0 to 1. */
  readonly share?: number | undefined;
}

const LAB_STEPS = { network: 'bridge and etcd', store: 'what is in the datastore', hosts: 'hosts', nodes: 'waiting for the nodes to register', workloads: 'workloads', ready: 'waiting for routes and policies' } as const;

const INSIGHTS = { examined: 'kinds of endpoints examined', compared: 'compared', tested: 'tests run', changed: 'kinds of addresses with changed policies compared', merged: 'changes put together' } as const;

/** The words of a notice. */
export function shownNotice(notice: Notice): ShownNotice {
  switch (notice.code) {
    case 'changes.transactions':
      return { as: 'hint', lines: [`${notice.resources} resources take ${notice.transactions} transactions: each one is all or nothing, but not all of them together`] };
    case 'changes.progress':
      return { as: 'progress', lines: [`${notice.did}: ${notice.count} of ${notice.of}`], share: notice.count / notice.of };
    case 'backup.progress':
      return { as: 'progress', lines: [`${notice.did}: ${notice.count}${notice.of === undefined ? '' : ` of ${notice.of}`}`], share: notice.of === undefined ? undefined : notice.count / notice.of };
    case 'insight.progress':
      return { as: 'progress', lines: [`${INSIGHTS[notice.did]}: ${notice.count}${notice.of === undefined ? '' : ` of ${notice.of}`}`], share: notice.of === undefined ? undefined : notice.count / notice.of };
    case 'lab.step':
      return { as: 'progress', lines: [LAB_STEPS[notice.doing]], share: notice.step / notice.of };
    case 'lab.without-host':
      return { as: 'note', lines: [`${notice.workloads} workloads are on nodes that the lab has not: ${notice.nodes.join(', ')}`] };
    case 'datastore.read':
      return { as: 'progress', lines: [`read: ${notice.count}${notice.of === undefined ? '' : ` of ${notice.of}`}`], share: notice.of === undefined ? undefined : notice.count / notice.of };
    case 'datastore.waiting':
      return { as: 'progress', lines: notice.seconds === undefined ? [] : [`waiting for etcd at ${notice.endpoint}: ${notice.seconds} s of ${notice.of} s`] };
    case 'datastore.authentication-off':
      return { as: 'hint', lines: [`etcd at ${notice.endpoint} has authentication disabled: ${notice.setting} is not used`] };
    case 'datastore.watch-lost':
      return { as: 'note', lines: [`connection lost at revision ${notice.revision}: ${notice.reason}; connecting again until it succeeds`] };
    case 'datastore.watch-back':
      return { as: 'note', lines: [`connected again, to etcd at ${notice.endpoint}: changes after revision ${notice.revision} follow`] };
    case 'journal.denied':
    case 'journal.left-out':
    case 'journal.values-omitted':
    case 'journal.pruned':
      return journalLines(notice);
    default:
      return { as: 'lines', lines: hostLines(notice) };
  }
}

function journalLines(notice: JournalNotice): ShownNotice {
  switch (notice.code) {
    case 'journal.denied':
      return { as: 'note', lines: ['warning: the journal is not written: this user of etcd has no permission on /calicoctl/journal/', 'hint: grant it with: etcdctl role grant-permission ROLE readwrite /calicoctl/journal/ --prefix; or turn the journal off with CALICOCTL_JOURNAL=off'] };
    case 'journal.left-out':
      return { as: 'note', lines: [`warning: revision ${notice.revision} is not in the journal: ${notice.reason}`] };
    case 'journal.values-omitted':
      return { as: 'hint', lines: [`the journal has no values of ${notice.keys} keys that are changed at once: they are too large together`] };
    case 'journal.pruned':
      return { as: 'hint', lines: [`the journal was larger than it may be: its ${notice.records} oldest records, up to ${notice.until}, were deleted`] };
  }
}

function hostLines(notice: NodeRunNotice | DiagnosticsNotice): readonly string[] {
  switch (notice.code) {
    case 'node.name':
      return [`Using node name ${notice.name} (${notice.origin}).`];
    case 'kernel.modules':
      return [`Running command to load modules: modprobe -a ${notice.modules.join(' ')}`];
    case 'kernel.forwarding':
      return [`Enabling ${notice.family} forwarding`];
    case 'kernel.conntrack':
      return ['Increasing conntrack limit'];
    case 'kernel.conntrack.failed':
      return [`WARNING: Could not set nf_conntrack_max. This may have an impact at scale. (${notice.reason})`];
    case 'diagnostics.step':
      return [notice.title];
    case 'diagnostics.step.failed':
      return [`Failed to run command: ${notice.what}`, `Error: ${notice.reason}`];
    case 'diagnostics.logs':
      return ['Copying Calico logs'];
    case 'diagnostics.logs.none':
      return [`No logs found in ${notice.folder}: ${notice.reason}; skipping log copying`];
    default:
      return isAboutAddress(notice) ? [addressLine(notice)] : containerLines(notice);
  }
}

function isAboutAddress(notice: AddressNotice | ContainerNotice): notice is AddressNotice {
  return notice.code.startsWith('node.address.');
}

function addressLine(notice: AddressNotice): string {
  switch (notice.code) {
    case 'node.address.given':
      return `Using IPv${notice.version} address ${notice.address} on interface ${notice.interface} (given with ${notice.option}).`;
    case 'node.address.stored':
      return `Using IPv${notice.version} address ${notice.address}, which the datastore has for node ${notice.node}; ${notice.interface === undefined ? `no interface of this host has it (${notice.option}=autodetect looks for another)` : `it is on interface ${notice.interface}`}.`;
    case 'node.address.kept':
      return `Using IPv${notice.version} address ${notice.address}, which the datastore has for node ${notice.node}: ${notice.reason}.`;
    case 'node.address.found':
      return `Using IPv${notice.version} address ${notice.address} on interface ${notice.interface} (${notice.reason}).`;
    case 'node.address.passed-over':
      return `Passed over: ${notice.interfaces.join(', ')}.`;
    case 'node.address.left-to-container':
      return `The container chooses the IPv${notice.version} address: only Go can read the expressions in ${notice.option}-autodetection-method.`;
  }
}

const KEPT = {
  engine: 'and is healthy; it was left as it is (--replace replaces it).',
  'init-system': 'staying with it.',
  watch: 'it is watched as it is.',
} as const;

function containerLines(notice: ContainerNotice): readonly string[] {
  switch (notice.code) {
    case 'container.image.fetched':
      return [`The image ${notice.image} is not on this machine; fetching it, which may take a while.`];
    case 'container.command':
      return [`Running the following command to start ${CONTAINER}:`, '', shellLine(notice.words), ''];
    case 'container.replaced':
      return [`Removing old ${CONTAINER} container (if running).${notice.reason === undefined ? '' : ` Replacing it because ${notice.reason}.`}`];
    case 'container.kept':
      return [`${CONTAINER} already runs with these settings${notice.by === 'engine' ? ' ' : '; '}${KEPT[notice.by]}`];
    case 'container.started':
      return ['Container started, checking progress logs.', ''];
    case 'container.log':
      return [notice.line];
    case 'container.restored':
      return [`The old ${CONTAINER} container was restored${notice.running ? ' and is running' : `; it had ended with ${exitText(notice)}`}.`];
    case 'container.not-restored':
      return [`The old ${CONTAINER} container could not be restored; it is now called ${notice.as}: ${notice.reason}`];
    case 'container.removed-itself':
      return [`The old ${CONTAINER} container removed itself when it was stopped: start it again where it was started.`];
    case 'container.watched':
      return [`Watching ${CONTAINER}; Ctrl-C stops it.`];
    case 'container.ended':
      return [`${CONTAINER} ended with ${exitText(notice)} after ${notice.seconds} s.`];
    case 'container.failed':
      return notice.lines;
    case 'container.restarts':
      return [`Starting ${CONTAINER} again in ${notice.seconds} s.`];
    case 'container.stopped':
      return [`Stopped ${CONTAINER}.`];
  }
}
