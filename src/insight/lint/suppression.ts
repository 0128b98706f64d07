import type { StoredObject } from '../../resources/kind.js';
import type { LintCode } from './codes.js';

/** The annotation of a resource that names the findings which are not to be told of it; `all` for every one. */
export const IGNORE_ANNOTATION = 'calicoctl.projectcalico.org/lint-ignore';

const EVERY = 'all';

/** The words in the annotation, by comma or space. */
export function suppressedOf({ metadata: { annotations } }: StoredObject): readonly string[] {
  return annotations?.[IGNORE_ANNOTATION]?.split(/[\s,]+/).filter((word) => word !== '') ?? [];
}

/** Whether a resource says that a finding is not to be told of it. */
export function isSuppressed(object: StoredObject, code: LintCode): boolean {
  if (object.metadata.annotations === undefined) return false;
  const words = suppressedOf(object);
  return words.includes(code) || words.includes(EVERY);
}

/** The words of the annotation that are neither a code nor `all`. */
export function unknownWords(object: StoredObject, isCode: (word: string) => boolean): readonly string[] {
  return suppressedOf(object).filter((word) => word !== EVERY && !isCode(word));
}
