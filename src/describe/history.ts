import { DatastoreError } from '../base/errors.js';
import type { Entry, Store } from '../datastore/store.js';
import { differences } from '../objects/differences.js';
import { presentable, type View } from '../objects/view.js';
import { pathText } from '../resources/problem.js';

/** The most changes of an object that are told. */
const MOST = 5;

/** A change of a key that etcd still remembers. */
export interface PastChange {
  readonly revision: string;
  /** `written` where it is not known whether it was there before. */
  readonly did: 'created' | 'modified' | 'written';
  /** The fields that it changed, as errors write them; empty where it was created. */
  readonly fields: readonly string[];
}

export interface History {
  /** The last ones, the newest first. */
  readonly changes: readonly PastChange[];
  /** What was before them: nothing, as the first one created the object; more; or what compaction took, so that nobody knows. */
  readonly before: 'nothing' | 'more' | 'compacted';
}

/** Walks back the revisions of a key, from what it is now. `shown` gives the view of an entry, undefined where it cannot be read. Throws DatastoreError. */
export async function historyOf(store: Store, entry: Entry, shown: (entry: Entry) => View | undefined): Promise<History> {
  const changes: PastChange[] = [];
  for (let now = entry; ; ) {
    const earlier = await before(store, now);
    if (earlier === 'compacted') return { changes: [...changes, { revision: now.modRevision, did: 'written', fields: [] }], before: 'compacted' };
    changes.push({ revision: now.modRevision, did: earlier === undefined ? 'created' : 'modified', fields: earlier === undefined ? [] : changedFields(shown(earlier), shown(now)) });
    if (earlier === undefined) return { changes, before: 'nothing' };
    if (changes.length === MOST) return { changes, before: 'more' };
    now = earlier;
  }
}

/** What a key was before its last change: undefined where it was not there. */
async function before(store: Store, { key, modRevision }: Entry): Promise<Entry | 'compacted' | undefined> {
  try {
    return await store.get(key, { revision: String(BigInt(modRevision) - 1n) });
  } catch (error) {
    if (error instanceof DatastoreError && error.stage === 'compaction') return 'compacted';
    throw error;
  }
}

/**
 * What a change gave other values, in the fields that are shown; in those that are stored where only one of the two can be shown in
 * the classic language. Every change gives another resourceVersion: that says nothing.
 */
function changedFields(before: View | undefined, after: View | undefined): readonly string[] {
  const alike = before?.document.apiVersion === after?.document.apiVersion;
  const [old, now] = [before, after].map((view) => view && (alike ? view.document : presentable(view.object)));
  return [...new Set(differences(old, now).map(({ path }) => pathText(path)))].filter((field) => field !== 'metadata.resourceVersion');
}
