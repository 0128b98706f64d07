import { boolYaml11Tag, defineScalarTag, mapTag, mergeTag, NOT_RESOLVED, nullYaml11Tag, Schema, seqTag, strTag } from 'js-yaml';

const INTEGER = /^[-+]?(?:0[xX][\da-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|[1-9]\d*|0)$/;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const SPECIAL_FLOAT = /^(?:([-+]?)\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const ORDINARY_TAG = /^!?[\w.:,/-]+$/;
const NUMBER_STARTS = ['-', '+', ...'0123456789'];
/** Longer digit strings are read as floating point numbers, as the classic tool reads every number above 64 bits. */
const LONGEST_INTEGER = 64;

let schema: Schema | undefined;

/**
 * YAML 1.1 as the Go tools read it (reference/classic 3.4): its booleans, nulls, octal, binary and grouped integers, merge
 * keys; no base-60 numbers, no dates. Integers above 2^53 become bigint. Maps are ordinary objects in which `__proto__`
 * is data. Unknown tags are ignored, except where that would lose text: `!has(a)` is refused.
 */
export function manifestSchema(): Schema {
  schema ??= new Schema([strTag, seqTag, stringKeyMap(mapTag.tagName), nullYaml11Tag, boolYaml11Tag, integerTag(), floatTag(), mergeTag, ...unknownTags()]);
  return schema;
}

/** The field name a plain key stands for: `yes` is the key `true`, `0x10` is `16`. */
export function plainKey(text: string): string {
  return String(plainValue(text));
}

/** What a value without quotes is read as: `Off` is false, `010` is 8, most others are themselves. */
export function plainValue(text: string): unknown {
  for (const tag of manifestSchema().tags) {
    if (tag.nodeKind !== 'scalar' || !tag.implicit) continue;
    const value: unknown = tag.resolve(text, false, tag.tagName);
    if (value !== NOT_RESOLVED) return value;
  }
  return text;
}

function integerTag() {
  return defineScalarTag<number | bigint>('tag:yaml.org,2002:int', {
    implicit: true,
    implicitFirstChars: NUMBER_STARTS,
    resolve: resolveInteger,
    identify: () => false,
  });
}

function resolveInteger(source: string): number | bigint | typeof NOT_RESOLVED {
  const plain = source.includes('_') ? source.replaceAll('_', '') : source;
  if (plain.length > LONGEST_INTEGER || !INTEGER.test(plain)) return NOT_RESOLVED;
  const negative = plain.startsWith('-');
  const digits = negative || plain.startsWith('+') ? plain.slice(1) : plain;
  const exact = BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits);
  const value = negative ? -exact : exact;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function floatTag() {
  return defineScalarTag<number>('tag:yaml.org,2002:float', {
    implicit: true,
    implicitFirstChars: [...NUMBER_STARTS, '.'],
    resolve: resolveFloat,
    identify: () => false,
  });
}

function resolveFloat(source: string): number | typeof NOT_RESOLVED {
  const special = SPECIAL_FLOAT.exec(source);
  if (special) return special[1] === undefined ? NaN : special[1] === '-' ? -Infinity : Infinity;
  const plain = source.includes('_') ? source.replaceAll('_', '') : source;
  const value = FLOAT.test(plain) ? Number(plain) : NaN;
  return Number.isFinite(value) ? value : NOT_RESOLVED;
}

function stringKeyMap(tagName: string, matchByTagPrefix = false): typeof mapTag {
  return {
    ...mapTag,
    tagName,
    matchByTagPrefix,
    addPair: (map, key, value) => (key === null ? 'null key' : mapTag.addPair(map, key, value)),
  };
}

/** Tags found by the prefix '' match whatever no other tag of the schema matched. */
function unknownTags() {
  const scalar = defineScalarTag<string>('', {
    matchByTagPrefix: true,
    resolve: (source, _explicit, tagName) =>
      source === '' || !ORDINARY_TAG.test(tagName) || tagName.endsWith(':binary') ? NOT_RESOLVED : source,
    identify: () => false,
  });
  return [scalar, { ...seqTag, tagName: '', matchByTagPrefix: true }, stringKeyMap('', true)];
}
