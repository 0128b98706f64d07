import { fieldsIn } from '../../../objects/fields-in.js';
import { documentFields } from '../../../resources/document-fields.js';
import type { Field } from '../../../resources/fields/field.js';
import type { Dialect } from '../../../resources/kind.js';
import { kindOfWord } from '../../../resources/registry.js';
import type { Candidate } from '../facts.js';
import { kindWords } from './kinds.js';

/** A kind, or `KIND.PATH`: the fields behind the last dot. A word with more below it is only a beginning. */
export function fieldWords(typed: string, dialect: Dialect): readonly Candidate[] {
  const [word = '', ...path] = typed.split('.');
  if (path.length === 0) return kindWords('explain', dialect, typed).map((candidate) => ({ ...candidate, open: true }));
  const kind = kindOfWord(word, dialect);
  let fields: readonly Field[] = kind === undefined ? [] : documentFields(kind);
  for (const step of path.slice(0, -1)) {
    const found = fields.find(({ name }) => name.toLowerCase() === step.replace(/\[.*$/, '').toLowerCase());
    fields = (found && fieldsIn(found.type)) ?? [];
  }
  const before = typed.slice(0, typed.lastIndexOf('.') + 1);
  return fields.map(({ name, type }) => ({ word: before + name, about: type.name, open: fieldsIn(type) !== undefined }));
}
