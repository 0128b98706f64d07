import { ConversionError, type ClassicDocument, type ClassicKind, type StoredObject } from '../kind.js';
import { checkedDocument } from './document.js';
import { wordsOn } from './own-words.js';
import { completed, sameDocument, sameObject } from './same.js';

/** How a stored object looks in the classic language. */
export interface ClassicView {
  readonly document: ClassicDocument;
  /** The document says all that the object says, its name included; otherwise it is only as near as v1 gets. */
  readonly exact: boolean;
}

/**
 * The classic view of a stored object (v3-storage.md 4.5). Takes any object, also one that no tool should have written.
 * Where it is not exact, YAML and JSON show the object as v3; tables and identification use the document nevertheless.
 */
export function classicView(kind: ClassicKind, object: StoredObject): ClassicView {
  const near = nearestView(kind, object);
  const document = checkedDocument(kind, near);
  if (document === undefined || kind.missingIdentifier(document.metadata, 'get') !== undefined) return { document: near, exact: false };
  const converted = converting(kind, document);
  const exact = converted !== undefined && sameObject(kind.stored, converted, object);
  return { document: exact ? document : near, exact };
}

/** The document part of the classic view, without finding out whether it is exact. */
export function nearestView(kind: ClassicKind, object: StoredObject): ClassicDocument {
  const near = kind.revert(object);
  const given = wordsOn(object, kind.kind);
  const words = given && checkedDocument(kind, given);
  if (words === undefined) return near;
  return stillHold(kind, words, near) ? words : withIdentityOf(kind, near, words);
}

/** Somebody may have changed the object with another tool: words hold as long as all that v1 sees of it comes of them. */
function stillHold(kind: ClassicKind, words: ClassicDocument, near: ClassicDocument): boolean {
  const converted = converting(kind, words);
  return converted !== undefined && sameDocument(kind.revert(completed(kind.stored, converted)), near);
}

/** The name of an object cannot be changed: words that lead to it still name it, whatever became of the rest. */
function withIdentityOf(kind: ClassicKind, near: ClassicDocument, words: ClassicDocument): ClassicDocument {
  const [name] = kind.storedNames(words.metadata);
  const same = name !== undefined && name === kind.storedNames(near.metadata)[0] && kind.namespaceOf?.(words.metadata) === kind.namespaceOf?.(near.metadata);
  if (!same) return near;
  const metadata = { ...near.metadata };
  for (const field of kind.identity) if (words.metadata[field] !== undefined) metadata[field] = words.metadata[field];
  return { ...near, metadata };
}

/** The converted document, or undefined where v3 cannot hold it. */
function converting(kind: ClassicKind, document: ClassicDocument): StoredObject | undefined {
  try {
    return kind.convert(document);
  } catch (error) {
    if (error instanceof ConversionError) return undefined;
    throw error;
  }
}
