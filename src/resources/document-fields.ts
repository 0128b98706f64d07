import type { Field } from './fields/field.js';
import type { Kind } from './kind.js';
import { classicDocumentType } from './v1/document.js';
import { storedDocumentType } from './v3/document.js';

/** The fields of a whole document of a kind, from its top. */
export function documentFields(kind: Kind): readonly Field[] {
  return (kind.dialect === 'v1' ? classicDocumentType(kind) : storedDocumentType(kind)).fields;
}
