import { InvalidRequest } from '../base/errors.js';
import type { Filter } from '../get/filter.js';
import type { Selection } from '../objects/selection.js';
import type { Dialect } from '../resources/kind.js';

/** The flags that say which of many resources are wanted. */
export interface FilterFlags {
  readonly selector?: string | undefined;
}

/**
 * The filter that flags ask for; undefined where they ask for none. Throws InvalidRequest for a selector that is none, and beside names
 * of stored resources: a name says already which one is meant.
 */
export async function filterOf({ selector }: FilterFlags, dialect: Dialect, selections: readonly Selection[]): Promise<Filter | undefined> {
  if (selector === undefined) return undefined;
  if (selections.some(({ by }) => by === 'name')) throw new InvalidRequest('--selector cannot be used with a name', 'leave out one of the two');
  const { readSelector } = await import('./read-selector.js');
  const [{ Filter: Chosen }, { LabelFilter }] = await Promise.all([import('../get/filter.js'), import('../policy/label-filter.js')]);
  return new Chosen(new LabelFilter(readSelector(selector, dialect)));
}
