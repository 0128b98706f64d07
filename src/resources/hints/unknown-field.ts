import type { Field } from '../fields/field.js';
import type { Data } from '../fields/object.js';
import { findInvisible, withoutInvisible } from '../invisible.js';
import { bare, sameLetters, similar } from '../similar.js';
import type { Path } from '../problem.js';
import { kubernetesHint, KUBERNETES_WORDS } from './kubernetes.js';
import { oldNameHint } from './old-names.js';
import { fieldNames, fieldOf, levelsOf, trailsTo, type Level, type Trail } from './type-tree.js';

/** A language of documents, as far as hints need it. */
export interface Language {
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

/** What to write instead of a field that is not known where a path leads, or undefined. */
export function unknownFieldHint(language: Language, raw: Data, path: Path): string | undefined {
  const key = String(path.at(-1));
  const levels = levelsOf(language.fields, raw, path.slice(0, -1));
  const level = levels.at(-1);
  if (level === undefined) return undefined;
  const name = withoutInvisible(key).trim();
  const { fields } = level;
  const seen = fieldOf(fields, name);
  if (seen) return `${findInvisible(key)?.name ?? 'a blank'} stands in it: write "${seen.name}"`;
  const value = level.raw[key];
  return (
    kubernetesHint(name, value, level) ??
    oldNameHint(name, value, level) ??
    didYouMean(fields.find((each) => each.mistakenFor?.includes(name))?.name ?? sameLetters(name, names(fields))) ??
    placeHint(name, levels) ??
    otherDialectHint(name, language, levels) ??
    didYouMean(misspelt(name, fields, language.vocabulary)) ??
    listOfFields(fields)
  );
}

function names(fields: readonly Field[]): string[] {
  return fields.map((each) => each.name);
}

function didYouMean(name: string | undefined): string | undefined {
  return name === undefined ? undefined : `did you mean "${name}"?`;
}

/** The field that was probably meant by a name that is no word of any language here. */
export function misspelt(name: string, fields: readonly Field[], vocabulary: ReadonlySet<string>): string | undefined {
  return vocabulary.has(bare(name)) || KUBERNETES_WORDS.includes(name) ? undefined : similar(name, names(fields));
}

function listOfFields(fields: readonly Field[]): string | undefined {
  if (fields.length === 0) return 'no field is allowed here';
  return fields.length > MOST_LISTED ? undefined : `the fields here are ${names(fields).join(', ')}`;
}

/** Where else in the document the field belongs: further down, further up, or in the other section. */
function placeHint(name: string, levels: readonly Level[]): string | undefined {
  const level = levels.at(-1) as Level;
  const sections = levels.length === 1;
  const below = COMMON.includes(name) && !sections ? [] : nearest(trailsTo(level.fields, name, COMMON.includes(name) ? 1 : FARTHEST_DOWN));
  if (below.length > 0) return `"${name}" belongs under ${either(below.map((trail) => `"${trail.join('.')}"`))}`;
  for (const [steps, above] of levels.slice(1, -1).reverse().entries()) {
    if (fieldOf(above.fields, name)) return `"${name}" belongs ${steps === 0 ? 'one level' : `${steps + 1} levels`} up, to ${pathOf(above.path)}`;
  }
  const root = levels[0] as Level;
  const section = levels.length === 2 ? root.fields.find((each) => each.name !== level.path[0] && each.type.fields && fieldOf(each.type.fields, name)) : undefined;
  return section && `"${name}" belongs under "${section.name}"`;
}

function either(choices: readonly string[]): string {
  const last = choices.length - 1;
  return last < 1 ? choices.join('') : `${choices.slice(0, last).join(', ')} or ${choices[last] as string}`;
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
  return `it is a field of apiVersion ${other.apiVersion}, kind ${other.kind} (${[...trail, name].join('.')}): this apiVersion has none of that name here`;
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
