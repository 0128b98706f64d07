import { isMap, type Data } from '../base/data.js';
import { parseJson } from '../go/read-json.js';
import { differences, type Difference } from '../objects/differences.js';
import { storedKindOf, viewObject } from '../objects/view.js';
import type { Entry } from '../datastore/store.js';
import type { AnyDocument, Kind, StoredObject } from '../resources/kind.js';
import { decodeStored, isCorrupt } from '../resources/stored-value.js';
import { WriteStep, type Step } from './step.js';

/** A resource before and after a change, as people see it; either is absent where there is none. */
export interface Changed {
  readonly before?: object;
  readonly after?: object;
  /** Where the two differ; all of it is one difference where either is absent. */
  readonly differences: readonly Difference[];
}

/**
 * What a step changes, in the words of its manifest's dialect; what only the store gives (uid, times, revision) is left out.
 * Where the classic language cannot say all of it both sides are v3, and where even those say the same, what is stored:
 * a default that an older version left out, another key. So whatever is written differs somewhere.
 */
export function changedBy(step: Step): Changed {
  const put = step.operations.find(({ action }) => action === 'put');
  if (!(step instanceof WriteStep) || put?.action !== 'put') return { differences: [] };
  const { target: { kind, stored }, replaces } = step;
  // Read back, so that both sides have the form of what is read.
  const [after, before] = [decodeStored(stored, { ...put, modRevision: '0' }), replaces && decodeStored(stored, replaces)];
  if (isCorrupt(after)) return { differences: [] };
  if (before === undefined || isCorrupt(before)) return whole('after', shown(viewObject(kind, after, 'documents').document));
  let found: Changed = { differences: [] };
  for (const [was, is] of looks(kind, { before, after }, [replaces as Entry, put])) {
    found = { before: was, after: is, differences: differences(was, is) };
    if (found.differences.length > 0) break;
  }
  return found;
}

/** What is taken away with an entry, as `kind` shows it; what cannot be read is shown as it is stored. */
export function takenAway(kind: Kind, entry: Entry): Changed {
  const object = decodeStored(storedKindOf(kind), entry);
  return whole('before', isCorrupt(object) ? { key: entry.key, value: entry.value } : shown(viewObject(kind, object, 'documents').document));
}

function whole(side: 'before' | 'after', document: object): Changed {
  return { [side]: document, differences: [{ path: [], [side]: document }] };
}

/** Both sides as they can be looked at, from how people say it to how it is stored. */
function* looks(kind: Kind, { before, after }: { readonly before: StoredObject; readonly after: StoredObject }, texts: readonly Pick<Entry, 'key' | 'value'>[]): Generator<readonly [object, object]> {
  if (kind.dialect === 'v1') {
    const [was, is] = [before, after].map((each) => viewObject(kind, each, 'documents').document) as [AnyDocument, AnyDocument];
    if (was.apiVersion === is.apiVersion) yield [shown(was), shown(is)];
  }
  const stored = storedKindOf(kind);
  yield [shown(viewObject(stored, before, 'documents').document), shown(viewObject(stored, after, 'documents').document)];
  yield texts.map(({ key, value }) => ({ key, stored: parsed(value) })) as [object, object];
}

/** A document without what only the store gives it. */
function shown(document: AnyDocument): object {
  if (document.apiVersion === 'v1') return document;
  const { uid: _uid, resourceVersion: _revision, creationTimestamp: _time, ...metadata } = document.metadata as Data;
  return { ...document, metadata };
}

function parsed(text: string): unknown {
  try {
    const value = parseJson(text);
    return isMap(value) ? value : text;
  } catch {
    return text;
  }
}
