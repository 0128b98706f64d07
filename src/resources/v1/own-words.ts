import { isMap } from '../../base/data.js';
import { isTooDeep } from '../../base/depth.js';
import { goJson, sortKeys } from '../../go/json.js';
import type { ClassicDocument, StoredObject } from '../kind.js';

/** The annotation in which a classic document's own words travel where v3 cannot say what it said (design.md). */
export const OWN_WORDS = 'calicoctl.projectcalico.org/v1-document';

/** Puts a document's words on the object that it became. */
export function keepWords(object: StoredObject, { metadata, spec }: ClassicDocument): void {
  object.metadata.annotations = sortKeys({ ...object.metadata.annotations, [OWN_WORDS]: goJson({ metadata, spec }) });
}

/** The words on an object, unchecked; undefined where there are none that can be read. */
export function wordsOn(object: StoredObject, kind: string): ClassicDocument | undefined {
  const text = object.metadata.annotations?.[OWN_WORDS];
  if (typeof text !== 'string') return undefined;
  try {
    const words: unknown = JSON.parse(text);
    if (isTooDeep(words) || !isMap(words) || !isMap(words['metadata']) || !isMap(words['spec'])) return undefined;
    return { kind, apiVersion: 'v1', metadata: words['metadata'], spec: words['spec'] };
  } catch {
    return undefined;
  }
}
