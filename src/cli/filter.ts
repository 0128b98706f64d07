import { InvalidRequest } from '../base/errors.js';
import type { Filter } from '../get/filter.js';
import type { Sorting } from '../get/fields.js';
import type { Selection } from '../objects/selection.js';
import type { Dialect } from '../resources/kind.js';

/** The flags that say which of many resources are wanted. */
export interface FilterFlags {
  readonly selector?: string | undefined;
  readonly field?: readonly string[] | undefined;
}

/** Whether flags choose resources by their labels or fields. */
export function isFiltered({ selector, field = [] }: FilterFlags): boolean {
  return selector !== undefined || field.length > 0;
}

/**
 * The filter that flags ask for; undefined where they ask for none. Throws InvalidRequest for a selector or a field that is none, and beside
 * names of stored resources: a name says already which one is meant.
 */
export async function filterOf({ selector, field = [] }: FilterFlags, dialect: Dialect, selections: readonly Selection[]): Promise<Filter | undefined> {
  if (!isFiltered({ selector, field })) return undefined;
  if (selections.some(({ by }) => by === 'name')) throw new InvalidRequest(`--${selector === undefined ? 'field' : 'selector'} cannot be used with a name`, 'leave out one of the two');
  const [{ Filter: Chosen }, { readFieldTest }] = await Promise.all([import('../get/filter.js'), import('../get/fields.js')]);
  return new Chosen(selector === undefined ? undefined : await labelFilter(selector, dialect), field.map(readFieldTest));
}

async function labelFilter(selector: string, dialect: Dialect) {
  const [{ LabelFilter }, { readSelector }] = await Promise.all([import('../policy/label-filter.js'), import('./read-selector.js')]);
  return new LabelFilter(readSelector(selector, dialect));
}

/** How a listing is sorted that --sort-by asks for. Throws InvalidRequest for a path that is none. */
export async function sortingOf(path: string | undefined): Promise<Sorting | undefined> {
  if (path === undefined) return undefined;
  const { readSorting } = await import('../get/fields.js');
  return readSorting(path);
}
