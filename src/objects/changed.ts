import { isMap, type Data } from '../base/data.js';
import { parseJson } from '../go/read-json.js';
import type { AnyDocument, Kind, StoredObject } from '../resources/kind.js';
import { decodeStored, isCorrupt, type StoredEntry } from '../resources/stored-value.js';
import { differences, type Difference } from './differences.js';
import { storedKindOf, viewObject } from './view.js';

/** A resource before and after a change, as people see it; either is absent where there is none. */
export interface Changed {
  readonly before?: object;
  readonly after?: object;
  /** Where the two differ; all of it is one difference where either is absent. */
  readonly differences: readonly Difference[];
}

/**
 * What became of an entry, in the words of a kind's dialect; what only the store gives (uid, times, revision) is left out. Where
 * the classic language cannot say all of it both sides are v3, and where even those say the same, or either cannot be read, what
 * is stored. So whatever was written differs somewhere.
 */
export function changedEntry(kind: Kind, before: StoredEntry | undefined, after: StoredEntry | undefined): Changed {
  if (after === undefined) return before === undefined ? { differences: [] } : whole('before', documentOf(kind, before));
  if (before === undefined) return whole('after', documentOf(kind, after));
  let found: Changed = { differences: [] };
  for (const [was, is] of looks(kind, before, after)) {
    found = { before: was, after: is, differences: differences(was, is) };
    if (found.differences.length > 0) break;
  }
  return found;
}

/** A document without what only the store gives it. */
export function withoutStores(document: AnyDocument): object {
  if (document.apiVersion === 'v1') return document;
  const { uid: _uid, resourceVersion: _revision, creationTimestamp: _time, ...metadata } = document.metadata as Data;
  return { ...document, metadata };
}

/** An entry as `kind` shows it; what cannot be read is shown as it is stored. */
function documentOf(kind: Kind, entry: StoredEntry): object {
  const object = decodeStored(storedKindOf(kind), entry);
  return isCorrupt(object) ? { key: entry.key, value: entry.value } : withoutStores(viewObject(kind, object, 'documents').document);
}

function whole(side: 'before' | 'after', document: object): Changed {
  return { [side]: document, differences: [{ path: [], [side]: document }] };
}

/** Both sides as they can be looked at, from how people say it to how it is stored. */
function* looks(kind: Kind, ...entries: readonly [StoredEntry, StoredEntry]): Generator<readonly [object, object]> {
  const stored = storedKindOf(kind);
  const objects = entries.map((entry) => decodeStored(stored, entry));
  if (objects.every((each): each is StoredObject => !isCorrupt(each))) {
    const views = objects.map((each) => viewObject(kind, each, 'documents').document);
    if (kind.dialect === 'v1' && views[0]?.apiVersion === views[1]?.apiVersion) yield both(views.map(withoutStores));
    yield both(objects.map((each) => withoutStores(viewObject(stored, each, 'documents').document)));
  }
  yield both(entries.map(({ key, value }) => ({ key, stored: parsed(value) })));
}

function both([before, after]: readonly object[]): readonly [object, object] {
  return [before as object, after as object];
}

function parsed(text: string): unknown {
  try {
    const value = parseJson(text);
    return isMap(value) ? value : text;
  } catch {
    return text;
  }
}
