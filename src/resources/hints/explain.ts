import type { Data } from '../../base/data.js';
import { documentFields } from '../document-fields.js';
import type { ClassicKind, Kind, StoredKind } from '../kind.js';
import type { Path, Problem, Problems } from '../problem.js';
import { CLASSIC_KINDS, classicOf, STORED_KINDS } from '../registry.js';
import { stepsToSecret } from '../../text/secret-names.js';
import { withoutSecrets } from '../secrets.js';
import { fieldOf, levelsOf } from './type-tree.js';
import { isWithin } from '../uncertain.js';
import { unknownFieldAdvice, vocabularyOf, type Language } from './unknown-field.js';

let vocabulary: ReadonlySet<string> | undefined;

/**
 * Completes what was found wrong in a document: says of unknown fields what to write instead, and takes out what may be
 * a secret. It takes the whole language to know that, so it is done once there is a problem.
 */
export function explain(kind: Kind, raw: Data, problems: Problems): void {
  if (problems.list.length === 0) return;
  const fields = documentFields(kind);
  const known = (path: Path): boolean => isField(fields, raw, path);
  const meant = meantFields(kind, raw, problems);
  const told = problems.list.filter((problem) => !lacksAny(problem, meant)).map((problem) => withoutSecrets(withHint(kind, raw, problem), raw, known));
  problems.list.splice(0, problems.list.length, ...told);
}

/** The fields that were probably meant by those that nobody knows and that are errors. */
export function meantFields(kind: Kind, raw: Data, { list }: Problems): readonly Path[] {
  return list.filter((problem) => isUnknown(problem) && problem.severity === 'error').flatMap(({ path }) => unknownFieldAdvice(languageOf(kind), raw, path)?.meant ?? []);
}

/** Whether a field is missing only because it, or what it stands in, was misspelt. */
function lacksAny({ code, path, lacks = code === 'required' ? [path] : [] }: Problem, meant: readonly Path[]): boolean {
  return lacks.some((lacking) => meant.some((each) => isWithin(lacking, each)));
}

function isUnknown({ code, message }: Problem): boolean {
  return code === 'unknown-field' && message.startsWith('unknown field');
}

function withHint(kind: Kind, raw: Data, problem: Problem): Problem {
  if (!isUnknown(problem) || problem.hint !== undefined) return problem;
  const hint = unknownFieldAdvice(languageOf(kind), raw, problem.path)?.text;
  return hint === undefined ? problem : { ...problem, hint };
}

/** What hints know of a kind. */
export function languageOf(kind: Kind): Language {
  vocabulary ??= vocabularyOf([...CLASSIC_KINDS, ...STORED_KINDS].map(documentFields));
  const other = kind.dialect === 'v1' ? kind.stored : classicOf(kind);
  return { kind: kind.kind, ...(kind.dialect === 'v1' && { identity: kind.identity }), fields: documentFields(kind), vocabulary, other: other && counterpart(other) };
}

function counterpart(kind: ClassicKind | StoredKind): NonNullable<Language['other']> {
  return { apiVersion: kind.dialect === 'v1' ? 'v1' : 'projectcalico.org/v3', kind: kind.kind, fields: documentFields(kind) };
}

/** Whether a path ends in a field, or in a key of a map with free keys that stands under no secret name. */
function isField(fields: Parameters<typeof levelsOf>[0], raw: Data, path: Path): boolean {
  const above = path.slice(0, -1);
  const level = levelsOf(fields, raw, above).at(-1);
  const name = String(path.at(-1));
  return level?.path.length === above.length ? fieldOf(level.fields, name) !== undefined : stepsToSecret(above) === 0;
}
