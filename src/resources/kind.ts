import type { Data } from '../base/data.js';
import type { Column } from './column.js';
import type { AsRead, AsStored, Of } from './fields/field.js';
import type { ObjectType } from './fields/object.js';
import type { Path, Problems } from './problem.js';
import type { metadataType } from './v3/metadata.js';

export type Dialect = 'v1' | 'v3';

/** Metadata of a stored object: of its fields (v3/metadata.ts) the name is there. What a newer Calico has beside them is kept. */
export type Metadata = Of<typeof metadataType> & { name: string };

/** An object in the form in which Calico stores and shows it. Others may have stored anything: of its spec no more is sure than the names of the fields. */
export interface StoredObject<Spec extends Data = Data> {
  kind: string;
  apiVersion: 'projectcalico.org/v3';
  metadata: Metadata;
  spec: AsStored<Spec>;
  status?: Data;
  /** Fields of a newer Calico, kept as they are. */
  [other: string]: unknown;
}

/** An object whose spec was read from a document; what was wrong in it is absent. */
export type ReadObject<Spec extends Data> = StoredObject<Spec> & { readonly spec: AsRead<Spec> };

/** A classic document. No more is sure of it than the names of the fields: it may be the view of an object that others stored. */
export interface ClassicDocument<Spec extends Data = Data, Meta extends Data = Data> {
  kind: string;
  apiVersion: 'v1';
  metadata: AsStored<Meta>;
  spec: AsStored<Spec>;
}

export type AnyDocument = StoredObject | ClassicDocument;

/** A kind as Calico 3.32 stores it: one file each in v3/. Where any kind will do, nothing is known of its spec. */
export interface StoredKind<Spec extends Data = Data> {
  readonly dialect: 'v3';
  readonly kind: string;
  /** The segment of the key, and the last word of the list kind in lower case. */
  readonly plural: string;
  readonly namespaced: boolean;
  /** What operators may call it, in lower case. */
  readonly words: readonly string[];
  readonly spec: ObjectType<Spec>;
  /** Present where Calico stores a status; it is then always written. */
  readonly status?: ObjectType;
  /** Present where Calico stores a status only once there is one. */
  readonly optionalStatus?: ObjectType;
  /** Says what is wrong with a name, or undefined. */
  nameProblem(name: string): string | undefined;
  /** The name that follows from a spec of any shape, where one does (workload endpoints). */
  nameOf?(spec: AsStored<Spec>): string | undefined;
  /** Names under which older versions may have stored the object that is now called `name` (reference/storage 1.5). */
  legacyNames?(name: string): readonly string[];
  /** Fills in what Calico writes when nothing was given, on create and on update alike (reference/storage 2.3). */
  applyDefaults?(object: StoredObject<Spec>): void;
  /** The fields that another one of the spec, `by`, decides about: they have these values whatever was given for them. */
  decided?(spec: AsStored<Spec>): { readonly by: string; readonly values: Data } | undefined;
  /** Settings that Calico takes and that break what reads them: the field, the reason and what helps. */
  risks?(spec: AsStored<Spec>): readonly { readonly field: string; readonly message: string; readonly hint: string }[];
  /** Rules over the whole object, after the defaults. Paths start at the document's top. */
  check?(object: ReadObject<Spec>, problems: Problems): void;
  /** What storing adds to the object, and reading takes away again (policies: the metadata annotation and the tier label). */
  readonly storage?: {
    toStore(object: StoredObject): void;
    fromStore(object: StoredObject): void;
  };
  /** Labels that Calico makes of fields, with the field of each: another value that is given for them does not stay. */
  readonly fieldLabels?: Readonly<Record<string, string>>;
  /** Defaults filled in when an older object is read. */
  applyReadDefaults?(object: StoredObject<Spec>): void;
  /** By which of their fields objects of this kind name others (v3/references.ts). */
  readonly references?: readonly ReferenceField[];
  /** Objects that are shown and cannot be changed though nobody stored them. */
  readonly synthetic?: readonly StoredObject[];
  readonly columns: Columns<StoredObject<Spec>>;
  /** Order of a listing, where it is not that of the keys. */
  compare?(left: StoredObject<Spec>, right: StoredObject<Spec>): number;
  /** Why nobody may write objects of this kind or with this name through us, or undefined. `verb` is create, apply, replace or delete. */
  readOnly?(object: { readonly metadata: { readonly name: string } }, verb: string): string | undefined;
}

/** A field by which objects of one kind name objects of another by name; selectors name nothing. */
export interface ReferenceField {
  readonly to: StoredKind;
  /** Where it stands, from the document's top. */
  readonly path: Path;
  /** Whether Calico refuses to write an object that names what does not exist (reference/storage 2.7); otherwise it may come later. */
  readonly demanded: boolean;
  /** The names that an object has there, in its order. */
  names(object: StoredObject): readonly string[];
}

/** The columns of a kind's tables. `extra` ones can only be asked for by custom-columns. */
export interface Columns<T> {
  readonly ps: readonly Column<T>[];
  readonly wide: readonly Column<T>[];
  readonly extra?: readonly Column<T>[];
}

