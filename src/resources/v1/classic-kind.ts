import type { Data } from '../../base/data.js';
import { ConversionError, type ClassicKind, type StoredKind } from '../kind.js';
import type { Path } from '../problem.js';
import { sameNode } from './names.js';
import { mergeOnto, type Decisions } from './merge.js';
import { keepWords } from './own-words.js';
import { sameDocument } from './same.js';
import { nearestView } from './view.js';

/** What a kind says of itself; the rest is alike for all of them. */
type Declared<Spec extends Data, Meta extends Data, Stored extends Data> = Omit<ClassicKind<Spec, Meta, Stored>, 'dialect' | 'toStored' | 'fromStored' | 'mergeOnto' | 'missingIdentifiers' | 'matches'> &
  Partial<Pick<ClassicKind<Spec, Meta, Stored>, 'missingIdentifiers' | 'matches'>> & {
    /** What v1 has a say in when it replaces an object. */
    readonly decides: Decisions<Stored>;
  };

/** Completes the declaration of a kind. */
export function classicKind<Spec extends Data, Meta extends Data, Stored extends Data>(declared: Declared<Spec, Meta, Stored>): ClassicKind<Spec, Meta, Stored> {
  const kind: ClassicKind<Spec, Meta, Stored> = {
    missingIdentifiers: (metadata) => declared.identity.filter((name) => !isNamed(metadata[name])),
    matches: (wanted, found) => declared.identity.every((name) => !isNamed(wanted[name]) || sameIdentifier(name, wanted[name], named(found, name))),
    ...declared,
    dialect: 'v1',
    toStored(document) {
      const object = declared.convert(document);
      declared.stored.applyDefaults?.(object);
      if (!sameDocument(declared.revert(object), document)) keepWords(object, document);
      return object;
    },
    fromStored: (object) => nearestView(kind, object),
    mergeOnto: (existing, converted) => mergeOnto(declared.stored, declared.decides, existing, converted),
  };
  return kind;
}

/** Whether two values of an identifier mean the same; the name of a node by itself has another field than one that points to it. */
function sameIdentifier(field: string, left: string, right: string): boolean {
  return left === right || (field === 'node' && sameNode(left, right));
}

/** Whether an identifier is given: an empty one is as good as none (reference/classic 1.1). */
export function isNamed(value: unknown): value is string {
  return value !== undefined && value !== '';
}

/** The text of a field; empty where it is missing. */
export function named<T extends object>(metadata: T, name: keyof T): string {
  const value: unknown = metadata[name];
  return typeof value === 'string' ? value : '';
}

/** `HostEndpoint(node=n1, name=eth0)`: a resource that several words identify, with those that are given. */
export function identifiedBy<T extends object>(goName: string, metadata: T, names: readonly (keyof T & string)[]): string {
  return `${goName}(${names.filter((name) => named(metadata, name) !== '').map((name) => `${name}=${named(metadata, name)}`).join(', ')})`;
}

/** The name, where v3 allows it. Throws ConversionError otherwise, at the metadata field that it was made of. */
export function allowedName(stored: StoredKind, name: string, original: string, field: string): string {
  const problem = stored.nameProblem(name);
  if (problem === undefined) return name;
  throw new ConversionError(`${JSON.stringify(original)} cannot be stored: Calico 3 would call it "${name}", and ${problem}`, metadataPath(field));
}

/** The path of a metadata field. */
export function metadataPath(field: string): Path {
  return ['metadata', field];
}

/** Those of the names that v3 allows, each once. */
export function allowedNames(stored: StoredKind, names: readonly string[]): readonly string[] {
  return [...new Set(names)].filter((name) => stored.nameProblem(name) === undefined);
}

/** Text by which several texts sort like a tuple: NUL is below every character of a name. */
export function sortText(...parts: readonly string[]): string {
  return parts.join('\0');
}

/** A name as the classic tool's storage sorts it: escaped as in a path (reference/classic 4.5). */
export function escapedName(name: string): string {
  return /[%/]/.test(name) ? name.replaceAll('%', '%25').replaceAll('/', '%2f') : name;
}
