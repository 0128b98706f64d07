import { DatastoreError } from '../../../base/errors.js';
import type { Overtaken, Refused } from '../../../changes/plan.js';
import type { Entry, Store } from '../../../datastore/store.js';
import { nameOf } from '../../../objects/reference.js';
import type { Target } from '../../../objects/target.js';
import { viewObject } from '../../../objects/view.js';
import { decodeStored, isCorrupt } from '../../../resources/stored-value.js';
import type { CommandReport } from '../report.js';
import { documentDiff } from './document-diff.js';

/** The most resources whose changes are shown. */
const MOST = 10;

/**
 * A report with what others changed since the documents were read, as far as etcd still has it, and what to do about that. Throws
 * DatastoreError.
 */
export async function withOvertaken(report: CommandReport, refused: readonly Refused[], store: Store): Promise<CommandReport> {
  const all = refused.filter((each): each is Refused & { readonly overtaken: Overtaken } => each.overtaken !== undefined);
  const shown: string[] = [];
  for (const { target, overtaken } of all.slice(0, MOST)) shown.push((await changesSince(store, target, overtaken)).trimEnd());
  if (all.length > MOST) shown.push(`and ${all.length - MOST} more`);
  const [one] = all;
  const revisions = all.length === 1 ? `revision ${one!.overtaken.entry.modRevision} in place of ${one!.overtaken.revision}` : 'the new revisions in place of the old ones';
  return { ...report, stderr: [...report.stderr, ...shown, `hint: take over what you want of this, and write ${revisions} into the file, or get it anew; a file without revisions is applied whatever is stored`] };
}

async function changesSince(store: Store, target: Target, { entry, revision }: Overtaken): Promise<string> {
  const before = await entryAt(store, entry.key, revision);
  if (before === 'unknown') return `etcd does not have revision ${revision} of ${target.identity} any more`;
  if (before === undefined) return `there was no ${target.identity} at revision ${revision}`;
  const titles = { before: `revision ${revision}`, after: `revision ${entry.modRevision}` };
  const diff = await documentDiff({ name: nameOf(target), before: shownAs(target, before), after: shownAs(target, entry), titles });
  return diff === '' ? `${target.identity} says the same at both revisions` : diff;
}

async function entryAt(store: Store, key: string, revision: string): Promise<Entry | 'unknown' | undefined> {
  try {
    return await store.get(key, { revision });
  } catch (error) {
    // Compacted, or a revision of another cluster.
    if (error instanceof DatastoreError) return 'unknown';
    throw error;
  }
}

/** What an entry is in the words of the document, without its revision; undefined where it cannot be read. */
function shownAs({ kind, stored }: Target, entry: Entry): object | undefined {
  const object = decodeStored(stored, entry);
  if (isCorrupt(object)) return undefined;
  const { metadata: { resourceVersion: _revision, ...metadata }, ...rest } = object;
  return viewObject(kind, { ...rest, metadata }, 'documents').document;
}
