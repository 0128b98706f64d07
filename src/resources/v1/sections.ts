import type { Data } from '../../base/data.js';
import type { AsRead, Decoding, Field, ObjectOf } from '../fields/field.js';
import { objectOf, type ObjectType } from '../fields/object.js';
import type { Path } from '../problem.js';

type Check<T> = (value: AsRead<T>, path: Path, to: Decoding, raw: Data) => void;

/** The two sections of a kind's documents. */
export interface Sections<Metadata extends object, Spec extends object> {
  readonly metadata: ObjectType<Metadata>;
  readonly spec: ObjectType<Spec>;
}

/** Declares the metadata and the spec of a kind; fields of the one that are given in the other get a hint. */
export function sections<const Metadata extends readonly Field[], const Spec extends readonly Field[]>(
  kind: string,
  metadata: Metadata,
  spec: Spec,
  checks: { readonly metadata?: Check<ObjectOf<Metadata>>; readonly spec?: Check<ObjectOf<Spec>> } = {},
): Sections<ObjectOf<Metadata>, ObjectOf<Spec>> {
  return {
    metadata: objectOf(`the metadata of a ${kind}`, metadata, { ...given(checks.metadata), misplaced: belongsUnder('spec', spec) }),
    spec: objectOf(`the spec of a ${kind}`, spec, { ...given(checks.spec), misplaced: belongsUnder('metadata', metadata) }),
  };
}

function given<T>(check: Check<T> | undefined): { check?: Check<T> } {
  return check === undefined ? {} : { check };
}

/** Hints for fields that were given outside their section. */
export function belongsUnder(section: string, fields: readonly Field[]): Record<string, string> {
  return Object.fromEntries(fields.map(({ name }) => [name, `"${name}" belongs under "${section}"`]));
}

/** Whether a document says something for a field, right or wrong. */
export function isGiven(raw: Data, name: string): boolean {
  const key = name in raw ? name : Object.keys(raw).find((each) => each.toLowerCase() === name.toLowerCase());
  return key !== undefined && raw[key] !== null && raw[key] !== undefined;
}
