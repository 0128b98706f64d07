import type { Data } from '../../base/data.js';
import type { Field } from '../fields/field.js';
import { listWords } from '../fields/scalars.js';
import { findInvisible, withoutInvisible } from '../../text/invisible.js';
import { bare, sameLetters, similar } from '../../text/similar.js';
import type { Path } from '../problem.js';
import { kubernetesHint, KUBERNETES_WORDS } from './kubernetes.js';
import { fieldOfOldName, oldNameHint } from './old-names.js';
import { fieldNames, fieldOf, levelsOf, trailsTo, type Level, type Trail } from './type-tree.js';

/** A language of documents, as far as hints need it. */
export interface Language {
  readonly kind: string;
  /** The fields of the metadata that identify a resource, where they do instead of a name. */
  readonly identity?: readonly string[];
  /** The fields of the kind's documents. */
  readonly fields: readonly Field[];
  /** The kind that the other apiVersion has for it, where there is one. */
  readonly other?: { readonly apiVersion: string; readonly kind: string; readonly fields: readonly Field[] } | undefined;
  /** Names that are fields of any kind, in lower case without dashes: none of them is another one misspelt. */
  readonly vocabulary: ReadonlySet<string>;
}

/** Longer lists help nobody. */
const MOST_LISTED = 30;
/** How many maps further down a field is looked for. */
const FARTHEST_DOWN = 2;
/** Fields of many maps: where they stand says what they mean, so no other place of one is suggested. */
const COMMON: readonly string[] = ['name', 'namespace', 'kind', 'type', 'key', 'value', 'values', 'code', 'min', 'max', 'port', 'protocol', 'enabled', 'mode', 'metadata', 'spec', 'status', 'uid', 'apiVersion', 'annotations', 'labels', 'operator', 'optional', 'cidr'];

/** What to write instead of a field that is not known. */
export interface Advice {
  readonly text: string;
  /** The fields of the document that the unknown one may stand for, from its top. */
  readonly meant: readonly Path[];
}

/** What to write instead of a field that is not known where a path leads, or undefined. What the map has already is not suggested. */
export function unknownFieldAdvice(language: Language, raw: Data, path: Path): Advice | undefined {
  const key = String(path.at(-1));
  const levels = levelsOf(language.fields, raw, path.slice(0, -1));
  const level = levels.at(-1);
  if (level === undefined) return undefined;
  const name = withoutInvisible(key).trim();
  const free = level.fields.filter((each) => !has(level.raw, each.name));
  const here = (field: string | undefined, text = `did you mean "${String(field)}"?`): Advice | undefined => field === undefined ? undefined : { text, meant: [[...level.path, field]] };
  const seen = fieldOf(free, name)?.name;
  return (
    here(seen, `it contains ${findInvisible(key)?.name ?? 'a space'}: write "${String(seen)}"`) ??
    alone(kubernetesHint(name, level.raw[key], level)) ??
    alone(oldNameHint(name, level.raw[key], { ...level, fields: free })) ??
    here(otherNameOf(name, free)) ??
    placeAdvice(name, levels) ??
    alone(otherNameOf(name, level.fields) === undefined ? otherDialectHint(name, language, levels) : listOfFields(level.fields)) ??
    namelessAdvice(name, language, level) ??
    here(misspelt(name, free, language.vocabulary)) ??
    alone(listOfFields(level.fields))
  );
}

/** The field that a name surely stands for: an old name, one used by mistake, or one that differs in case and dashes only. */
function otherNameOf(name: string, fields: readonly Field[]): string | undefined {
  return fieldOfOldName(name, fields) ?? fields.find((each) => each.mistakenFor?.includes(name))?.name ?? sameLetters(name, names(fields));
}

function alone(text: string | undefined): Advice | undefined {
  return text === undefined ? undefined : { text, meant: [] };
}

/** The keys of maps that were asked about, in lower case: a map of a million keys may have a thousand that nobody knows. */
const keysOf = new WeakMap<Data, ReadonlySet<string>>();

