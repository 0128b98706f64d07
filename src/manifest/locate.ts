import type { Diagnostic } from '../base/errors.js';
import { pathText } from '../resources/problem.js';
import type { Path, Problem } from '../resources/problem.js';
import { stepsToSecret } from '../text/secret-names.js';
import { documentEvents, documentText } from './documents.js';
import { SyntaxFailure } from './events.js';
import type { DocumentEvents } from './events.js';
import { findPlace, placesOf } from './places.js';
import type { FoundPlace, Places } from './places.js';
import { invisibleHint, turnedHint } from './scalar-hint.js';
import type { ResourceLocation, Position, SourceDocument } from './source.js';
import { explainSyntax, tagHint } from './syntax.js';

/** A problem of a resource, and where the resource was read. The problem's path starts at the resource's top. */
export interface LocatedProblem {
  readonly origin: ResourceLocation;
  readonly problem: Problem;
  /** Whether a text would be right where the problem is; there is none where nobody knows what belongs there. */
  readonly takes?: (text: string) => boolean;
}

/** A document's places, with the way from the events' text back to the document's. */
interface PlaceMap {
  readonly places: Places;
  readonly events: DocumentEvents;
}

/** So far before a name a tag is looked for. */
const LONGEST_TAG = 80;
/** Anything shorter occurs in messages by chance. */
const SHORTEST_SECRET = 3;

/** js-yaml reports a collection used as a key at the document's start. */
const COMPLEX_KEY = 'object-based map';

/** The map of the document that was asked for last in each file: problems come document by document. */
const lastMaps = new WeakMap<object, { readonly document: SourceDocument; readonly map: PlaceMap | undefined }>();

/**
 * Where something in a resource stands in its file: the value at a path, or its key with `onKey`. Keys are found whatever
 * their case. A path that is not there leads to the nearest thing above it. The document is parsed once more for this.
 */
export function locate(origin: ResourceLocation, path: Path, onKey = false): Position {
  return findInFile(origin, path, onKey).position;
}

interface PlaceInFile {
  readonly position: Position;
  readonly place?: FoundPlace;
  readonly map?: PlaceMap;
}

function findInFile({ source, path: above }: ResourceLocation, path: Path, onKey: boolean): PlaceInFile {
  const map = mapOf(source);
  if (!map) return { position: source.source.position(source.start) };
  const place = findPlace(map.places, [...above, ...path], onKey);
  return { position: positionOf(source, map, place.start), place, map };
}

function positionOf({ source, start }: SourceDocument, map: PlaceMap, offset: number): Position {
  return source.position(start + map.events.original(offset));
}

/** What the text in the file adds to a problem: characters that nobody sees, and what YAML made of a value. */
function hintOf({ problem, origin: { source }, takes = () => false }: LocatedProblem, { place, map }: PlaceInFile): string | undefined {
  if (!map || place?.end === undefined || problem.severity !== 'error') return problem.hint;
  const { start, end, plain = false } = place;
  const written = { text: map.events.text.slice(start, end), plain };
  const unseen = invisibleHint(written, (offset) => positionOf(source, map, start + offset).column);
  const turned = problem.onKey || stepsToSecret(problem.path) > 0 ? undefined : turnedHint(written, takes);
  const own = turned !== undefined && problem.hint?.includes('in quotes') ? undefined : problem.hint;
  const tag = problem.onKey ? tagHint(map.events.text.slice(Math.max(0, start - LONGEST_TAG), start)) : undefined;
  const hints = (tag === undefined ? [own, unseen, turned] : [tag]).filter((each) => each !== undefined);
  return hints.length === 0 ? undefined : hints.join('; ');
}

/** A text in which what an alias carried away from a secret field is not shown. */
function withoutSecrets(text: string, map: PlaceMap | undefined): string {
  let shown = text;
  for (const secret of map?.places.secrets ?? []) if (secret.length >= SHORTEST_SECRET) shown = shown.replaceAll(secret, '(not shown)');
  return shown;
}

/** A problem with its place, ready to be shown. The path in it starts at the resource's top. */
export function toDiagnostic(located: LocatedProblem): Diagnostic {
  const { origin, problem } = located;
  const found = findInFile(origin, problem.path, problem.onKey === true);
  const hidden = (text: string): string => withoutSecrets(text, found.map);
  const path = hidden(pathText(problem.shownPath ?? problem.path));
  const hint = hintOf(located, found);
  return {
    code: problem.code,
    severity: problem.severity,
    file: origin.source.source.name,
    ...found.position,
    ...(path === '' ? {} : { path }),
    message: hidden(problem.message),
    ...(hint === undefined ? {} : { hint: hidden(hint) }),
    ...(problem.grave ? { grave: true } : {}),
  };
}

/** What makes a document unreadable, with its place. */
export function syntaxDiagnostic(document: SourceDocument, failure: SyntaxFailure): Diagnostic {
  const { source, start } = document;
  const offset = failure.reason.startsWith(COMPLEX_KEY) ? complexKey(document) : failure.offset;
  const problem = explainSyntax(documentText(document), failure.reason, offset);
  return {
    code: 'syntax',
    severity: 'error',
    file: source.name,
    ...source.position(start + problem.offset),
    message: problem.message,
    ...(problem.hint === undefined ? {} : { hint: problem.hint }),
  };
}

/** Every key that a map of the document has more than once, with both lines; `failure` is what the parser said of the first. */
export function repeatedKeyDiagnostics(document: SourceDocument, failure: SyntaxFailure): Diagnostic[] {
  const map = mapOf(document);
  if (!map || map.places.repeated.length === 0) return [syntaxDiagnostic(document, failure)];
  const { source, start } = document;
  return map.places.repeated.map(({ name, secret, first, second }) => {
    const [before, place] = [first, second].map((offset) => source.position(start + map.events.original(offset))) as [Position, Position];
    return { code: 'duplicate-key', severity: 'error', file: source.name, ...place, message: `${secret ? 'a name (not shown)' : name} is given twice, on lines ${before.line} and ${place.line}` };
  });
}

/** Puts diagnostics in the order of their files, lines and columns. Those of one place keep their order. */
export function inDocumentOrder(diagnostics: readonly Diagnostic[], files: readonly string[]): Diagnostic[] {
  const order = new Map(files.map((name, index) => [name, index]));
  const rank = (diagnostic: Diagnostic): number => order.get(diagnostic.file) ?? files.length;
  return [...diagnostics].sort(
    (left, right) =>
      rank(left) - rank(right) || (left.line ?? 0) - (right.line ?? 0) || (left.column ?? 0) - (right.column ?? 0),
  );
}

function complexKey(document: SourceDocument): number {
  const map = mapOf(document);
  return map?.events.original(map.places.nameless[0] ?? 0) ?? 0;
}

/** Undefined where the document can be read only as JSON. */
function mapOf(document: SourceDocument): PlaceMap | undefined {
  const last = lastMaps.get(document.source);
  if (last?.document === document) return last.map;
  const map = readMap(document);
  lastMaps.set(document.source, { document, map });
  return map;
}

function readMap(document: SourceDocument): PlaceMap | undefined {
  try {
    const events = documentEvents(document);
    return { places: placesOf(events), events };
  } catch (error) {
    if (error instanceof SyntaxFailure) return undefined;
    throw error;
  }
}
