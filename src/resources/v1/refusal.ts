import { ConversionError, type ClassicDocument, type ClassicKind } from '../kind.js';
import { Problems, type Path } from '../problem.js';
import { readStoredDocument } from '../v3/document.js';

/**
 * Says what becomes of a right document in v3: an error where it cannot be stored, a warning where Calico 3 would not
 * have accepted it and will not act on it. A document without its identifiers cannot be stored yet and is not looked at.
 */
export function warnOfRefusal(kind: ClassicKind, document: ClassicDocument, problems: Problems): void {
  if (kind.missingIdentifier(document.metadata, 'validate') !== undefined) return;
  try {
    const refusals = new Problems();
    readStoredDocument(kind.stored, kind.convert(document), refusals);
    for (const { path, message, severity } of refusals.list) {
      const place = placeOf(kind, path, document);
      if (severity === 'error' && !isReported(place, problems)) problems.warn('refused-by-v3', place, `Calico 3 would not accept this and may not act on it: ${message}`);
    }
  } catch (error) {
    if (!(error instanceof ConversionError)) throw error;
    problems.add('conversion', error.path, error.message);
  }
}

/** Where the document says what the object says at a path. */
function placeOf(kind: ClassicKind, path: Path, document: ClassicDocument): Path {
  const place = kind.places?.[path.slice(0, 2).join('.')];
  return existing(place === undefined ? path : [...place, ...path.slice(2)], document);
}

/** The path as far as the document has it. */
function existing(path: Path, document: ClassicDocument): Path {
  let at: unknown = document;
  const length = path.findIndex((step) => {
    at = (at as Record<string | number, unknown> | undefined)?.[step];
    return at === undefined;
  });
  return length < 0 ? path : path.slice(0, length);
}

function isReported(place: Path, problems: Problems): boolean {
  return problems.list.some(({ path }) => path.every((step, index) => place[index] === step));
}
