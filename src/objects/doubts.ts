import { isMap, type Data } from '../base/data.js';
import type { Diagnostic } from '../base/errors.js';
import type { StoredObject } from '../resources/kind.js';
import type { Problem } from '../resources/problem.js';
import { holds, valueAt } from '../resources/unknown-fields.js';
import { presentable } from './view.js';
import { canonical } from './same-content.js';
import type { Target } from './target.js';

/** What is wrong with a document that a store printed: it is right where the store still has it just so. */
export interface Doubts {
  readonly raw: Data;
  /** Fields that nobody knows here: of other writers, or of a newer Calico. */
  readonly unknown: readonly Problem[];
  /** What Calico would refuse today. */
  readonly errors: readonly Problem[];
}

/** Whether a document came out of a store: it has what only a store gives. */
export function isPrinted(raw: Data): boolean {
  const metadata = raw['metadata'];
  return isMap(metadata) && ['uid', 'resourceVersion'].some((name) => typeof metadata[name] === 'string' && metadata[name] !== '');
}

/** Whether a document with errors is, letter for letter, what is printed of the stored object: nothing is to be changed then. */
export function isAsPrinted({ doubts }: Target, stored: StoredObject): boolean {
  return doubts !== undefined && doubts.errors.length > 0 && canonical(withoutRevision(doubts.raw)) === canonical(withoutRevision(presentable(stored)));
}

function withoutRevision(document: Data): Data {
  const { resourceVersion: _revision, ...metadata } = document['metadata'] as Data;
  return { ...document, metadata };
}

/** What is wrong with a document in sight of the stored object; where there is none, a listing may be restored with all it has. */
export function doubtsLeft(target: Target, stored: StoredObject | undefined): readonly Diagnostic[] {
  const { doubts } = target;
  if (doubts === undefined) return [];
  const unknown = stored === undefined ? [] : doubts.unknown.filter(({ path }) => !holds(stored, path, valueAt(doubts.raw, path)));
  return [...doubts.errors, ...unknown].flatMap((problem) => target.locate?.(problem) ?? []);
}
