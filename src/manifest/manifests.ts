import type { Diagnostic } from '../base/errors.js';
import { decode } from './decode.js';
import { readDocuments, type Blocking, type Pause } from './documents.js';
import { readFiles } from './files.js';
import type { FileBytes, FileOptions, FilesRead } from './files.js';
import { flatten } from './flatten.js';
import type { ManifestList, ManifestResource } from './flatten.js';
import { LIMITS } from './limits.js';
import { inDocumentOrder, repeatedKeyDiagnostics, syntaxDiagnostic, toDiagnostic } from './locate.js';
import type { LocatedProblem } from './locate.js';
import { Pace } from '../base/pace.js';
import { SourceText, WHOLE } from './source.js';
import type { SourceDocument } from './source.js';

export { inDocumentOrder, locate, toDiagnostic } from './locate.js';
export type { LocatedProblem } from './locate.js';
export type { ManifestList, ManifestResource } from './flatten.js';
export type { ResourceLocation, Position, SourceDocument } from './source.js';

/** Resources of one document that are handed over at a time. */
const AT_ONCE = 500;

/** What one document holds, or a part of its resources, in the order they were written. */
export interface ManifestPart {
  readonly document: SourceDocument;
  readonly resources: readonly ManifestResource[];
  readonly lists: readonly ManifestList[];
}

/** The files that were read, and what is wrong with their text and their lists. A mistake in one document leaves the others readable. */
export interface ReadManifests extends Pick<FilesRead, 'failures' | 'empty'> {
  readonly files: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface ManifestOptions extends FileOptions {
  /** How to do what nothing interrupts; at once where it is not said. */
  readonly blocking?: Blocking;
}

/**
 * Reads what -f names and hands over every document as soon as it is read, so that nobody has to keep all of them; once
 * `take` has enough, the rest of that file is left unread, which is told as a problem.
 * Throws as readFiles does; what is wrong inside the files is in the result.
 */
export async function readManifests(sources: readonly string[], options: ManifestOptions, take: (part: ManifestPart) => 'more' | 'enough'): Promise<ReadManifests> {
  const { files, failures, empty } = await readFiles(sources, options);
  const names = files.map(({ name }) => name);
  const diagnostics: Diagnostic[] = [];
  const pace = new Pace();
  const next = (): Generator<ManifestPart | Pause> | undefined => {
    const file = files.shift();
    return file && readManifest(file, diagnostics, options.blocking ?? ((work) => work()));
  };
  // The bytes of a file go once they are text: nothing here holds them.
  for (let parts = next(); parts !== undefined; parts = next()) {
    for (const part of parts) {
      if (part === 'pause') {
        await pace.pause();
        continue;
      }
      if (take(part) === 'enough') {
        diagnostics.push(tooManyProblems(part.document));
        break;
      }
      const pause = pace.done(Math.max(part.resources.length, 1));
      if (pause !== undefined) await pause;
    }
  }
  return { files: names, failures, empty, diagnostics };
}

/** All that is wrong, in document order: what reading found, and the problems given. */
export function toDiagnostics({ files, diagnostics }: Pick<ReadManifests, 'files' | 'diagnostics'>, problems: readonly LocatedProblem[]): Diagnostic[] {
  return inDocumentOrder([...diagnostics, ...problems.map(toDiagnostic)], files);
}

/** One file's documents, with what is wrong with them added to `diagnostics`. */
export function readManifest(file: FileBytes, diagnostics: Diagnostic[], blocking: Blocking): Generator<ManifestPart | Pause> {
  return readDecoded(decode(file.name, file.bytes), diagnostics, blocking);
}

function* readDecoded(source: SourceText | Diagnostic, diagnostics: Diagnostic[], blocking: Blocking): Generator<ManifestPart | Pause> {
  if (!(source instanceof SourceText)) {
    diagnostics.push(source);
    return;
  }
  const before = diagnostics.length;
  for (const read of readDocuments(source, blocking)) {
    if (read === 'pause') {
      yield read;
      continue;
    }
    if (read.repeats) diagnostics.push(...repeatedKeyDiagnostics(read.document, read.repeats).slice(0, LIMITS.problemsPerFile));
    if ('failure' in read) diagnostics.push(syntaxDiagnostic(read.document, read.failure));
    else yield* partsOf(read.value, read.document, diagnostics);
    if (diagnostics.length - before < LIMITS.problemsPerFile) continue;
    diagnostics.push(tooManyProblems(read.document));
    break;
  }
}

function* partsOf(value: unknown, document: SourceDocument, diagnostics: Diagnostic[]): Generator<ManifestPart> {
  const flat = flatten(value, document);
  const origin = { source: document, path: WHOLE };
  for (const problem of flat.problems.list.slice(0, LIMITS.problemsPerFile)) diagnostics.push(toDiagnostic({ origin, problem }));
  const { resources, lists } = flat;
  yield { document, resources: resources.slice(0, AT_ONCE), lists };
  for (let from = AT_ONCE; from < resources.length; from += AT_ONCE) yield { document, resources: resources.slice(from, from + AT_ONCE), lists: [] };
}

function tooManyProblems(document: SourceDocument): Diagnostic {
  const { source, end } = document;
  return { code: 'too-many', severity: 'error', file: source.name, ...source.position(end), message: 'too many problems: the rest of the file was not read' };
}
