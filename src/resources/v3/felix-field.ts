import type { Field, FieldType } from '../fields/field.js';
import { eitherCase, whole } from '../fields/patterns.js';
import { bool, integer, listWords, oneOf, text } from '../fields/scalars.js';

/** How the text of a classic setting becomes the value of the field (reference/storage 4.4). */
export type FelixForm = 'text' | 'bool' | 'integer' | 'seconds' | 'milliseconds' | 'failsafe-ports' | 'other';

/** A setting of Felix. */
export interface FelixField extends Field {
  /** Its name in classic configuration, in exactly this spelling. */
  readonly v1Name?: string;
  readonly form: FelixForm;
}

/** A setting with name, type and way of writing in its type, for what follows from it (`ObjectOf`). */
export interface Setting<Name extends string, T, Write extends Field['write']> extends FelixField {
  readonly name: Name;
  readonly type: FieldType<T>;
  readonly write: Write;
}

interface Options {
  /** Calico's own name of the field, where it does not follow from the name in documents. */
  readonly go?: string;
  /** The name in classic configuration where it is not `go`; null where there is none. */
  readonly v1?: string | null;
  readonly form?: FelixForm;
  readonly mistakenFor?: readonly string[];
}

/** Calico's name of a field: the first word capitalised, or in capitals where it is an abbreviation. */
function calicoName(name: string): string {
  const abbreviation = /^(vxlan|bpf|xdp|ipip|nat|aws|mtu|ip)(?=[A-Z])/.exec(name)?.[0];
  if (abbreviation !== undefined) return abbreviation.toUpperCase() + name.slice(abbreviation.length);
  if (/^ipv[46]/.test(name)) return `IP${name.slice(2)}`;
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function setting<const Name extends string, T, Write extends Field['write']>(name: Name, type: FieldType<T>, write: Write, form: FelixForm, options: Options): Setting<Name, T, Write> {
  const goName = options.go ?? calicoName(name);
  const v1Name = options.v1 === undefined ? goName : options.v1;
  return {
    name,
    type,
    write,
    goName,
    form: options.form ?? form,
    ...(v1Name === null ? {} : { v1Name }),
    ...(options.mistakenFor === undefined ? {} : { mistakenFor: options.mistakenFor }),
  };
}

/** true or false. */
export function flag<const Name extends string>(name: Name, options: Options = {}): Setting<Name, boolean, 'given'> {
  return setting(name, bool, 'given', 'bool', options);
}

/** A whole number. */
export function number<const Name extends string>(name: Name, limits: { readonly minimum?: number; readonly maximum?: number } = {}, options: Options = {}): Setting<Name, number, 'given'> {
  return setting(name, integer({ name: 'a whole number', ...limits }), 'given', 'integer', options);
}

/** A duration, in classic configuration a number of seconds. */
export function seconds<const Name extends string>(name: Name, type: FieldType<string>, options: Options = {}): Setting<Name, string, 'given'> {
  return setting(name, type, 'given', 'seconds', options);
}

/** A duration, in classic configuration a number of milliseconds. */
export function milliseconds<const Name extends string>(name: Name, type: FieldType<string>, options: Options = {}): Setting<Name, string, 'given'> {
  return setting(name, type, 'given', 'milliseconds', options);
}

/** Any text. */
export function plain<const Name extends string>(name: Name, options: Options = {}): Setting<Name, string, 'nonzero'> {
  return setting(name, text(), 'nonzero', 'text', options);
}

/** Text with rules of its own. */
export function typed<const Name extends string>(name: Name, type: FieldType<string>, options: Options = {}): Setting<Name, string, 'nonzero'> {
  return setting(name, type, 'nonzero', 'text', options);
}

/** A value that is stored whenever it is given, empty or not. */
export function given<const Name extends string, T>(name: Name, type: FieldType<T>, options: Options = {}): Setting<Name, T, 'given'> {
  return setting(name, type, 'given', 'other', options);
}

/** A list that is stored unless it is empty. */
export function filled<const Name extends string, T>(name: Name, type: FieldType<readonly T[]>, options: Options = {}): Setting<Name, readonly T[], 'nonzero'> {
  return setting(name, type, 'nonzero', 'other', options);
}

/** One of a few words; an empty text counts as absent. */
export function words<const Name extends string, const Word extends string>(name: Name, allowed: readonly Word[], options: Options = {}): Setting<Name, Word | '', 'nonzero'> {
  return setting(name, oneOf('a value of this setting', allowed), 'nonzero', 'text', options);
}

/** One of a few words, which is stored in any case: an empty text where none was given. */
export function writtenWords<const Name extends string, const Word extends string>(name: Name, allowed: readonly Word[], options: Options = {}): Setting<Name, Word | '', 'always'> {
  return setting(name, oneOf('a value of this setting', allowed), 'always', 'text', options);
}

/** One of a few words; an empty text is none of them. */
export function choice<const Name extends string, const Word extends string>(name: Name, allowed: readonly Word[], options: Options = {}): Setting<Name, Word, 'given'> {
  return setting(name, oneOf('a value of this setting', allowed, { checkEmpty: true }), 'given', 'text', options);
}

/** One of a few words in any letter case, stored as it was written. */
export function anyCase<const Name extends string>(name: Name, allowed: readonly string[], options: Options = {}): Setting<Name, string, 'nonzero'> {
  const exact = oneOf('a value of this setting', allowed);
  const lower = allowed.map((word) => word.toLowerCase());
  const type: FieldType<string> = {
    ...exact,
    words: [],
    rule: `${listWords(allowed)}, in any letter case`,
    json: { type: 'string', pattern: whole(`|${allowed.map(eitherCase).join('|')}`) },
    decode: (raw, path, to) => (typeof raw === 'string' && lower.includes(raw.toLowerCase()) ? raw : exact.decode(raw, path, to)),
  };
  return setting(name, type, 'nonzero', 'text', options);
}
