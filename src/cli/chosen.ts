import type { Store } from '../datastore/store.js';
import { chosenTargets } from '../get/chosen.js';
import { selectionsOf } from '../objects/selection.js';
import type { Target } from '../objects/target.js';
import { InvalidRequest } from '../base/errors.js';
import type { Dialect } from '../resources/kind.js';
import { safe } from '../text/safe.js';
import { filterOf, type FilterFlags } from './filter.js';
import type { IdentityFlags } from './identifiers.js';
import { readNamed } from './named.js';
import type { Shell } from './shell.js';

/** Flags of a verb that changes what they choose. */
export interface ChoosingFlags extends FilterFlags, IdentityFlags {
  readonly filename?: readonly string[] | undefined;
}

/** What reading the chosen resources takes of a command. */
export interface Choosing {
  readonly dialect: Dialect;
  readonly shell: Shell;
  connect(): Promise<Store>;
}

/**
 * The resources that `KIND[,KIND...] --selector ... --field ...` chooses, for a verb that changes them; what cannot be read is named
 * on stderr, and that nothing is chosen too. Throws InvalidRequest where names or files are given beside, or a flag is wrong.
 */
export async function chosenBy(words: readonly string[], flags: ChoosingFlags, { dialect, shell, connect }: Choosing): Promise<readonly Target[]> {
  if (flags.filename !== undefined) throw new InvalidRequest('--selector and --field do not go with -f', 'the manifests say which resources are meant');
  const [kinds, ...names] = words;
  if (kinds === undefined) throw new InvalidRequest('no kind of resource is given', 'write for example: policy --selector "has(old)"');
  if (names.length > 0) throw new InvalidRequest('--selector and --field cannot be used with a name', 'leave out one of the two');
  const selections = selectionsOf(readNamed(words, dialect, flags, 'delete'), flags['all-namespaces'] === true);
  const filter = await filterOf(flags, dialect, selections);
  if (filter === undefined) throw new Error('chosenBy without a filter');
  const { targets, corrupt } = await chosenTargets(await connect(), selections, filter);
  for (const { key, reason } of corrupt) await shell.note(safe(`${key} cannot be read: ${reason}`));
  if (targets.length === 0) await shell.note(`no ${selections.map(({ kind }) => kind.kind).join(' or ')} found`);
  return targets;
}
