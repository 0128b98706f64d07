import { InvalidRequest } from '../base/errors.js';
import { allOf } from '../changes/choose.js';
import type { Choice } from '../changes/amend.js';
import type { LabelChange } from '../changes/label.js';
import { LabelFilter } from '../policy/label-filter.js';
import { labelsType } from '../objects/labels.js';
import { selectionsOf } from '../objects/selection.js';
import { storedKindOf } from '../objects/view.js';
import type { Dialect, Kind } from '../resources/kind.js';
import { pathText, Problems } from '../resources/problem.js';
import { withArticle, type IdentityFlags } from './identifiers.js';
import { readNamed } from './named.js';
import { readSelector } from './read-selector.js';

/** The resources of kinds that `--selector` or `--all` chooses. Throws InvalidRequest. */
export function choiceOf(word: string | undefined, dialect: Dialect, flags: IdentityFlags & { readonly selector?: string | undefined }): { readonly kinds: readonly Kind[]; readonly choice: Choice } {
  if (word === undefined) throw new InvalidRequest('no kind of resource is given', 'write for example: label node --all rack=12');
  if (word.includes('/')) throw new InvalidRequest(`--selector and --all choose among all of a kind: ${word} is one resource`);
  const labels = flags.selector === undefined ? undefined : new LabelFilter(readSelector(flags.selector, dialect));
  const selections = selectionsOf(readNamed([word], dialect, flags, 'amend'), flags['all-namespaces'] === true);
  const choices = selections.map((selection) => (selection.by === 'identity' ? allOf({ kind: selection.kind, metadata: selection.wanted[0] ?? {}, labels }) : allOf({ kind: selection.kind, namespace: selection.namespace, labels })));
  const needs: Choice['needs'] = (wanted) => choices.forEach((choice) => choice.needs(wanted));
  return { kinds: selections.map(({ kind }) => kind), choice: { needs, chosen: (world) => choices.flatMap((choice) => choice.chosen(world)) } };
}

/** Throws InvalidRequest where a kind has no labels, or cannot have these. */
export function checkLabels(kinds: Iterable<Kind>, { set }: LabelChange): void {
  for (const kind of new Set(kinds)) {
    const type = labelsType(kind);
    if (type === undefined) throw new InvalidRequest(`${withArticle(kind.kind)} of the classic dialect has no labels`, `write --dialect v3 to label what is stored, ${withArticle(storedKindOf(kind).kind)}`);
    const problems = new Problems();
    type.decode(Object.fromEntries(set), [], { problems, coerce: false });
    const wrong = problems.list.map(({ path, message }) => `invalid label ${pathText(path)}: ${message}`);
    if (wrong.length > 0) throw new InvalidRequest(wrong.join('; '));
  }
}
