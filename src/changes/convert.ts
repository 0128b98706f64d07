import { ListedError } from '../errors.js';
import { ExitCode } from '../exit-codes.js';
import { presentable } from '../get/view.js';
import { goJsonIndented } from '../output/json.js';
import { goYaml } from '../output/yaml.js';
import type { AnyDocument, ClassicDocument, ClassicKind, Dialect } from '../resources/kind.js';
import { Problems, pathText } from '../resources/problem.js';
import { classicOf } from '../resources/registry.js';
import { classicView } from '../resources/v1/view.js';
import { readStoredDocument } from '../resources/v3/document.js';
import type { Target } from './target.js';

/**
 * The documents in another dialect, in order. Those that are in it already stay as they are, and so do v3 objects that
 * the classic language cannot express.
 * @throws CommandError where Calico would refuse a converted document, unless that is to be ignored
 */
export function convertTargets(targets: readonly Target[], to: Dialect, options: { readonly ignoreValidation: boolean }): readonly AnyDocument[] {
  if (to === 'v1') return targets.map(toClassic);
  const failures: string[] = [];
  const documents = targets.map((target) => {
    const { kind, document } = target;
    if (kind.dialect === 'v3') return document;
    if (!options.ignoreValidation) failures.push(...refusals(target, kind));
    // Not `target.object`: that is dressed up to be stored, with defaults and the document's own words.
    return presentable(kind.convert(document as ClassicDocument));
  });
  if (failures.length === 0) return documents;
  throw new ListedError(['Converted manifest resource(s) failed validation:', ...failures], ExitCode.manifest, "run it again with --ignore-validation to see what the conversion gives");
}

/** What Calico's own conversion, or Calico after it, would refuse. */
function refusals(target: Target, kind: ClassicKind): readonly string[] {
  const problems = new Problems();
  const refused = kind.converterProblem?.(target.document as ClassicDocument);
  if (refused !== undefined) return [`${target.place?.() ?? target.identity}: ${refused.message}`];
  readStoredDocument(target.stored, structuredClone(target.object), problems);
  const errors = problems.list.filter((problem) => problem.severity === 'error');
  return errors.map((problem) => `${target.place?.() ?? target.identity}: ${pathText(problem.path)}: ${problem.message}`);
}

function toClassic(target: Target): AnyDocument {
  if (target.kind.dialect === 'v1') return target.document;
  const kind = classicOf(target.kind);
  if (kind === undefined) return target.document;
  const { document, exact } = classicView(kind, target.object);
  return exact ? document : target.document;
}

/** Documents as a manifest: YAML with a separator between them, or a JSON list. */
export function documentsText(documents: readonly AnyDocument[], format: 'yaml' | 'json'): string {
  if (format === 'json') return `${goJsonIndented(documents)}\n`;
  return documents.map((document) => goYaml(document)).join('---\n');
}
