import { InvalidRequest } from '../base/errors.js';
import type { Store } from '../datastore/store.js';
import type { Filter } from '../get/filter.js';
import { isPlain, type Format } from '../get/format.js';
import { tableContext } from '../get/table-context.js';
import type { Selection } from '../objects/selection.js';
import { printWatch } from '../output/views/watch/print.js';
import { checkWatch } from '../output/views/watch/sheets.js';
import { readWatchTemplate } from '../output/views/watch/template.js';
import { sortingOf } from './filter.js';
import type { Shell } from './shell.js';

/** What is watched, how it is shown, and where it is. */
export interface Following {
  readonly format: Format;
  readonly filter: Filter | undefined;
  /** The other flags of `get`. */
  readonly given: { readonly export?: boolean; readonly store?: string | undefined; readonly at?: string | undefined; readonly 'sort-by'?: string | undefined; readonly 'no-headers'?: boolean; readonly 'show-labels'?: boolean };
  readonly connect: () => Promise<Store>;
}

/** Prints what is selected, and then each change, until the command is interrupted or nobody reads any more. What is wrong with flags and format is found before anything is read: throws InvalidRequest. */
export async function follow(shell: Shell, selections: readonly Selection[], { format, filter, given, connect }: Following): Promise<never> {
  const misfit = given.export === true ? '--export' : given.store !== undefined ? '--store' : given.at === undefined ? undefined : '--at';
  if (misfit !== undefined) throw new InvalidRequest(`${misfit} cannot be used with a watch`, `leave out ${misfit}, or use get`);
  const template = isPlain(format) ? undefined : readWatchTemplate(format.name, 'text' in format ? format.text : await shell.readText(format.path));
  const shown = { noHeaders: given['no-headers'], showLabels: given['show-labels'], sorting: await sortingOf(given['sort-by']) };
  checkWatch(format, selections, shown);
  const store = await connect();
  const context = { ...(await tableContext(store, selections, format.name)), room: shell.room };
  return printWatch(store, selections, { ...shown, format, filter, context, template, write: shell.outLines, note: shell.note, hint: shell.hint });
}
