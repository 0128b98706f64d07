import { WINDOWS_RESERVED_HANDLE } from '../records/block.js';
import { isUnreadable } from '../records/block-codec.js';
import { heldCounts } from '../snapshot/handle-holdings.js';
import { decodeHandle, type HandleCounts } from '../records/records.js';
import type { Survey } from '../snapshot/allocations.js';
import { unreadableBlocks } from '../cluster/unreadable.js';
import type { Finding } from './finding.js';
import { releaseBy, repairOf } from './remedy.js';

/** Handles that have no address in any block. A handle that counts in an unreadable block is not judged, and no handle is while an endpoint or a node cannot be read: it may be theirs. */
export function leakedHandles({ snapshot, unknownUsers }: Survey): Finding[] {
  if (unknownUsers.length > 0) return [];
  const unreadable = unreadableBlocks(snapshot.unreadable);
  const findings: Finding[] = [];
  for (const [handle, { value }] of snapshot.handles) {
    if (snapshot.held.has(handle)) continue;
    const counts = countsOf(value);
    if ([...counts.keys()].some((cidr) => unreadable.has(cidr))) continue;
    findings.push({
      code: 'leaked-handle',
      subject: handle,
      cause: 'Its addresses were released, but it had counted too many: official tools do so when a request spans several blocks or several addresses are released at once.',
      evidence: `it counts ${countsText(counts)}; no block has an address for it`,
      risk: 'It stays forever and slows down listings; no address is lost.',
      remedy: releaseBy('handle', handle),
    });
  }
  return findings;
}

/** Handles that blocks refer to but that are not stored. */
export function missingHandles({ snapshot }: Survey): Finding[] {
  const findings: Finding[] = [];
  for (const [handle, real] of snapshot.held) {
    if (snapshot.handles.has(handle) || handle === WINDOWS_RESERVED_HANDLE) continue;
    findings.push({
      code: 'missing-handle',
      subject: handle,
      cause: 'The handle was deleted, or its count reached zero, while it still had addresses.',
      evidence: `the blocks have ${countsText(heldCounts(real))} for it; the handle does not exist`,
      risk: 'The network plugin releases by handle: these addresses will leak when their workload ends.',
      remedy: repairOf('handle', handle),
    });
  }
  return findings;
}

/** Handles whose counts differ from the blocks. */
export function handleCounts({ snapshot }: Survey): Finding[] {
  const unreadable = unreadableBlocks(snapshot.unreadable);
  const findings: Finding[] = [];
  for (const [handle, { value }] of snapshot.handles) {
    const first = snapshot.held.get(handle);
    if (first === undefined) continue;
    const [counts, real] = [countsOf(value), heldCounts(first)];
    const wrong = miscounted(counts, real, unreadable);
    if (wrong.length === 0) continue;
    const tooMany = wrong.every((cidr) => (counts.get(cidr) ?? 0) > (real.get(cidr) ?? 0));
    findings.push({
      code: 'handle-count',
      subject: handle,
      cause: tooMany ? 'A request spanned several blocks, or several addresses were released at once: official tools then count too many.' : 'The handle was changed without the blocks, or the blocks without the handle.',
      evidence: wrong.map((cidr) => `${cidr}: it counts ${counts.get(cidr) ?? 0}, the block has ${real.get(cidr) ?? 0}`).join('; '),
      risk: tooMany ? 'The handle will stay when its last address is released.' : 'Addresses will leak when their workload ends.',
      remedy: repairOf('handle', handle),
    });
  }
  return findings;
}

/** Whether a handle that has addresses is stored with a wrong count of them, as far as that can be known. */
export function countsWrong({ snapshot }: Survey, handle: string): boolean {
  const [stored, held] = [snapshot.handles.get(handle), snapshot.held.get(handle)];
  return stored !== undefined && held !== undefined && miscounted(countsOf(stored.value), heldCounts(held), unreadableBlocks(snapshot.unreadable)).length > 0;
}

/** The blocks in which a handle counts more or fewer addresses than it has. */
function miscounted(counts: HandleCounts, real: HandleCounts, unreadable: ReadonlyMap<string, unknown>): string[] {
  return [...new Set([...counts.keys(), ...real.keys()])].filter((cidr) => !unreadable.has(cidr) && counts.get(cidr) !== real.get(cidr));
}

/** The counts of a handle that the snapshot found readable. */
function countsOf(value: string): HandleCounts {
  const decoded = decodeHandle(value);
  return isUnreadable(decoded) ? new Map<string, number>() : decoded.counts;
}

function countsText(counts: HandleCounts): string {
  const parts = [...counts].map(([cidr, count]) => `${count} in ${cidr}`);
  return parts.length === 0 ? 'nothing' : parts.join(', ');
}
