import type { Diagnostic } from '../errors.js';
import { decode } from './decode.js';
import { readDocuments } from './documents.js';
import { readFiles } from './files.js';
import type { ByteStream, FileBytes } from './files.js';
import { flatten } from './flatten.js';
import type { ManifestList, ManifestResource } from './flatten.js';
import { LIMITS } from './limits.js';
import { inDocumentOrder, repeatedKeyDiagnostics, syntaxDiagnostic, toDiagnostic } from './locate.js';
import type { LocatedProblem } from './locate.js';
import { originAt, SourceText } from './source.js';
import type { SourceDocument } from './source.js';

export { locate } from './locate.js';
export type { LocatedProblem } from './locate.js';
export type { ManifestList, ManifestResource } from './flatten.js';
export type { Origin, Position } from './source.js';

const DOCUMENTS_AT_ONCE = 500;

/** One file's resources in the order they were written; none where the file is empty. */
export interface ManifestFile {
  readonly name: string;
  readonly resources: readonly ManifestResource[];
  readonly lists: readonly ManifestList[];
}

/** What the files hold, and what is wrong with their text and their lists. A mistake in one document leaves the others readable. */
export interface Manifests {
  readonly files: readonly ManifestFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads every resource of what -f names. Throws as readFiles does; what is wrong inside the files is in the result. */
export async function readManifests(sources: readonly string[], options: { readonly recursive?: boolean; readonly stdin: ByteStream }): Promise<Manifests> {
  const read: ReadManifest[] = [];
  for (const file of await readFiles(sources, options)) {
    const reading = readInParts(file);
    let part = reading.next();
    for (; part.done !== true; part = reading.next()) await breath();
    read.push(part.value);
  }
  return { files: read, diagnostics: read.flatMap(({ diagnostics }) => diagnostics) };
}

/** All that is wrong, in document order: what reading found, and the problems given. */
export function toDiagnostics(manifests: Manifests, problems: readonly LocatedProblem[]): Diagnostic[] {
  const names = manifests.files.map(({ name }) => name);
  return inDocumentOrder([...manifests.diagnostics, ...problems.map(toDiagnostic)], names);
}

/** Lets whatever waits have its turn: an interruption, in the middle of long reading. */
export function breath(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

type ReadManifest = ManifestFile & { readonly diagnostics: readonly Diagnostic[] };

/** One file's resources, and what is wrong with it. */
export function readManifest(file: FileBytes): ReadManifest {
  const reading = readInParts(file);
  let part = reading.next();
  while (part.done !== true) part = reading.next();
  return part.value;
}

/** Stops after every so many documents. */
function* readInParts({ name, bytes }: FileBytes): Generator<void, ReadManifest> {
  const source = decode(name, bytes);
  const resources: ManifestResource[] = [];
  const lists: ManifestList[] = [];
  if (!(source instanceof SourceText)) return { name, resources, lists, diagnostics: [source] };
  const diagnostics: Diagnostic[] = [];
  let documents = 0;
  for (const read of readDocuments(source)) {
    if (++documents % DOCUMENTS_AT_ONCE === 0) yield;
    if (read.repeats) diagnostics.push(...repeatedKeyDiagnostics(read.document, read.repeats).slice(0, LIMITS.problemsPerFile));
    if ('failure' in read) diagnostics.push(syntaxDiagnostic(read.document, read.failure));
    else {
      const flat = flatten(read.value, read.document);
      for (const resource of flat.resources) resources.push(resource);
      for (const list of flat.lists) lists.push(list);
      const origin = originAt(read.document, []);
      for (const problem of flat.problems.list.slice(0, LIMITS.problemsPerFile)) diagnostics.push(toDiagnostic({ origin, problem }));
    }
    if (diagnostics.length < LIMITS.problemsPerFile) continue;
    diagnostics.push(tooManyProblems(read.document));
    break;
  }
  return { name, resources, lists, diagnostics };
}

function tooManyProblems(document: SourceDocument): Diagnostic {
  const { source, end } = document;
  return { code: 'too-many', severity: 'error', file: source.name, ...source.position(end), message: 'too many problems: the rest of the file was not read' };
}
