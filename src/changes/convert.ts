import { ListedError } from '../base/errors.js';
import { presentable } from '../objects/view.js';
import { Pace } from '../base/pace.js';
import { goJsonIndented } from '../go/indented-json.js';
import { goYaml } from '../go/yaml.js';
import type { AnyDocument, ClassicDocument, ClassicKind, Dialect } from '../resources/kind.js';
import { Problems, pathText } from '../resources/problem.js';
import { classicOf } from '../resources/registry.js';
import { classicView } from '../resources/v1/view.js';
import { readStoredDocument } from '../resources/v3/document.js';
import type { Target } from '../objects/target.js';

export interface ConvertOptions {
  readonly to: Dialect;
  readonly format: 'yaml' | 'json';
  /** Converts also what Calico would refuse. */
  readonly ignoreValidation: boolean;
}

/**
 * The documents in another dialect, in order, as a manifest: YAML with a separator between them, or a JSON list; in pieces, of
 * which the first comes when it is clear that all will. Those that are in the dialect already stay as they are, and so do v3
 * objects that the classic language cannot express.
 * @throws CalicoError where Calico would refuse a converted document, unless that is to be ignored
 */
export async function* convertedText(targets: readonly Target[], options: ConvertOptions): AsyncGenerator<string> {
  const pace = new Pace();
  if (options.to === 'v3' && !options.ignoreValidation) await refuse(targets, pace);
  const { before, between, after, print } = FORMATS[options.format];
  let text = before;
  for (const [index, target] of targets.entries()) {
    text += (index === 0 ? '' : between) + print(options.to === 'v1' ? toClassic(target) : toCalico(target));
    const pause = pace.done();
    if (pause === undefined) continue;
    yield text;
    text = '';
    await pause;
  }
  yield text + after;
}

const FORMATS = {
  yaml: { before: '', between: '---\n', after: '', print: (document: AnyDocument) => goYaml(document) },
  json: { before: '[\n  ', between: ',\n  ', after: '\n]\n', print: (document: AnyDocument) => goJsonIndented(document, 1) },
} as const;

async function refuse(targets: readonly Target[], pace: Pace): Promise<void> {
  const failures: string[] = [];
  await pace.each(targets, (target) => {
    if (target.kind.dialect === 'v1') failures.push(...refusals(target, target.kind));
  });
  if (failures.length === 0) return;
  throw new ListedError('invalid-document', ['Converted manifest resource(s) failed validation:', ...failures], { hint: (option) => `run it again with ${option('ignore-validation')} to see what the conversion gives` });
}

function toCalico({ kind, document }: Target): AnyDocument {
  // Not `target.object`: that is dressed up to be stored, with defaults and the document's own words.
  return kind.dialect === 'v3' ? document : presentable(kind.convert(document as ClassicDocument));
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
