import { formatIp } from '../../../net/address.js';
import { LOCK_FIRST, type ReportRelease } from '../../../ipam/operations/release-reports.js';
import { isKept, suspectsOf, type HandleRelease, type NodeRelease, type UnusedRelease } from '../../../ipam/operations/release-unused.js';
import type { Released, ReportedRest } from '../../../ipam/operations/release-wanted.js';
import type { Ending } from '../../../base/errors.js';
import { done, type CommandReport } from '../report.js';
import { unreadableText, type UnreadableKey } from '../../../ipam/cluster/unreadable.js';
import { safe } from '../../../text/safe.js';

const FORCE_HINT = '--force releases addresses anyway';
const SUSPECTS_HINT = 'fix them as `calicoctl ipam check` says, then release; --force releases anyway';

/** What is said of endpoints and nodes because of which something was left alone, a line for each. */
export function suspectLines(suspects: readonly UnreadableKey[]): string[] {
  return suspects.map((each) => safe(unreadableText(each)));
}

/** What there is to say of what was released, in the order in which it is said; the last says how it ended. */
export function releaseReports(released: Released, dryRun: boolean): readonly CommandReport[] {
  switch (released.of) {
    case 'addresses':
      return [addressesReport(released.answers, dryRun)];
    case 'node':
      return nodeReports(released.node, released.answer, dryRun);
    case 'handle':
      return [handleReport(released.handle, released.answer, dryRun)];
    case 'warnings':
      return [done(released.warnings.map((warning) => `${warning}\n`).join(''))];
    case 'reported addresses':
      return [done(reportReleaseText(released.result, dryRun))];
    case 'reported handles':
      return [reportedRest(released, dryRun)];
  }
}

/** A line for each address; those that were not released go to stderr. */
function addressesReport(answers: readonly UnusedRelease[], dryRun: boolean): CommandReport {
  const suspects = suspectsOf(answers);
  return {
    stdout: releasedLines(answers, dryRun),
    stderr: [...answers.filter(({ outcome }) => outcome !== 'released').map(notReleased), ...suspectLines(suspects)],
    hints: suspects.length > 0 ? [SUSPECTS_HINT] : answers.some(isKept) ? [FORCE_HINT] : [],
    meaning: endingOf(answers),
  };
}

function releasedLines(answers: readonly UnusedRelease[], dryRun: boolean): string {
  const words = dryRun ? 'Would release IP address' : 'Successfully released IP address';
  return answers.filter(({ outcome }) => outcome === 'released').map(({ ip }) => `${words} ${formatIp(ip)}\n`).join('');
}

/** In use: a negative answer. Free, or changed meanwhile: the world is not as assumed. */
function endingOf(answers: readonly UnusedRelease[]): Ending {
  if (answers.some(isKept)) return 'failed';
  return answers.every(({ outcome }) => outcome === 'released') ? 'done' : 'changed';
}

function handleReport(handle: string, answer: HandleRelease | undefined, dryRun: boolean): CommandReport {
  if (answer === undefined) return { stdout: '', stderr: [safe(`resource does not exist: IPAMHandle(${handle})`)], meaning: 'missing' };
  const { addresses, suspects } = answer;
  const kept = addresses.filter(isKept);
  if (kept.length + suspects.length > 0) {
    const stderr = [...kept.map(notReleased), safe(`nothing of handle ${handle} was released`), ...suspectLines(suspects)];
    return { stdout: '', stderr, hints: [suspects.length > 0 ? SUSPECTS_HINT : FORCE_HINT], meaning: 'failed' };
  }
  return done(`${releasedLines(addresses, dryRun)}${dryRun ? 'Would release' : 'Successfully released'} handle ${safe(handle)} with ${counted(addresses.length, 'IP address', 'IP addresses')}\n`);
}

