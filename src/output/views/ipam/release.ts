import { formatIp } from '../../../net/address.js';
import type { ReportRelease } from '../../../ipam/operations/release-reports.js';
import { isKept, suspectsOf, type UnusedRelease } from '../../../ipam/operations/release-unused.js';
import { unreadableText, type UnreadableKey } from '../../../ipam/cluster/unreadable.js';
import { safe } from '../../../text/safe.js';

/** What to print about a release. */
export interface ReleaseText {
  readonly stdout: string;
  readonly stderr: readonly string[];
}

export const FORCE_HINT = '--force releases addresses all the same';
export const SUSPECTS_HINT = 'mend them as `calicoctl ipam check` says and release then; --force releases all the same';

/** What is said of endpoints and nodes because of which something was left alone, a line for each. */
export function suspectLines(suspects: readonly UnreadableKey[]): string[] {
  return suspects.map((each) => safe(unreadableText(each)));
}

/** A line for each address; those that were not released go to stderr. */
export function releaseText(answers: readonly UnusedRelease[], dryRun: boolean): ReleaseText {
  const done = dryRun ? 'Would release IP address' : 'Successfully released IP address';
  const released = answers.filter(({ outcome }) => outcome === 'released');
  return {
    stdout: released.map(({ ip }) => `${done} ${formatIp(ip)}\n`).join(''),
    stderr: [...answers.filter(({ outcome }) => outcome !== 'released').map(notReleased), ...suspectLines(suspectsOf(answers))],
  };
}

/** Why an address was not released. */
export function notReleased({ ip, outcome, users, suspects, reason }: UnusedRelease): string {
  const address = formatIp(ip);
  if (suspects !== undefined) return `IP address ${address} was not released: nobody who can be read has it, but who cannot be may`;
  if (users !== undefined) return safe(`IP address ${address} is in use by ${users.join(' and ')} and was not released`);
  return safe(outcome === 'unallocated' ? `IP address ${address} is not assigned` : `IP address ${address} was not released: ${reason ?? ''}`);
}

/** What became of what reports agreed on, in the words of the official tool (reference/ipam 7). */
export function reportReleaseText({ released, gone, kept }: ReportRelease, dryRun: boolean): string {
  const total = released.length + gone.length + kept.length;
  if (total === 0) return "Report didn't contain any leaked IPs to clean up.\n";
  const lines = dryRun ? released.map((ip) => `Would release IP address ${ip}`) : [`Releasing ${total} old IPs...`, `Released ${released.length} IPs successfully`];
  if (gone.length > 0) lines.push(`${gone.length} addresses marked as leaked in the report had already been cleaned up.`);
  lines.push(...kept.filter((each) => !isKept(each)).map(notReleased));
  return lines.map((line) => `${line}\n`).join('');
}

/** What became of the handles of reports; `removed` says so for each. */
export function reportHandlesText(handles: readonly { readonly id: string }[], removed: readonly boolean[], dryRun: boolean): string {
  if (handles.length === 0) return "Report didn't contain any handles to clean up.\n";
  if (dryRun) return handles.filter((_, index) => removed[index]).map(({ id }) => `Would delete handle ${safe(id)}\n`).join('');
  const count = removed.filter(Boolean).length;
  const marks = removed.map((done) => (done ? '.' : 'x')).join('');
  return `Deleting ${handles.length} handles...\nKey: '.' = Deleted OK; 'x' = skip, handle missing/changed.\n${marks}\nReleased ${count} handles; ${handles.length - count} skipped; 0 errors.\n`;
}
