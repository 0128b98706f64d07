import type { Data } from '../../base/data.js';
import type { Path, Problem, Problems } from '../problem.js';
import { shapeHint } from './shape.js';

/** How a document is being read. */
export interface Decoding {
  readonly problems: Problems;
  /** Numbers and booleans become text where text is expected, as manifests of both languages are read (reference/classic 3.4). */
  readonly coerce: boolean;
  /** Where fields that nobody knows are reported, if they are to be kept; otherwise they are errors. */
  readonly unknown?: Problems;
}

/** What a field may hold: how it is read from a document, and when it counts as empty. */
export interface FieldType<T = unknown> {
  /** What such a value is called in messages, with its article: "an AS number". */
  readonly name: string;
  /**
   * Reads a raw value that is neither undefined nor null. Returns it in stored form, or undefined after
   * reporting what is wrong with it.
   */
  decode(raw: unknown, path: Path, to: Decoding): T | undefined;
  /** Whether Go would leave the value out (`omitempty`). */
  isZero(value: T): boolean;
  /** A Go float64, which templates print with an exponent from 1e+06 up. */
  readonly isFloat?: boolean;
  /** What a null element of a list stands for: Go's zero value. */
  readonly standIn: unknown;
  /** The fields of an object, in the order in which they are written. */
  readonly fields?: readonly Field[];
  /** The words that a text may be, where there are only a few. */
  readonly words?: readonly string[];
  /** What is allowed, in words, where the name does not say it. */
  readonly rule?: string;
  /** What JSON Schema (2020-12) can say of a value by itself; `decode` refuses all that it refuses. What has fields or elements needs none. */
  readonly json?: Data;
  /** The type of a list's elements or of a map's values. */
  readonly element?: FieldType;
}

export interface Field {
  readonly name: string;
  readonly type: FieldType;
  /**
   * When the field is written: if it has another value than zero, if it was given at all (Go pointers),
   * or always, with its zero value where it was not given.
   */
  readonly write: 'nonzero' | 'given' | 'always';
  /** Reported when the field was not given. */
  readonly required?: string;
  /** The name in Go templates, where it is not the capitalised name. */
  readonly goName?: string;
  /** A pointer in Go although its empty value is left out: a template shows `<nil>` where there is none. */
  readonly pointer?: boolean;
  /** Words people write for it by mistake. */
  readonly mistakenFor?: readonly string[];
}

/** What a field may be besides its name and its type. */
export type FieldOptions = Partial<Omit<Field, 'name' | 'type'>>;

/** A field with all that its declaration says in its type, for what follows from it (`Of`). */
export type Declared<Name extends string, T, Options> = Omit<Field, 'name' | 'type' | keyof Options> & Options & { readonly name: Name; readonly type: FieldType<T> };

/** A field of an object; by default it is optional and left out when zero. */
export function field<const Name extends string, T, const Options extends FieldOptions = object>(name: Name, type: FieldType<T>, options?: Options): Declared<Name, T, Options>;
export function field(name: string, type: FieldType, options?: FieldOptions): Field {
  return { name, type, write: 'nonzero', ...options };
}

/** The values of a type: `type IPPoolSpec = Of<typeof spec>`. */
export type Of<Type> = Type extends FieldType<infer T> ? T : never;

/** The objects that hold these fields. Those that are always written or required are there once an object was read without a problem. */
export type ObjectOf<Fields extends readonly Field[]> = Flat<
  { [Each in Fields[number] as Each extends Present ? Each['name'] : never]: ValueOf<Each> } & { [Each in Fields[number] as Each extends Present ? never : Each['name']]?: ValueOf<Each> }
>;

type Present = { readonly write: 'always' } | { readonly required: string };

/** What is left out when it is zero is never an empty text; a word that is always written is one where it was not given. */
type ValueOf<Each extends Field> = Each['write'] extends 'always' ? Written<Of<Each['type']>> : Each['write'] extends 'given' ? Of<Each['type']> : Exclude<Of<Each['type']>, ''>;

type Written<T> = [T] extends [string] ? T | '' : T;

type Flat<T> = { [Name in keyof T]: T[Name] };

/** The same while it is being read: what was wrong is absent, at any depth. */
export type AsRead<T> = T extends readonly (infer Each)[] ? readonly AsRead<Each>[] : T extends object ? { [Name in keyof T]?: AsRead<T[Name]> } : T;

/** What is stored for it: its fields have the names that are declared, and as long as nobody looked, any values. */
export type AsStored<T> = { [Name in keyof T]?: unknown };

/** What was found, for "expected X, found Y". */
export function describe(raw: unknown): string {
  if (raw === null || raw === undefined) return 'nothing';
  if (Array.isArray(raw)) return 'a list';
  if (typeof raw === 'object') return 'a map';
  if (typeof raw === 'string') return JSON.stringify(raw.length > 60 ? `${raw.slice(0, 57)}...` : raw);
  if (typeof raw === 'boolean') return String(raw);
  return `the number ${String(raw)}`;
}

/** Reports that a value is of the wrong type, and what to write instead: `hint`, else what follows from the two shapes. Always returns undefined, for `return wrongType(...)`. */
export function wrongType(type: Pick<FieldType, 'name'> & Partial<FieldType>, raw: unknown, path: Path, to: Decoding, hint?: string): undefined {
  // A whole document cannot be left out, as a field can.
  const shown = path.length === 0 && Array.isArray(raw) && raw.length === 0 ? [''] : raw;
  to.problems.add('type', path, `expected ${type.name}, found ${describe(raw)}`, { hint: hint ?? shapeHint(type, shown) });
  return undefined;
}

/** Reports that a value breaks a rule. Always returns undefined. */
export function wrongValue(message: string, path: Path, to: Decoding, hint?: string): undefined {
  to.problems.add('value', path, message, { hint });
  return undefined;
}

/**
 * Whether anything was reported at a path or below it, asked while the value around it is being read. Rules over
 * several fields keep quiet about what is missing only because it was wrong.
 */
export function reportedUnder(path: Path, to: Decoding): boolean {
  const { list } = to.problems;
  // What was reported for the value around it stands at the end of the list.
  for (let index = list.length - 1; index >= 0; index--) {
    const found = (list[index] as Problem).path;
    const shared = commonSteps(found, path);
    if (shared === path.length) return true;
    if (shared < path.length - 1) return false;
  }
  return false;
}

function commonSteps(left: Path, right: Path): number {
  let count = 0;
  while (count < left.length && count < right.length && left[count] === right[count]) count++;
  return count;
}
