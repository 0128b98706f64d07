import { isMap, type Data } from '../base/data.js';
import type { FieldType } from '../resources/fields/field.js';
import { asNumber } from '../resources/fields/network.js';
import { listWords } from '../resources/fields/scalars.js';
import { plainText } from '../resources/plain-text.js';
import { isPlainWhole, numberFormProblem } from '../text/number-form.js';
import { Problems, pathText } from '../resources/problem.js';
import { formatDuration, parseDuration } from '../go/duration.js';
import type { FelixForm } from '../resources/v3/felix-field.js';

const NANOSECONDS: Readonly<Record<string, bigint>> = { seconds: 1_000_000_000n, milliseconds: 1_000_000n };

/** What a text of the command line comes to: the stored value, or what is wrong with it. */
export type Reading = { readonly value: unknown } | { readonly problem: string };

/**
 * Reads the text of a classic setting as the value of a stored field (reference/storage 3.12, 4.4), as Felix itself reads
 * its settings (felix/config/param_types.go): `yes` and `n` are truth values, whole numbers may be hexadecimal, octal
 * or binary, lengths of time are numbers of seconds or milliseconds, lists stand between commas, words are of any
 * letter case. What classic configuration had no form for may be given as JSON. Decimal numbers have one form: what Felix
 * would read with a sign, an exponent or, as octal, with a leading zero is refused, since others read it otherwise.
 */
export function readValue(type: FieldType, form: FelixForm, text: string): Reading {
  const misshapen = numberFormProblem(text) ?? (/^\d+\.0\d+$/.test(text) && type === asNumber ? `${text} has a leading zero after the dot` : undefined);
  if (misshapen !== undefined && (form === 'integer' || form in NANOSECONDS)) return { problem: misshapen };
  let nearest: Miss | undefined;
  for (const candidate of candidates(type, form, text)) {
    const problems = new Problems();
    const value = type.decode(candidate, [], { problems, coerce: false });
    if (value !== undefined && !problems.failed) return typeof value === 'number' && misshapen !== undefined ? { problem: misshapen } : { value };
    const miss = { nearness: nearnessOf(problems), problem: problems.list.map(({ path, message }) => (path.length === 0 ? message : `${pathText(path)}: ${message}`)).join('; ') };
    if (nearest === undefined || miss.nearness > nearest.nearness) nearest = miss;
  }
  const wanted = nearest === undefined || nearest.nearness === 2 ? undefined : jsonForm(type);
  const problem = nearest === undefined ? `${JSON.stringify(text)} is not ${type.name}` : `${nearest.problem}${wanted === undefined ? '' : ` (${wanted})`}`;
  return { problem: (form === 'text' ? undefined : misshapen) ?? problem };
}

/** What is wrong with one reading of a text, and how near it comes: of another type as a whole, in its parts, or of the right types. */
interface Miss {
  readonly nearness: 0 | 1 | 2;
  readonly problem: string;
}

function nearnessOf({ list }: Problems): Miss['nearness'] {
  const mistyped = list.filter(({ code }) => code === 'type');
  return mistyped.some(({ path }) => path.length === 0) ? 0 : mistyped.length > 0 ? 1 : 2;
}

/** How values are given that are maps, or lists of them. */
function jsonForm({ fields, element }: FieldType): string | undefined {
  const names = (fields ?? element?.fields)?.map(({ name }) => name);
  if (names === undefined) return undefined;
  if (names.join() === 'min,max') return fields ? 'such as 1-250' : 'such as 1-250,300-310';
  if (names.join() === 'protocol,port,net') return 'such as tcp:22,udp:53';
  return `give it as JSON: ${fields ? 'a map' : 'a list of maps'} with ${listWords(names, 'and')}`;
}

