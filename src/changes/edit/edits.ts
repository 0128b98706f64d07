import { isMap, type Data } from '../../base/data.js';
import type { Diagnostic } from '../../base/errors.js';
import { toDiagnostic } from '../../manifest/manifests.js';
import { merge, type MergeConflict } from '../../objects/merge.js';
import { readAtRemark } from '../../objects/read-at.js';
import type { Target } from '../../objects/target.js';
import type { AnyDocument, StoredObject } from '../../resources/kind.js';
import { pathText, type Problem } from '../../resources/problem.js';
import { sameData } from '../../resources/same-value.js';
import { NotAmended, type Amendment } from '../amend.js';
import { asWritten, type Edited } from './read-edited.js';

/** What another client made of a resource while it was edited. */
export interface Meanwhile {
  /** Both without the revision that they are shown with, so that only what somebody changed is different. */
  readonly before: unknown;
  readonly now: unknown;
  /** The document as it is stored now. */
  readonly after: Data;
  /** When that was read, as a line of the text. */
  readonly remark: string;
  /** Both changes, with ours where they are in conflict. */
  readonly merged: unknown;
  readonly conflicts: readonly MergeConflict[];
}

/** Edited documents as changes of what is stored: what another client changed meanwhile is kept where it is apart from them. */
export class Edits implements Amendment {
  /** The resources that another client changed meanwhile, at the last try. */
  readonly meanwhile = new Map<Target, Meanwhile>();
  private readonly edited: ReadonlyMap<Target, Edited>;

  constructor(edited: readonly Edited[]) {
    this.edited = new Map(edited.map((each) => [each.original.target, each]));
  }

  /** Throws NotAmended where both changed the same. */
  amend(document: AnyDocument, target: Target, object: StoredObject): unknown {
    const { original: { base }, raw } = this.edited.get(target)!;
    this.meanwhile.delete(target);
    const theirs = asWritten(document);
    const ours = withoutRevision(raw, base);
    const [before, now] = [withoutRevision(base, base), withoutRevision(theirs, theirs)];
    if (sameData(before, now)) return ours;
    const { value, conflicts } = merge(before, ours, now);
    this.meanwhile.set(target, { before, now, after: theirs, remark: readAtRemark({ document, object }), merged: value, conflicts });
    if (conflicts.length > 0) throw new NotAmended('changed', `${target.identity} was changed meanwhile by another client: ${conflicts.map(({ path }) => pathText(path) || 'all of it').join(', ')}`);
    return value;
  }

  locate(problem: Problem, target: Target): Diagnostic {
    return toDiagnostic({ origin: this.edited.get(target)!.origin, problem });
  }
}

/** A document without the revision that it was shown with; another one, which somebody wrote there, is the one that is meant. */
function withoutRevision(document: unknown, shown: Data): unknown {
  if (!isMap(document) || !isMap(document['metadata'])) return document;
  const { resourceVersion, ...metadata } = document['metadata'];
  const seen = isMap(shown['metadata']) ? shown['metadata']['resourceVersion'] : undefined;
  return resourceVersion === seen ? { ...document, metadata } : document;
}
