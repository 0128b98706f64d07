import { constructFromEvents, loadAll } from 'js-yaml';
import { readEvents, SyntaxFailure, toFailure } from './events.js';
import type { DocumentEvents } from './events.js';
import { findDanger, mayBeDangerous } from './guard.js';
import type { Danger } from './guard.js';
import { readJson } from './json.js';
import { LIMITS } from './limits.js';
import { manifestSchema } from './schema.js';
import { isBlank, separatorLength, splitDocuments } from './split.js';
import type { SourceDocument, SourceText } from './source.js';

/**
 * A document's value, or what makes it unreadable. With `repeats` a map in it has a key twice: such a document is refused,
 * and its value, in which the last of equal keys counts, is only there to be searched for other mistakes.
 */
export type ReadDocument =
  | { readonly document: SourceDocument; readonly value: unknown; readonly repeats?: SyntaxFailure }
  | { readonly document: SourceDocument; readonly failure: SyntaxFailure; readonly repeats?: SyntaxFailure };

/** js-yaml is fastest on long texts; one of this length takes some tens of milliseconds, in which nothing else has its turn. */
const BATCH = 512 * 1024;
/** Blank documents that are passed over before others have their turn. */
const BLANK_AT_ONCE = 50_000;
/** A longer document is read in one piece for longer than a person waits for Ctrl-C. */
const LONG = 256 * 1024;
const REPEATED_KEY = 'duplicated mapping key';
const TOO_LARGE = 'the document is too large';
const CONSTRUCTION = { maxAliases: LIMITS.aliases, maxTotalMergeKeys: LIMITS.mergedKeys };

const DANGERS: Readonly<Record<Danger, string>> = {
  'cycle': 'the document contains itself through an alias (*name)',
  'depth': 'nesting exceeded through aliases',
  'size': 'the aliases (*name) of the document expand to too much',
  'half character': 'an escape is half a character (a lone surrogate)',
};

/** Does work that nothing interrupts in such a way that Ctrl-C ends the process anyway. */
export type Blocking = <T>(work: () => T) => T;

/** A moment between two documents at which others may have their turn. */
export type Pause = 'pause';

/** Reads the documents of a text in order, blank ones left out. Never throws for what the text holds. */
export function* readDocuments(source: SourceText, blocking: Blocking): Generator<ReadDocument | Pause> {
  let batch: SourceDocument[] = [];
  let number = 0;
  for (const range of splitDocuments(source.text)) {
    number++;
    if (number % BLANK_AT_ONCE === 0) yield 'pause';
    if (isBlank(source.text, range)) continue;
    const document: SourceDocument = { source, number, start: range.start, end: range.end };
    if (batch[0] && range.end - batch[0].start > BATCH) {
      yield* readBatch(batch, blocking);
      yield 'pause';
      batch = [];
    }
    batch.push(document);
  }
  yield* readBatch(batch, blocking);
}

/** The text of one document, as it is parsed alone. */
export function documentText(document: SourceDocument): string {
  return document.source.text.slice(document.start, document.end);
}

/** The parse events of one document; offsets lead to the document's own text. Throws SyntaxFailure. */
export function documentEvents(document: SourceDocument): DocumentEvents {
  const text = documentText(document);
  if (isTooDense(text)) throw new SyntaxFailure(TOO_LARGE, 0);
  const dashes = separatorLength(text);
  if (dashes === 0) return readEvents(text);
  return readEvents(' '.repeat(dashes - 1) + '\n' + text.slice(dashes));
}

/** Several documents at once where they are plain, else one by one: then a mistake in one does not hide the others. */
function* readBatch(documents: readonly SourceDocument[], blocking: Blocking): Generator<ReadDocument> {
  const values = documents.length > 1 ? readTogether(documents) : undefined;
  for (const [index, document] of documents.entries()) {
    const read = values ? { document, value: values[index] } : isLong(document) ? blocking(() => readOne(document)) : readOne(document);
    if ('failure' in read || (read.value !== null && read.value !== undefined)) yield read;
  }
}

function isLong({ start, end }: SourceDocument): boolean {
  return end - start > LONG;
}

function readTogether(documents: readonly SourceDocument[]): unknown[] | undefined {
  const [first, last] = [documents[0], documents.at(-1)];
  if (!first || !last) return undefined;
  const text = first.source.text.slice(first.start, last.end);
  if (/^(?:---)?\s*[[{]/.test(text) || text.includes('\n...') || mayBeDangerous(text) || isTooDense(text)) return undefined;
  try {
    const values = loadAll(text, { schema: manifestSchema(), maxDepth: LIMITS.depth, ...CONSTRUCTION });
    // Blank documents stand between them.
    return values.length === last.number - first.number + 1 ? documents.map(({ number }) => values[number - first.number]) : undefined;
  } catch {
    return undefined;
  }
}

function readOne(document: SourceDocument): ReadDocument {
  const text = documentText(document);
  if (text.length > LIMITS.documentLength) return { document, failure: new SyntaxFailure(TOO_LARGE, 0) };
  const json = readJson(text.startsWith('---') ? text.slice(3) : text);
  if (json) return { document, value: json };
  try {
    return { document, ...readYaml(document, text) };
  } catch (error) {
    if (error instanceof SyntaxFailure) return { document, failure: error };
    throw error;
  }
}

function readYaml(document: SourceDocument, text: string): { value: unknown; repeats?: SyntaxFailure } | { failure: SyntaxFailure; repeats: SyntaxFailure } {
  const events = documentEvents(document);
  let repeats: SyntaxFailure;
  try {
    return { value: soundValue(text, construct(events, false)) };
  } catch (error) {
    repeats = toFailure(error, events.original);
    if (repeats.reason !== REPEATED_KEY) throw repeats;
  }
  try {
    return { value: soundValue(text, construct(events, true)), repeats };
  } catch (error) {
    return { failure: toFailure(error, events.original), repeats };
  }
}

/** The values of a document and of what stands after its end. The last of equal keys counts if `lastCounts`; otherwise there may be none. */
function construct({ events, text }: DocumentEvents, lastCounts: boolean): unknown[] {
  return constructFromEvents(events, { source: text, schema: manifestSchema(), json: lastCounts, ...CONSTRUCTION });
}

function soundValue(text: string, values: readonly unknown[]): unknown {
  if (values.length > 1) throw new SyntaxFailure('text after the end of the document (...)', textAfterEnd(text));
  const danger = mayBeDangerous(text) ? findDanger(values[0], text.length) : undefined;
  if (danger) throw new SyntaxFailure(DANGERS[danger], Math.max(text.indexOf('*'), 0));
  return values[0];
}

function textAfterEnd(text: string): number {
  const marker = /[\r\n]\.\.\.(?:[ \t][^\r\n]*)?[\r\n]+/.exec(`\n${text}`);
  return marker ? Math.min(marker.index + marker[0].length - 1, text.length) : 0;
}

/** Whether parsing would take more memory than a command may have. */
function isTooDense(text: string): boolean {
  if (text.length > LIMITS.documentLength) return true;
  if (text.length <= LIMITS.documentMarks) return false;
  let marks = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === 44 || character === 58 || (character === 10 && text.charCodeAt(at + 1) !== 10)) marks++;
  }
  return marks > LIMITS.documentMarks;
}
