import type { Data } from '../../base/data.js';
import { goFloat } from '../../go/number.js';
import { similar } from '../../text/similar.js';
import { describe, wrongType, wrongValue, type Decoding, type FieldType } from './field.js';

export interface TextOptions {
  /** What the text is, with its article: "a node name". */
  readonly name?: string;
  readonly pattern?: RegExp;
  /** What the pattern asks for, in words. */
  readonly rule?: string;
  /** Says what is wrong with a text, or undefined. */
  readonly problem?: (value: string) => string | undefined;
  /** An empty text is checked like any other; otherwise it counts as absent. */
  readonly checkEmpty?: boolean;
  /** A number or a boolean is refused even where a document's are turned into text. */
  readonly neverCoerced?: boolean;
  readonly hint?: string;
  /** What JSON Schema can say of `problem`. */
  readonly json?: Data;
}

/** Text. Documents may give a number or a boolean for it (reference/classic 3.4; the v3 reader does the same). */
export function text(options: TextOptions = {}): FieldType<string> {
  const type: FieldType<string> = {
    name: options.name ?? 'text',
    standIn: '',
    isZero: (value) => value === '',
    ...(options.rule === undefined ? {} : { rule: options.rule }),
    json: textSchema(options),
    decode(raw, path, to) {
      const value = typeof raw === 'string' ? raw : options.neverCoerced ? undefined : asText(raw, to);
      if (value === undefined) return wrongType(type, raw, path, to, helpsInQuotes(raw, options) ? 'put it in quotes' : undefined);
      if (value === '' && !options.checkEmpty) return value;
      const problem = textProblem(value, options);
      return problem === undefined ? value : wrongValue(problem, path, to, options.hint);
    },
  };
  return type;
}

/** Patterns of a schema judge texts only, so that a number passes where it becomes text. */
function textSchema({ pattern, json = {}, checkEmpty = false, neverCoerced = false }: TextOptions): Data {
  const said = { ...(pattern === undefined ? {} : { pattern: pattern.source }), ...json };
  const type = neverCoerced ? 'string' : ['string', 'number', 'boolean'];
  return { type, ...said, ...(checkEmpty || typeof said.pattern !== 'string' ? {} : { pattern: `^$|${said.pattern}` }) };
}

function helpsInQuotes(raw: unknown, options: TextOptions): boolean {
  return typeof raw !== 'object' && textProblem(String(raw), options) === undefined;
}

function textProblem(value: string, options: TextOptions): string | undefined {
  if (options.pattern && !options.pattern.test(value)) {
    return `${describe(value)} is not ${options.name ?? 'valid'}${options.rule === undefined ? '' : ` (${options.rule})`}`;
  }
  return options.problem?.(value);
}

function asText(raw: unknown, to: Decoding): string | undefined {
  if (!to.coerce) return undefined;
  if (typeof raw === 'number') return Number.isSafeInteger(raw) ? String(raw) : goFloat(raw);
  return typeof raw === 'boolean' || typeof raw === 'bigint' ? String(raw) : undefined;
}

export interface WordOptions {
  readonly checkEmpty?: boolean;
  /** What to write instead of `off` and the like, where no word says that. */
  readonly off?: string;
}

/** One of a few words, in exactly this spelling. An empty text counts as absent unless `checkEmpty`. */
export function oneOf<const Word extends string>(name: string, words: readonly Word[], options: WordOptions & { readonly checkEmpty: true }): FieldType<Word>;
export function oneOf<const Word extends string>(name: string, words: readonly Word[], options?: WordOptions): FieldType<Word | ''>;
export function oneOf(name: string, words: readonly string[], { checkEmpty = false, off }: WordOptions = {}): FieldType<string> {
  const type = text({
    name,
    checkEmpty,
    problem: (value) => {
      if (words.includes(value)) return undefined;
      const near = similar(value, words) ?? switchWord(value, words);
      const meant = near === undefined ? (isOff(value) ? off : undefined) : `did you mean "${near}"?`;
      return `${describe(value)} is not ${name}: expected ${listWords(words)}${meant === undefined ? '' : `; ${meant}`}`;
    },
  });
  return { ...type, words, json: { enum: checkEmpty ? words : [...words, ''] } };
}

