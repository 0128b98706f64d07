import type { FieldType } from '../resources/fields/field.js';
import type { Kind } from '../resources/kind.js';
import { labels } from '../resources/v3/metadata.js';

/** What the labels of a kind are: every stored kind has some; of the classic ones only those whose documents do, otherwise undefined. */
export function labelsType(kind: Kind): FieldType | undefined {
  return kind.dialect === 'v3' ? labels : kind.metadata.fields.find(({ name }) => name === 'labels')?.type;
}
