import { ListedError } from '../base/errors.js';
import { Amendments, namedChoice } from '../changes/amend.js';
import { readOnlyReason } from '../changes/plan.js';
import { writeTargets, type WriteOptions } from '../changes/write.js';
import type { Store } from '../datastore/store.js';
import { targetOf } from '../get/chosen.js';
import type { Filter } from '../get/filter.js';
import type { Selection } from '../objects/selection.js';
import type { Target } from '../objects/target.js';
import type { View } from '../objects/view.js';
import { gather, Tally } from '../output/views/get/gather.js';
import { EditedFile, editorOf } from './editor.js';
import { EditSession, originalsOf, type WrittenEdits } from './edit-session.js';
import type { ExitCode } from './exit-codes.js';
import type { Shell } from './shell.js';

/** What editing takes of a command. */
export interface Editing {
  readonly shell: Shell;
  readonly filter: Filter | undefined;
  connect(): Promise<Store>;
}

/** How the command ends, and whether what was edited is in the store. */
export interface Told {
  readonly ended: ExitCode;
  readonly isWritten: boolean;
}

/**
 * Has what the selections find edited, and writes what was changed. `tell` says what came of it, undefined where nothing was changed.
 * @throws InvalidRequest where there is no editor, ListedError where something is not there, cannot be read or may not be written; what EditSession.run throws
 */
export async function editResources(selections: readonly Selection[], options: WriteOptions, { shell, filter, connect }: Editing, tell: (written: WrittenEdits | undefined) => Promise<Told>): Promise<ExitCode> {
  const editor = await editorOf(shell);
  const store = await connect();
  const originals = originalsOf(await resourcesToEdit(store, selections, filter));
  const file = await EditedFile.create(editor, shell);
  try {
    const session = new EditSession(file, originals, shell);
    const written = await session.run((edits, targets) => writeTargets(store, 'replace', new Amendments(namedChoice(targets), edits, options.sources.uuid), options));
    const { ended, isWritten } = await tell(written);
    if (written !== undefined && !isWritten) await session.keep();
    return ended;
  } finally {
    await file.close();
  }
}

/** What is edited, each resource once. All of it has to be there: whoever names five does not want to edit four. */
async function resourcesToEdit(store: Store, selections: readonly Selection[], filter: Filter | undefined): Promise<readonly { readonly target: Target; readonly view: View }[]> {
  const tally = new Tally();
  const missing: string[] = [];
  const found = new Map<string, { readonly target: Target; readonly view: View }>();
  for (const selection of selections) {
    const { views } = await gather(store, selection, tally, { filter });
    if (views.length === 0) missing.push(...namedIn(selection));
    for (const view of views) {
      const target = targetOf(selection.kind, view);
      found.set(`${selection.kind.dialect} ${target.identity}`, { target, view });
    }
  }
  const lines = [
    ...tally.corrupt.map(({ key, reason }) => `${key} cannot be read: ${reason}`),
    ...[...missing, ...tally.missing, ...tally.unmatched].map((identity) => `resource does not exist: ${identity}`),
  ];
  if (lines.length > 0) throw new ListedError(tally.corrupt.length > 0 ? 'unreadable' : 'missing', lines);
  if (found.size === 0) throw new ListedError('missing', [`no ${[...new Set(selections.map(({ kind }) => kind.kind))].join(' or ')} found`]);
  const resources = [...found.values()];
  const forbidden = resources.flatMap(({ target }) => readOnlyReason(target, 'replace') ?? []);
  if (forbidden.length > 0) throw new ListedError('forbidden', [...new Set(forbidden)]);
  return resources;
}

/** What a selection names, where it names one classic resource; others are counted while they are read. */
function namedIn(selection: Selection): readonly string[] {
  if (selection.by !== 'identity' || selection.wanted.length !== 1) return [];
  const [metadata] = selection.wanted;
  const { kind } = selection;
  return metadata === undefined || (metadata[kind.nameField] ?? '') === '' ? [] : [kind.identityText(metadata)];
}
