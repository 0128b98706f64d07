import { ManifestError } from '../base/errors.js';
import { decode } from './decode.js';
import { readDocuments } from './documents.js';
import { readJson } from './json.js';
import { repeatedKeyDiagnostics, syntaxDiagnostic } from './locate.js';
import { SourceText, WHOLE, type ResourceLocation } from './source.js';

/** A value that was written as JSON or YAML, and where. */
export interface WrittenValue {
  readonly value: unknown;
  readonly origin: ResourceLocation;
}

/**
 * Reads a text that is one value, in JSON or YAML.
 * @param name what it is called in messages
 * @throws ManifestError where it is none, or several
 */
export function readValue(name: string, bytes: Buffer): WrittenValue {
  const source = decode(name, bytes);
  if (!(source instanceof SourceText)) throw new ManifestError([source]);
  const whole = { source, number: 1, start: 0, end: source.text.length };
  const json = readJson(source.text);
  if (json !== undefined) return { value: json, origin: { source: whole, path: WHOLE } };
  const [first, second] = [...readDocuments(source, (work) => work())].filter((each) => each !== 'pause');
  if (first === undefined) throw problem(source, source.text.length, `${name} is empty`);
  if ('failure' in first) throw new ManifestError([syntaxDiagnostic(first.document, first.failure)]);
  if (first.repeats !== undefined) throw new ManifestError(repeatedKeyDiagnostics(first.document, first.repeats));
  if (second !== undefined) throw problem(source, second.document.start, `${name} has more than one document`);
  return { value: first.value, origin: { source: first.document, path: WHOLE } };
}

function problem(source: SourceText, offset: number, message: string): ManifestError {
  return new ManifestError([{ code: 'syntax', severity: 'error', file: source.name, ...source.position(offset), message }]);
}
