import { CalicoError, InvalidRequest } from '../../base/errors.js';
import { goJson, sortKeysDeep } from '../json.js';
import { follow, followAll } from './evaluate.js';
import { parsePath } from './parse-path.js';
import { Scanner } from './scanner.js';
import { JsonPathError, type Part, type Path } from './steps.js';

/** A template that has been read and can be carried out on any value. */
export interface JsonPathTemplate {
  /** What it prints. Throws CalicoError where the template does not fit the value. */
  print(value: unknown): string;
}

/**
 * Reads a template of kubectl's form: text as it is, and in braces paths, texts in quotes, `range` and `end`.
 * @param what how messages call it: `-o jsonpath`
 * @throws InvalidRequest with line and column
 */
export function readJsonPath(text: string, what: string): JsonPathTemplate {
  const scanner = new Scanner(text);
  const parts = placed(text, what, (message, hint) => new InvalidRequest(message, hint), () => {
    const read = parseParts(scanner, undefined);
    if (read.every(({ kind }) => kind === 'text')) throw new JsonPathError(0, 'expected a path in braces, found none', 'write for example {.items[*].metadata.name}');
    return read;
  });
  return { print: (value) => placed(text, what, (message, hint) => new CalicoError('failed', message, { hint }), () => printParts(parts, value)) };
}

/** A path that can be followed from any value. */
export interface ReadyPath {
  /** The values it leads to. Throws CalicoError where it does not fit the value. */
  from(value: unknown): readonly unknown[];
  /** The same, where lists stand for their elements, and what does not fit is not there. */
  allFrom(value: unknown): readonly unknown[];
}

/**
 * Reads one path, as custom columns and --sort-by have them: in braces or without, with a point before it or not.
 * @param what how messages call it
 * @throws InvalidRequest with the column
 */
export function readPath(text: string, what: string): ReadyPath {
  const inBraces = /^\{[^]*\}$/.test(text);
  const inner = inBraces ? text.slice(1, -1) : text;
  const pointed = /^\s*[.[$@]/.test(inner) ? inner : `.${inner}`;
  const shift = (inBraces ? 1 : 0) - (pointed.length - inner.length);
  const path = placed(text, what, (message, hint) => new InvalidRequest(message, hint), () => wholePath(pointed, shift));
  const fitting = (work: () => readonly unknown[]): readonly unknown[] => placed(text, what, (message, hint) => new CalicoError('failed', message, { hint }), work);
  return { from: (value) => fitting(() => follow(path, [value])), allFrom: (value) => fitting(() => followAll(path, [value])) };
}

function wholePath(text: string, shift: number): Path {
  const scanner = new Scanner(text);
  try {
    const path = parsePath(scanner);
    if (!scanner.atEnd) throw new JsonPathError(scanner.at, `expected the end of the path, found ${scanner.found()}`);
    return path;
  } catch (error) {
    if (error instanceof JsonPathError) throw new JsonPathError(Math.max(0, error.at + shift), error.message, error.hint);
    throw error;
  }
}

/** The parts up to the end of the text or, inside a range, up to its end. `range` is where it begins. */
function parseParts(scanner: Scanner, range: number | undefined): readonly Part[] {
  const parts: Part[] = [];
  for (;;) {
    const text = scanner.take(/[^{]+/y);
    if (text !== undefined) parts.push({ kind: 'text', text });
    const { at } = scanner;
    if (!scanner.accept('{')) break;
    scanner.skipBlanks();
    const word = scanner.take(/(?:range|end)(?![\w-])/y);
    if (word === 'end') {
      closeBrace(scanner, at);
      if (range === undefined) throw new JsonPathError(at, 'expected a {range} before this {end}, found none');
      return parts;
    }
    const path = parsePath(scanner);
    closeBrace(scanner, at);
    parts.push(word === 'range' ? { kind: 'range', path, body: parseParts(scanner, at) } : { kind: 'values', path });
  }
  if (range !== undefined) throw new JsonPathError(range, 'expected an {end} for the {range} that begins here, found none');
  return parts;
}

function closeBrace(scanner: Scanner, opened: number): void {
  scanner.skipBlanks();
  if (scanner.accept('}')) return;
  if (scanner.atEnd) throw new JsonPathError(opened, 'expected a "}" for the "{" that is here, found none');
  throw new JsonPathError(scanner.at, `expected a path or "}", found ${scanner.found()}`);
}

function printParts(parts: readonly Part[], value: unknown): string {
  let text = '';
  for (const part of parts) {
    if (part.kind === 'text') text += part.text;
    else if (part.kind === 'values') text += follow(part.path, [value]).map(valueText).join(' ');
    else for (const each of follow(part.path, [value])) text += printParts(part.body, each);
  }
  return text;
}

/** A value as kubectl prints it: lists and maps as compact JSON, anything else bare. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null ? goJson(sortKeysDeep(value)) : String(value);
}

/** Does the work; what goes wrong in it is told with its place in the text. */
function placed<T>(text: string, what: string, errorOf: (message: string, hint?: string) => Error, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError) throw errorOf(`${what}: too deeply nested`);
    if (!(error instanceof JsonPathError)) throw error;
    const lines = text.slice(0, error.at).split('\n');
    const column = [...(lines.at(-1) ?? '')].length + 1;
    throw errorOf(`${what}: ${lines.length > 1 ? `line ${lines.length}, ` : ''}column ${column}: ${error.message}`, error.hint);
  }
}