/** First the addresses of a node, then its blocks. */
function nodeReports(node: string, { addresses, affinities, inhabited, suspects }: NodeRelease, dryRun: boolean): readonly CommandReport[] {
  const first = addressesReport(addresses, dryRun);
  const kept = (why: string, more: readonly string[], hints: readonly string[]): readonly CommandReport[] => [first, { stdout: '', stderr: [safe(`the blocks of node ${node} were not released: ${why}`), ...more], hints, meaning: 'failed' }];
  if (suspects.length > 0) {
    const lines = suspectsOf(addresses).length > 0 ? [] : suspectLines(suspects);
    return kept('something that cannot be read may be on it', lines, lines.length > 0 ? [SUSPECTS_HINT] : []);
  }
  if (inhabited) return kept('there are endpoints on it', [], ['if the host still runs, `calicoctl node run` on it recreates the node; --force releases the blocks anyway']);
  const stdout = `${dryRun ? 'Would release' : 'Successfully released'} ${counted(affinities, 'block', 'blocks')} of node ${safe(node)}\n`;
  return [first, { stdout, stderr: [], meaning: first.meaning }];
}

function reportedRest({ handles, removed, kept, suspects, locked }: ReportedRest, dryRun: boolean): CommandReport {
  const judged = suspects.length === 0 || handles.length === 0;
  const unjudged = judged ? [] : [`${counted(handles.length, 'handle was', 'handles were')} not deleted`];
  const stderr = [...kept.map(notReleased), ...unjudged, ...suspectLines(suspects)];
  return {
    stdout: (judged ? reportHandlesText(handles, removed, dryRun) : '') + (dryRun ? '' : 'You may now unlock the data store.\n'),
    stderr,
    hints: [...(dryRun && !locked ? [`hint: before the release ${LOCK_FIRST}`] : []), ...(suspects.length > 0 ? [SUSPECTS_HINT] : [])],
    meaning: stderr.length > 0 ? 'failed' : 'done',
  };
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Why an address was not released. */
export function notReleased({ ip, outcome, users, suspects, reason }: UnusedRelease): string {
  const address = formatIp(ip);
  if (suspects !== undefined) return `IP address ${address} was not released: no readable user has it, but an unreadable one may`;
  if (users !== undefined) return safe(`IP address ${address} is in use by ${users.join(' and ')} and was not released`);
  return safe(outcome === 'unallocated' ? `IP address ${address} is not assigned` : `IP address ${address} was not released: ${reason ?? ''}`);
}

/** What became of what reports agreed on, in the words of the official tool (reference/ipam 7). */
function reportReleaseText({ released, gone, kept }: ReportRelease, dryRun: boolean): string {
  const total = released.length + gone.length + kept.length;
  if (total === 0) return "Report didn't contain any leaked IPs to clean up.\n";
  const lines = dryRun ? released.map((ip) => `Would release IP address ${ip}`) : [`Releasing ${total} old IPs...`, `Released ${released.length} IPs successfully`];
  if (gone.length > 0) lines.push(`${gone.length} addresses marked as leaked in the report had already been cleaned up.`);
  lines.push(...kept.filter((each) => !isKept(each)).map(notReleased));
  return lines.map((line) => `${line}\n`).join('');
}

/** What became of the handles of reports; `removed` says so for each. */
function reportHandlesText(handles: readonly { readonly id: string }[], removed: readonly boolean[], dryRun: boolean): string {
  if (handles.length === 0) return "Report didn't contain any handles to clean up.\n";
  if (dryRun) return handles.filter((_, index) => removed[index]).map(({ id }) => `Would delete handle ${safe(id)}\n`).join('');
  const count = removed.filter(Boolean).length;
  const marks = removed.map((done) => (done ? '.' : 'x')).join('');
  return `Deleting ${handles.length} handles...\nKey: '.' = Deleted OK; 'x' = skip, handle missing/changed.\n${marks}\nReleased ${count} handles; ${handles.length - count} skipped; 0 errors.\n`;
}
