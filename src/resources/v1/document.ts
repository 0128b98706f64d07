import { isMap, spellingIn, type Data } from '../../base/data.js';
import { field, type Decoding } from '../fields/field.js';
import { objectOf, type ObjectType } from '../fields/object.js';
import { text } from '../fields/scalars.js';
import type { ClassicDocument, ClassicKind } from '../kind.js';
import { Problems, type Problem } from '../problem.js';
import { belongsUnder } from './sections.js';
import { addRefusals } from './refusal.js';

const types = new Map<ClassicKind, ObjectType>();

/** The type of a whole document of a kind. */
export function classicDocumentType(kind: ClassicKind): ObjectType {
  let type = types.get(kind);
  if (type === undefined) {
    type = objectOf(
      `a ${kind.kind}`,
      [
        field('kind', text(), { write: 'always' }),
        field('apiVersion', text(), { write: 'always', goName: 'APIVersion' }),
        field('metadata', kind.metadata, { write: 'always' }),
        field('spec', kind.spec, { write: 'always' }),
      ],
      { misplaced: { ...belongsUnder('spec', kind.spec.fields), ...belongsUnder('metadata', kind.metadata.fields) } },
    );
    types.set(kind, type);
  }
  return type;
}

/**
 * Reads a classic document as the classic tool reads it, into the form in which that prints it (reference/classic 1, reference/classic 3.4).
 * Everything wrong goes to `problems`, at the places as they are written; the result is worth converting only if none
 * of it is an error. Identifiers may be missing.
 * @param stored the document is going to be stored, so that what Calico 3.32 refuses of it is an error too
 */
export function readClassicDocument(kind: ClassicKind, raw: Data, problems: Problems, stored = true): ClassicDocument | undefined {
  const found = new Problems();
  const document = decode(kind, raw, { problems: found, coerce: true });
  if (stored && document !== undefined && !found.failed) addRefusals(kind, document, found);
  for (const problem of found.list) problems.list.push(asWritten(problem, raw));
  return document;
}

/** A document that is already in the form in which it is printed, or undefined where v1 could not have accepted it. */
export function checkedDocument(kind: ClassicKind, raw: ClassicDocument): ClassicDocument | undefined {
  const to: Decoding = { problems: new Problems(), coerce: false };
  const document = decode(kind, raw as unknown as Data, to);
  return to.problems.failed ? undefined : document;
}

function decode(kind: ClassicKind, raw: Data, to: Decoding): ClassicDocument | undefined {
  const document = classicDocumentType(kind).decode(raw, [], to) as ClassicDocument | undefined;
  if (document === undefined) return undefined;
  // A section that is not a map is missing now, and reported.
  const sections: Partial<ClassicDocument> = document;
  sections.metadata ??= {};
  sections.spec ??= {};
  kind.check?.(document, to.problems);
  kind.applyDefaults?.(document);
  return document;
}

/** Fields that are read back as another one (reference/classic 1.10), and fields that v3 makes of another one. */
const WRITTEN_AS: Readonly<Record<string, string>> = { nets: 'net', notNets: 'notNet', selector: 'tag', notSelector: 'notTag' };

/** A problem at the place where the document has it: keys are read regardless of their letter case. */
function asWritten(problem: Problem, raw: Data): Problem {
  let at: unknown = raw;
  const path: (string | number)[] = [];
  for (const step of problem.path) {
    if (!isMap(at)) path.push(step);
    else {
      const key = spellingIn(at, String(step)) ?? spellingIn(at, WRITTEN_AS[step] ?? '');
      path.push(key ?? step);
      // A single value stands where a list was read.
      if (key !== undefined && key.toLowerCase() !== String(step).toLowerCase()) return { ...problem, path };
    }
    at = (at as Data | undefined)?.[path.at(-1)!];
  }
  return { ...problem, path };
}