/** A kind of the classic language: one file each in v1/. Where any kind will do, nothing is known of its metadata and spec. */
export interface ClassicKind<Spec extends Data = Data, Meta extends Data = Data, Stored extends Data = Data> {
  readonly dialect: 'v1';
  readonly kind: string;
  /** The name in messages such as "resource already exists: BGPPeer(node=n1, ip=fd00::1)". */
  readonly goName: string;
  readonly words: readonly string[];
  readonly metadata: ObjectType<Meta>;
  readonly spec: ObjectType<Spec>;
  /** The kind it is stored as. */
  readonly stored: StoredKind<Stored>;
  /** Rules over the whole document. Paths start at the document's top. */
  check?(document: ClassicDocument<Spec, Meta>, problems: Problems): void;
  /** Fills in what the official tool fixes when it writes (policy types). */
  applyDefaults?(document: ClassicDocument<Spec, Meta>): void;
  /** The names of the identifiers that are missing; what is said of one is said of the first (reference/classic 4.3). */
  missingIdentifiers(metadata: AsStored<Meta>, verb: Verb): readonly string[];
  /** Fills in identifiers that `create` makes up (workloadEndpoint names). */
  generateIdentifier?(metadata: AsStored<Meta>, randomUuid: () => string): void;
  /** `Policy(name=a)`, for messages. */
  identityText(metadata: AsStored<Meta>): string;
  /** Which part of metadata the NAME argument of the command line is. */
  readonly nameField: keyof Meta & string;
  /** Turns what the command line gives into what a document would say (a pool's host bits are masked off). */
  readArgument?(metadata: AsStored<Meta>): AsStored<Meta>;
  /** What identifies a resource besides its name; anything else is ignored (reference/classic 4.2). */
  readonly identifiers: readonly ('node' | 'scope' | 'orchestrator' | 'workload')[];
  /** The metadata fields that identify a resource, in the order in which a missing one is named. */
  readonly identity: readonly (keyof Meta & string)[];
  /** A new object: what Calico's own converter makes of an accepted document (reference/storage 4.3). Throws ConversionError where v3 cannot hold it. */
  convert(document: ClassicDocument<Spec, Meta>): StoredObject<Stored>;
  /** Why Calico's own converter refuses a document that `convert` can do something with, or undefined. */
  converterProblem?(document: ClassicDocument<Spec, Meta>): ConversionError | undefined;
  /**
   * What is written for an accepted document: converted, with v3's defaults, and with the document's own words where
   * the rest would not read back as this document. Throws ConversionError where v3 cannot hold it.
   */
  toStored(document: ClassicDocument<Spec, Meta>): StoredObject<Stored>;
  /** A stored object in v1's words, as near as they get. Whether they say all of it, v1/view.ts finds out. */
  revert(object: StoredObject<Stored>): ClassicDocument<Spec, Meta>;
  /** The classic view of any stored object of the kind: the words of the document it was made of where they still hold, else `revert`. */
  fromStored(object: StoredObject<Stored>): ClassicDocument<Spec, Meta>;
  /** The object without what agents report in it of their own accord, where they do: that is no setting which v1 lacks. */
  withoutReports?(object: StoredObject<Stored>): StoredObject<Stored>;
  /** Where a document says what an object says at these places (`spec.cidr`), for what v3 thinks of it; a function takes the rest of the path. */
  readonly places?: { readonly [Place in PlaceOf<Stored>]?: Path | ((rest: Path, document: ClassicDocument<Spec, Meta>) => Path) };
  /** What happens where another client stored what Calico 3.32 refuses, after "and". */
  readonly refusalMeans?: string;
  /** The names an object of this identity may be stored under: the converted one first, then the name itself where v3 allows it. */
  storedNames(metadata: AsStored<Meta>): readonly string[];
  /** The namespace an object of this identity is stored in, where its kind has namespaces. */
  namespaceOf?(metadata: AsStored<Meta>): string;
  /** The identity is in the content (a pool's CIDR, a peer's address), so an object of any name may be the one meant. */
  readonly foundByContent?: boolean;
  /** NAME arguments that no classic resource can have and a stored one can: its name, with its namespace before a slash where it has one. */
  readonly storedNameForm?: RegExp;
  /** Joins a converted document with the object it replaces: what v1 cannot say of it (block size, tunnel addresses ...) stays. */
  mergeOnto?(existing: StoredObject<Stored>, converted: StoredObject<Stored>): StoredObject<Stored>;
  /** Whether two classic metadata name the same resource; a missing part of `wanted` matches anything. */
  matches(wanted: AsStored<Meta>, found: AsStored<Meta>): boolean;
  /** Text by which listings are sorted bytewise (reference/classic 4.5). */
  sortKey(metadata: AsStored<Meta>): string;
  readonly columns: Columns<ClassicDocument<Spec, Meta>>;
  /** Why nobody may write this through us, or undefined (knp.default. policies). */
  readOnly?(metadata: AsStored<Meta>, verb: Verb): string | undefined;
}

/** A field of a stored object, by its path. */
export type PlaceOf<Stored extends Data = Data> = `metadata.${keyof Metadata}` | `spec.${keyof Stored & string}`;

export type Kind = StoredKind | ClassicKind;
export type Verb = 'create' | 'apply' | 'replace' | 'delete' | 'get' | 'validate' | 'convert';

/** A classic document that v3 cannot hold. */
export class ConversionError extends Error {
  constructor(
    message: string,
    readonly path: Path,
  ) {
    super(message);
    this.name = 'ConversionError';
  }
}
