import type { Data } from '../../base/data.js';
import type { FieldType } from '../../resources/fields/field.js';
import type { Path } from '../../resources/problem.js';

/** How a patch is written: Kubernetes' strategic merge, RFC 7396, RFC 6902. */
export const PATCH_TYPES = ['strategic', 'merge', 'json'] as const;
export type PatchType = (typeof PATCH_TYPES)[number];

/** The fields of a value, as far as they are declared. */
export type Shape = Pick<FieldType, 'fields' | 'element'>;

/** A change to a document that was written down. */
export interface Patch {
  /**
   * The document as the patch makes it; the one that is given stays as it is.
   * @param shape what the document is, where that is known: a merge finds its fields whatever their letter case
   * @throws Inapplicable where the document is not as the patch assumes
   */
  apply(document: Data, shape?: Shape): unknown;
  /** Where the patch says what stands at a path of the patched document; the patch itself where it says nothing of it. */
  source(path: Path): Path;
}

/** A document is not as a patch assumes. */
export class Inapplicable extends Error {}
