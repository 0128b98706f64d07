import { WriteStep } from '../../../changes/step.js';
import type { WriteResult } from '../../../changes/write.js';
import { nameOf } from '../../../objects/reference.js';
import { viewObject } from '../../../objects/view.js';
import type { AnyDocument, StoredObject } from '../../../resources/kind.js';
import type { Colours } from '../../theme/colours.js';

/** The changes of all documents as unified text. */
export async function changesText({ plan }: WriteResult, colours: Colours): Promise<string> {
  const { documentDiff } = await import('./document-diff.js');
  const diffs: string[] = [];
  for (const { target, objects: { before, object } } of plan.steps.filter((step) => step instanceof WriteStep)) {
    const shown = (each: StoredObject): AnyDocument => viewObject(target.kind, withoutRevision(each), 'documents').document;
    diffs.push(await documentDiff({ name: nameOf(target), before: before && shown(before), after: shown(object) }, colours));
  }
  return diffs.join('');
}

function withoutRevision({ metadata: { resourceVersion: _revision, ...metadata }, ...rest }: StoredObject): StoredObject {
  return { ...rest, metadata };
}
