import type { Data } from '../../base/data.js';
import { ConversionError, type ClassicDocument, type ClassicKind, type StoredObject } from '../kind.js';
import { checkedDocument } from './document.js';
import { wordsOn } from './own-words.js';
import { sameDocument, sameObject } from './same.js';

/** How a stored object looks in the classic language. */
export interface ClassicView {
  readonly document: ClassicDocument;
  /** The document says all that the object says, its name included; otherwise it is only as near as v1 gets. */
  readonly exact: boolean;
}

/**
 * The classic view of a stored object (reference/storage 4.5). Takes any object, also one that no tool should have written.
 * Where it is not exact, YAML and JSON show the object as v3; tables and identification use the document nevertheless.
 */
export function classicView(kind: ClassicKind, object: StoredObject): ClassicView {
  const near = look(kind, object);
  const { document, converted } = near.converted === undefined ? checked(kind, near.document) : near;
  return { document, exact: converted !== undefined && sameObject(kind.stored, converted, object) };
}

/**
 * The classic row of a stored object, and whether there is more to the object than the classic language can say. Neither
 * a name by which the row's own identity does not call it, nor what agents write by themselves, is more.
 */
export function classicRow(kind: ClassicKind, object: StoredObject): { readonly row: ClassicDocument; readonly more: boolean } {
  const near = look(kind, object);
  const { document, converted } = near.converted === undefined ? checked(kind, near.document) : near;
  if (converted === undefined) return { row: near.document, more: true };
  const { name } = object.metadata;
  const named = kind.foundByContent === true || kind.storedNames(document.metadata).includes(name) ? { ...converted, metadata: { ...converted.metadata, name } } : converted;
  return { row: near.document, more: !sameObject(kind.stored, named, kind.withoutReports?.(object) ?? object) };
}

/** The document part of the classic view, without finding out whether it is exact. */
export function nearestView(kind: ClassicKind, object: StoredObject): ClassicDocument {
  return look(kind, object).document;
}

/** A document and what it is converted to, where it is known to be right and that was found out. */
interface Look {
  readonly document: ClassicDocument;
  readonly converted?: StoredObject | undefined;
}

function look(kind: ClassicKind, object: StoredObject): Look {
  const near = kind.revert(object);
  const given = wordsOn(object, kind.kind);
  if (given === undefined) return { document: near };
  const words = checked(kind, given);
  if (words.converted === undefined) return { document: near };
  // Somebody may have changed the object with another tool: words hold as long as all that v1 sees of it comes of them.
  return sameDocument(kind.revert(words.converted), near) ? words : { document: withIdentityOf(kind, near, words.document) };
}

/** The document as it is read back, and what is stored for it; the document alone where v1 or v3 could not have it. */
function checked(kind: ClassicKind, given: ClassicDocument): Look {
  const document = checkedDocument(kind, given);
  if (document === undefined || kind.missingIdentifiers(document.metadata, 'get').length > 0) return { document: given };
  try {
    const converted = kind.convert(document);
    kind.stored.applyDefaults?.(converted);
    return { document, converted };
  } catch (error) {
    if (error instanceof ConversionError) return { document: given };
    throw error;
  }
}

/** The name of an object cannot be changed: words that lead to it still name it, whatever became of the rest. */
function withIdentityOf(kind: ClassicKind, near: ClassicDocument, words: ClassicDocument): ClassicDocument {
  if (!leadTo(kind, words, near)) return near;
  const metadata = { ...near.metadata };
  for (const field of kind.identity) if (words.metadata[field] !== undefined) metadata[field] = words.metadata[field];
  return { ...near, metadata };
}

function leadTo(kind: ClassicKind, words: ClassicDocument, near: ClassicDocument): boolean {
  const [name] = kind.storedNames(words.metadata);
  return name !== undefined && name === kind.storedNames(near.metadata)[0] && kind.namespaceOf?.(words.metadata) === kind.namespaceOf?.(near.metadata);
}

/** Whether the object carries the words of a classic document that name it, whatever became of the rest of it. */
export function isNamedByWords(kind: ClassicKind, object: StoredObject): boolean {
  const given = wordsOn(object, kind.kind);
  if (given === undefined) return false;
  const { document, converted } = checked(kind, given);
  return converted !== undefined && leadTo(kind, document, kind.revert(object));
}

/**
 * Whether a stored object is the one that a classic identity means: that of the words it carries, else every one that
 * Calico's conversion leads to it. Other tools drop the words, and the name alone does not say what it was made of.
 * @param wanted classic metadata; a missing part of the identity matches anything
 * @param shown the object's metadata in its classic view, where somebody has them already
 */
export function isMeant(kind: ClassicKind, wanted: Data, object: StoredObject, shown: Data = nearestView(kind, object).metadata): boolean {
  if (kind.matches(wanted, shown)) return true;
  if (kind.foundByContent === true) return false;
  const metadata: Data = {};
  for (const field of kind.identity) metadata[field] = isGiven(wanted[field]) ? wanted[field] : shown[field];
  if (kind.missingIdentifiers(metadata, 'get').length > 0 || kind.storedNames(metadata)[0] !== object.metadata.name) return false;
  return !isNamedByWords(kind, object) && leadsTo(kind, metadata, object);
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== '';
}

/** Whether conversion makes of a classic identity that of the object: of its name, and of what the name leaves open (the node of a.b.c). */
function leadsTo(kind: ClassicKind, metadata: Data, object: StoredObject): boolean {
  try {
    const converted = kind.convert({ kind: kind.kind, apiVersion: 'v1', metadata, spec: {} });
    const sameSpace = !kind.stored.namespaced || converted.metadata.namespace === (object.metadata.namespace ?? 'default');
    return sameSpace && kind.matches(kind.revert(converted).metadata, kind.revert(object).metadata);
  } catch (error) {
    if (error instanceof ConversionError) return false;
    throw error;
  }
}