/** Whether a map has a key, in any letter case. */
function has(raw: Data, name: string): boolean {
  let keys = keysOf.get(raw);
  if (keys === undefined) keysOf.set(raw, (keys = new Set(Object.keys(raw).map((key) => key.toLowerCase()))));
  return keys.has(name.toLowerCase());
}

function names(fields: readonly Field[]): string[] {
  return fields.map((each) => each.name);
}

/** The field that was probably meant by a name that is no word of any language here. */
export function misspelt(name: string, fields: readonly Field[], vocabulary: ReadonlySet<string>): string | undefined {
  return vocabulary.has(bare(name)) || KUBERNETES_WORDS.includes(name) ? undefined : similar(name, names(fields));
}

/** What is said of a name that was given to what has none. */
function namelessAdvice(name: string, { kind, identity = [] }: Language, { path }: Level): Advice | undefined {
  if (name !== 'name' || identity.length === 0 || path.join() !== 'metadata') return undefined;
  const [only] = identity;
  const article = /^[aeiou]/.test(kind) ? 'an' : 'a';
  return { text: `${article} ${kind} has no name: it is identified by its ${listWords(identity, 'and')}`, meant: identity.length === 1 && only !== undefined ? [[...path, only]] : [] };
}

function listOfFields(fields: readonly Field[]): string | undefined {
  if (fields.length === 0) return 'no field is allowed here';
  return fields.length > MOST_LISTED ? undefined : `the fields here are ${names(fields).join(', ')}`;
}

/** Where else in the document the field belongs: further down, further up, or in the other section. */
function placeAdvice(name: string, levels: readonly Level[]): Advice | undefined {
  const level = levels.at(-1) as Level;
  const sections = levels.length === 1;
  const below = COMMON.includes(name) && !sections ? [] : nearest(trailsTo(level.fields, name, COMMON.includes(name) ? 1 : FARTHEST_DOWN));
  if (below.length > 0) return { text: `"${name}" belongs under ${listWords(below.map((trail) => `"${trail.join('.')}"`))}`, meant: below.map((trail) => [...level.path, ...trail, name]) };
  for (const [steps, above] of levels.slice(1, -1).reverse().entries()) {
    if (!fieldOf(above.fields, name)) continue;
    return { text: `"${name}" belongs ${steps === 0 ? 'one level' : `${steps + 1} levels`} up, to ${pathOf(above.path)}`, meant: [[...above.path, name]] };
  }
  const root = levels[0] as Level;
  const isIn = ({ name: section, type }: Field): boolean => section !== level.path[0] && type.fields !== undefined && fieldOf(type.fields, name) !== undefined;
  const section = levels.length === 2 ? root.fields.find(isIn) : undefined;
  return section && { text: `"${name}" belongs under "${section.name}"`, meant: [[section.name, name]] };
}

/** The shortest ways, where they are few enough to choose from. */
function nearest(trails: readonly Trail[]): readonly Trail[] {
  const shortest = Math.min(...trails.map((trail) => trail.length));
  const found = trails.filter((trail) => trail.length === shortest);
  return found.length > 4 ? [] : found;
}

function pathOf(path: Path): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
}

/** A field that the other apiVersion has for the same kind, wherever it has it. */
function otherDialectHint(name: string, { other }: Language, levels: readonly Level[]): string | undefined {
  if (other === undefined || COMMON.includes(name)) return undefined;
  const here = (levels.at(-1) as Level).path.filter((step) => typeof step === 'string');
  const trail = fieldOf(other.fields, name) ? [] : trailsTo(other.fields, name, 4).sort((left, right) => shared(right, here) - shared(left, here) || left.length - right.length)[0];
  if (trail === undefined) return undefined;
  return `it is a field of apiVersion ${other.apiVersion}, kind ${other.kind} (${[...trail, name].join('.')}): this apiVersion has no such field here`;
}

function shared(trail: Trail, path: readonly string[]): number {
  let count = 0;
  while (count < trail.length && trail[count] === path[count]) count++;
  return count;
}

/** All names of fields below, as `vocabulary` has them. */
export function vocabularyOf(documents: Iterable<readonly Field[]>): Set<string> {
  const all = new Set<string>();
  for (const fields of documents) for (const name of fieldNames(fields)) all.add(bare(name));
  return all;
}
