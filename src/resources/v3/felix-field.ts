import type { Field, FieldType } from '../fields/field.js';
import { bool, integer, oneOf, text } from '../fields/scalars.js';

/** How the text of a classic setting becomes the value of the field (reference/storage 4.4). */
export type FelixForm = 'text' | 'bool' | 'integer' | 'seconds' | 'milliseconds' | 'failsafe-ports' | 'other';

/** A setting of Felix. */
export interface FelixField extends Field {
  /** Its name in classic configuration, in exactly this spelling. */
  readonly v1Name?: string;
  readonly form: FelixForm;
}

interface Options {
  /** Calico's own name of the field, where it does not follow from the name in documents. */
  readonly go?: string;
  /** The name in classic configuration where it is not `go`; null where there is none. */
  readonly v1?: string | null;
  readonly write?: Field['write'];
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

function setting(name: string, type: FieldType, write: Field['write'], form: FelixForm, options: Options): FelixField {
  const goName = options.go ?? calicoName(name);
  const v1Name = options.v1 === undefined ? goName : options.v1;
  return {
    name,
    type,
    write: options.write ?? write,
    goName,
    form: options.form ?? form,
    ...(v1Name === null ? {} : { v1Name }),
    ...(options.mistakenFor === undefined ? {} : { mistakenFor: options.mistakenFor }),
  };
}

/** true or false. */
export function flag(name: string, options: Options = {}): FelixField {
  return setting(name, bool, 'given', 'bool', options);
}

/** A whole number. */
export function number(name: string, limits: { readonly minimum?: number; readonly maximum?: number } = {}, options: Options = {}): FelixField {
  return setting(name, integer({ name: 'a whole number', ...limits }), 'given', 'integer', options);
}

/** A duration, in classic configuration a number of seconds. */
export function seconds(name: string, type: FieldType, options: Options = {}): FelixField {
  return setting(name, type, 'given', 'seconds', options);
}

/** A duration, in classic configuration a number of milliseconds. */
export function milliseconds(name: string, type: FieldType, options: Options = {}): FelixField {
  return setting(name, type, 'given', 'milliseconds', options);
}

/** Any text. */
export function plain(name: string, options: Options = {}): FelixField {
  return setting(name, text(), 'nonzero', 'text', options);
}

/** Text with rules of its own. */
export function typed(name: string, type: FieldType, options: Options = {}): FelixField {
  return setting(name, type, 'nonzero', 'text', options);
}

/** A value that is stored whenever it is given, empty or not. */
export function given(name: string, type: FieldType, options: Options = {}): FelixField {
  return setting(name, type, 'given', 'other', options);
}

/** One of a few words; an empty text counts as absent. */
export function words(name: string, allowed: readonly string[], options: Options = {}): FelixField {
  return setting(name, oneOf('a value of this setting', allowed), 'nonzero', 'text', options);
}

/** One of a few words; an empty text is none of them. */
export function choice(name: string, allowed: readonly string[], options: Options = {}): FelixField {
  return setting(name, oneOf('a value of this setting', allowed, { checkEmpty: true }), 'given', 'text', options);
}

/** One of a few words in any letter case, stored as it was written. */
export function anyCase(name: string, allowed: readonly string[], options: Options = {}): FelixField {
  const exact = oneOf('a value of this setting', allowed);
  const lower = allowed.map((word) => word.toLowerCase());
  const type: FieldType<string> = {
    ...exact,
    words: [],
    decode: (raw, path, to) => (typeof raw === 'string' && lower.includes(raw.toLowerCase()) ? raw : exact.decode(raw, path, to)),
  };
  return setting(name, type, 'nonzero', 'text', options);
}