/** The text of a stored value, as classic configuration would write it. */
export function valueText(value: unknown, form: FelixForm = 'text'): string {
  if (form in NANOSECONDS && typeof value === 'string') {
    const length = parseDuration(value);
    return length === undefined ? value : decimal(length, NANOSECONDS[form]!);
  }
  if (form === 'failsafe-ports' && Array.isArray(value)) return value.length === 0 ? 'none' : value.map(portText).join(',');
  if (isMap(value) && Object.keys(value).join() === 'min,max') return `${plainText(value['min'])}-${plainText(value['max'])}`;
  if (Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string' || typeof each === 'number')) return value.join(',');
  if (Array.isArray(value) && value.length > 0 && value.every((each) => isMap(each) && Object.keys(each).join() === 'min,max')) return value.map((each) => valueText(each)).join(',');
  return plainText(value, 'null');
}

/** What a text may stand for, the likeliest first: of those that are equally near, messages are about that one. */
function candidates(type: FieldType, form: FelixForm, text: string): Iterable<unknown> {
  const bool = truth(text);
  if (form === 'bool') return [bool ?? text];
  if (form === 'integer') return [wholeNumber(text) ?? text];
  if (form in NANOSECONDS) return [durationOf(text, NANOSECONDS[form]!)];
  if (form === 'failsafe-ports') return [text === 'none' || text === '' ? [] : text.split(',').map(readPort)];
  return form === 'text' ? spellings(type, text) : structures(text, bool);
}

const TRUE: readonly string[] = ['true', '1', 'yes', 'y', 't'];
const FALSE: readonly string[] = ['false', '0', 'no', 'n', 'f'];

function truth(text: string): boolean | undefined {
  const lower = text.toLowerCase();
  return TRUE.includes(lower) ? true : FALSE.includes(lower) ? false : undefined;
}

/** A whole number in a text of any base: `-1`, `0x1f`, `0b11` and `0o17` are numbers; undefined for anything else. */
function wholeNumber(text: string): number | undefined {
  const [, sign, digits] = /^([+-]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|0|[1-9]\d*)$/.exec(text) ?? [];
  return digits === undefined ? undefined : sign === '-' ? -Number(digits) : Number(digits);
}

/** A word in the spelling in which it is stored; classic levels have names of their own. */
function* spellings({ words = [] }: FieldType, text: string): Generator<string> {
  const lower = text.toLowerCase();
  yield words.find((word) => word.toLowerCase() === lower) ?? text;
  if (lower === 'critical' || lower === 'panic') yield 'Fatal';
}

function* structures(text: string, bool: boolean | undefined): Generator {
  const json = parsedJson(text);
  const structured = typeof json === 'object' && json !== null;
  if (structured) yield json;
  yield text;
  if (/^[+-]?\d+$/.test(text)) yield Number(text);
  if (bool !== undefined) yield bool;
  if (!structured && json !== undefined) yield json;
  if (structured) return;
  const parts = text.split(',').map((part) => part.trim()).filter((part) => part !== '');
  yield parts;
  yield parts.map((part) => (isPlainWhole(part) ? Number(part) : part));
  yield rangeOf(text);
  yield parts.map(rangeOf);
  const pairs = parts.map((part) => /^([^=]+)=(.+)$/.exec(part)).filter((match) => match !== null);
  if (pairs.length !== parts.length) return;
  yield Object.fromEntries(pairs.map(([, name, value]) => [name!, value!]));
  yield pairs.map(([, name, timeout]) => ({ name, timeout }));
}

function rangeOf(text: string): Data | string {
  const match = /^(\d+)-(\d+)$/.exec(text.trim());
  return match === null || !isPlainWhole(match[1]!) || !isPlainWhole(match[2]!) ? text : { min: Number(match[1]), max: Number(match[2]) };
}

/** `tcp:22`, `udp:10.0.0.0/8:53`, `tcp:[fd00::/8]:22`; a port alone is one of TCP. */
function readPort(text: string): unknown {
  const match = /^(?:([\w-]+):)?(?:\[([^\]]+)\]:|([\d./]+):)?(\d+)$/.exec(text.trim());
  if (match === null || !isPlainWhole(match[4]!)) return text;
  const net = match[2] ?? match[3];
  return { protocol: (match[1] ?? 'tcp').toLowerCase(), port: Number(match[4]), ...(net === undefined ? {} : { net }) };
}

function portText(value: unknown): string {
  const { protocol, port, net } = value as { protocol?: string; port?: number; net?: string };
  const place = net === undefined ? '' : `${net.includes(':') ? `[${net}]` : net}:`;
  return `${(protocol ?? 'tcp').toLowerCase()}:${place}${port ?? 0}`;
}

/** The duration that is so many units long; text that is not a number as it is. */
function durationOf(text: string, unit: bigint): string {
  const [, whole, fraction] = /^(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === undefined) return text;
  return formatDuration(BigInt(whole) * unit + (BigInt(fraction ?? '0') * unit) / 10n ** BigInt(fraction?.length ?? 0));
}

function decimal(nanoseconds: bigint, unit: bigint): string {
  const digits = String(unit + (nanoseconds % unit)).slice(1).replace(/0+$/, '');
  return `${nanoseconds / unit}${digits === '' ? '' : `.${digits}`}`;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