const ON: readonly string[] = ['true', 'yes', 'on', 'enabled', 'enable', 'always'];
const OFF: readonly string[] = ['false', 'no', 'off', 'disabled', 'disable', 'never', 'none'];

function isOff(value: string): boolean {
  return OFF.includes(value.toLowerCase());
}

/** The word that switches on or off what another one switches on or off elsewhere: `Never` for `off`. */
function switchWord(value: string, words: readonly string[]): string | undefined {
  const same = [ON, OFF].find((all) => all.includes(value.toLowerCase()));
  return same && words.find((word) => same.includes(word.toLowerCase()));
}

/** Words as people list them: `allow, deny or log`. */
export function listWords(words: readonly string[], last = 'or'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1) as string}`;
}

/** true or false. */
export const bool: FieldType<boolean> = {
  name: 'true or false',
  json: { type: 'boolean' },
  standIn: false,
  isZero: (value) => !value,
  decode(raw, path, to) {
    if (typeof raw === 'boolean') return raw;
    return wrongType(bool, raw, path, to, boolHint(raw));
  },
};

const TRUTHS: readonly unknown[] = ['true', 'yes', 'on', 'enabled', 'enable', '1', 1];
const LIES: readonly unknown[] = ['false', 'no', 'off', 'disabled', 'disable', 'none', '0', 0];

function boolHint(raw: unknown): string | undefined {
  const word = typeof raw === 'string' ? raw.trim().toLowerCase() : raw;
  if (word === 'true' || word === 'false') return `write ${word} without quotes`;
  return TRUTHS.includes(word) ? 'write true' : LIES.includes(word) ? 'write false' : undefined;
}

export interface NumberOptions {
  readonly name: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

const INT64 = 2n ** 63n;

/** A whole number, `4.0` included; never text. Where it has no upper limit of its own, one beyond 2^53 stays the bigint it is. */
export function integer(options: NumberOptions): FieldType<number> {
  const type = numeric(options, (value) => Number.isSafeInteger(value), 'integer');
  const { minimum = -Infinity, maximum } = options;
  if (maximum !== undefined) return type;
  const isLong = (raw: unknown): raw is bigint => typeof raw === 'bigint' && raw >= -INT64 && raw < INT64 && raw >= minimum;
  return { ...type, decode: (raw, path, to) => (isLong(raw) ? (raw as unknown as number) : type.decode(raw, path, to)) };
}

/** Any finite number; never text. */
export function float(options: NumberOptions): FieldType<number> {
  return { ...numeric(options, Number.isFinite, 'number'), isFloat: true };
}

function numeric(options: NumberOptions, allowed: (value: number) => boolean, json: 'integer' | 'number'): FieldType<number> {
  const { name, minimum = -Infinity, maximum = Infinity } = options;
  const type: FieldType<number> = {
    name,
    standIn: 0,
    isZero: (value) => value === 0,
    json: { type: json, ...(minimum === -Infinity ? {} : { minimum }), ...(maximum === Infinity ? {} : { maximum }) },
    decode(raw, path, to) {
      const value = typeof raw === 'bigint' ? Number(raw) : raw;
      if (typeof value !== 'number' || !allowed(value)) {
        const hint = typeof raw === 'string' && raw.trim() !== '' && Number.isFinite(Number(raw)) ? 'write it without quotes' : numberHint(raw);
        return wrongType(type, raw, path, to, hint);
      }
      if (value >= minimum && value <= maximum) return value;
      return wrongValue(`${String(value)} is not ${name} (${range(minimum, maximum)})`, path, to);
    },
  };
  return type;
}

/** What to write for a number that came in a map: `{int: 80}`. */
function numberHint(raw: unknown): string | undefined {
  const values: readonly unknown[] = typeof raw === 'object' && raw !== null && !Array.isArray(raw) ? Object.values(raw) : [];
  const [only] = values;
  return typeof only === 'number' && values.length === 1 ? `write only the number: ${only}` : undefined;
}

function range(minimum: number, maximum: number): string {
  if (maximum === Infinity) return `at least ${minimum}`;
  return minimum === -Infinity ? `at most ${maximum}` : `${minimum} to ${maximum}`;
}
