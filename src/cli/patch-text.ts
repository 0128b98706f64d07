import { InvalidRequest, ManifestError } from '../base/errors.js';
import { NotAmended, type Amendment } from '../changes/amend.js';
import { toDiagnostic } from '../manifest/manifests.js';
import { readValue } from '../manifest/value.js';
import { readPatch } from '../objects/patch/read.js';
import { Inapplicable, type Patch, type PatchType } from '../objects/patch/patch.js';
import { documentFields } from '../resources/document-fields.js';
import type { AnyDocument } from '../resources/kind.js';
import { Problems, type Problem } from '../resources/problem.js';
import { kindOfDocument } from '../resources/registry.js';
import type { ByteStream } from '../base/byte-stream.js';
import { readWhole } from '../manifest/input.js';

/** Where a patch is given: its text, or a file of it. `-` stands for standard input in both. */
export interface PatchFlags {
  readonly patch?: string | undefined;
  readonly 'patch-file'?: string | undefined;
}

/** What reads a patch that is not on the command line. */
export interface PatchSource {
  readonly stdin: ByteStream;
  readText(path: string): Promise<string>;
}

/**
 * The text of a patch, and what it is called in messages.
 * @throws InvalidRequest where none is given
 */
export async function patchText({ patch, 'patch-file': file }: PatchFlags, source: PatchSource): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  if (patch === '-' || file === '-') return { name: '<stdin>', bytes: await readWhole(source.stdin, () => undefined) };
  if (file !== undefined) return { name: file, bytes: Buffer.from(await source.readText(file)) };
  if (patch === undefined) throw new InvalidRequest('no patch is given', "write for example -p '{\"spec\": {\"order\": 10}}', or --patch-file FILE");
  return { name: 'patch', bytes: Buffer.from(patch) };
}

/**
 * The change that a patch asks for.
 * @param several whether several resources are patched, so that messages say which
 * @throws ManifestError where it is no patch
 */
export function patchAmendment(type: PatchType, { name, bytes }: { readonly name: string; readonly bytes: Buffer }, several: boolean): Amendment {
  const { value, origin } = readValue(name, bytes);
  // In YAML nothing is null, and null takes a field away: more often a variable of a script was empty.
  if (countNulls(value) > (bytes.toString().match(/\bnull\b|~/gi) ?? []).length) throw new ManifestError([toDiagnostic({ origin, problem: { code: 'value', severity: 'error', path: [], message: 'a value is missing', hint: 'write null for a field that is to go' } })]);
  const problems = new Problems();
  const patch = readPatch(type, value, problems);
  if (patch === undefined) throw new ManifestError(problems.list.map((problem) => toDiagnostic({ origin, problem })));
  return {
    amend: (document) => patched(document, patch),
    locate: (problem, { identity }) => toDiagnostic({ origin, problem: inPatch(problem, patch, several ? identity : undefined) }),
  };
}

function patched(document: AnyDocument, patch: Patch): unknown {
  const kind = kindOfDocument(document.apiVersion, document.kind);
  try {
    return patch.apply({ ...document }, kind && { fields: documentFields(kind) });
  } catch (error) {
    if (error instanceof Inapplicable) throw new NotAmended('precondition', error.message);
    throw error;
  }
}

function countNulls(value: unknown): number {
  if (value === null) return 1;
  return typeof value === 'object' ? Object.values(value as Record<string, unknown>).reduce<number>((sum, each) => sum + countNulls(each), 0) : 0;
}

function inPatch(problem: Problem, patch: Patch, identity: string | undefined): Problem {
  const { path, message, shownPath = path } = problem;
  return { ...problem, path: patch.source(path), shownPath, ...(identity === undefined ? {} : { message: `${message} (${identity})` }) };
}
