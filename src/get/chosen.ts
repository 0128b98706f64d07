import type { Store } from '../datastore/store.js';
import type { Selection } from '../objects/selection.js';
import { storedTarget, type Target } from '../objects/target.js';
import { storedKindOf, type View } from '../objects/view.js';
import type { ClassicDocument, Kind } from '../resources/kind.js';
import type { CorruptEntry } from '../resources/stored-value.js';
import type { Filter } from './filter.js';
import { readSelection } from './read.js';

/** What selections and a filter choose of what is stored. */
export interface Chosen {
  /** Each stands for the revision that was read: what is changed meanwhile is not meant any more. */
  readonly targets: readonly Target[];
  /** What may have been chosen and cannot be read. */
  readonly corrupt: readonly CorruptEntry[];
}

/** Reads which resources are meant by their labels and fields, for a verb that changes them. Throws DatastoreError. */
export async function chosenTargets(store: Store, selections: readonly Selection[], filter: Filter): Promise<Chosen> {
  const targets: Target[] = [];
  const corrupt: CorruptEntry[] = [];
  for (const selection of selections) {
    let [found, unread]: [Target[], CorruptEntry[]] = [[], []];
    const onRestart = (): void => void ([found, unread] = [[], []]);
    for await (const page of readSelection(store, selection, { shows: 'rows', filter, onRestart })) {
      for (const view of page.views) found.push(targetOf(selection.kind, view));
      unread.push(...page.corrupt);
    }
    targets.push(...found);
    corrupt.push(...unread);
  }
  return { targets, corrupt };
}

/** A resource that was read, as the target of a verb that changes it. */
export function targetOf(kind: Kind, { row, object }: View): Target {
  if (kind.dialect === 'v3') return storedTarget(kind, object);
  const { metadata } = row as ClassicDocument;
  return { kind, stored: storedKindOf(kind), document: row, object, identity: kind.identityText(metadata) };
}
