import type { Store } from '../../../datastore/store.js';
import type { Format, PlainFormat } from '../../../get/format.js';
import { tableContext } from '../../../get/table-context.js';
import type { TableContext } from '../../../resources/column.js';
import type { Selection } from '../../../objects/selection.js';
import type { GetResult } from './gather.js';
import { checkColumns, get, type GetOptions } from './print.js';

/** A format, and the text of its template where it has one. */
export type ReadFormat = PlainFormat | { readonly name: Exclude<Format, PlainFormat>['name']; readonly text: string };

/** What prints selections in a format. Everything that can be wrong with the format is found before anything is read: throws InvalidRequest or CalicoError. */
export async function printerOf(selections: readonly Selection[], format: ReadFormat, { room, ...options }: Omit<GetOptions, 'format' | 'context'> & Pick<TableContext, 'room'>): Promise<(store: Store) => Promise<GetResult>> {
  if (!('text' in format)) {
    checkColumns(selections, format);
    return async (store) => get(store, selections, { ...options, format, context: { ...(await tableContext(store, selections, format.name)), room } });
  }
  const { getWithJsonPath, getWithTemplate, readTemplate } = await import('./template.js');
  const context = (store: Store): ReturnType<typeof tableContext> => tableContext(store, selections, format.name);
  if (format.name === 'template' || format.name === 'template-file') {
    const template = readTemplate(format.text);
    return async (store) => getWithTemplate(store, selections, template, { ...options, context: await context(store) });
  }
  const { readJsonPath } = await import('../../../go/jsonpath/template.js');
  const template = readJsonPath(format.text, '-o jsonpath');
  return async (store) => getWithJsonPath(store, selections, template, { ...options, context: await context(store) });
}
