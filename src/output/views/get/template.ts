import type { Store } from '../../../datastore/store.js';
import type { Filter } from '../../../get/filter.js';
import { readTemplate } from '../../../go/template/index.js';
import type { TableContext } from '../../../resources/column.js';
import { gather, type GetResult } from './print.js';
import type { Selection } from '../../../objects/selection.js';
import { templateData } from './template-data.js';

export { readTemplate };

export interface TemplateOptions {
  readonly template: ReturnType<typeof readTemplate>;
  readonly context: TableContext;
  readonly filter?: Filter | undefined;
  readonly write: (text: string) => void | Promise<void>;
}

/** Prints what the selections find through a Go template (reference/classic 5.3). */
export async function getWithTemplate(store: Store, selections: readonly Selection[], { template, context, filter, write }: TemplateOptions): Promise<GetResult> {
  const tally = { found: 0, missing: [], unmatched: [], corrupt: [] };
  const gathered = [];
  for (const selection of selections) gathered.push(await gather(store, selection, tally, filter));
  const pieces: string[] = [];
  try {
    template.execute(templateData(gathered), { write: (piece) => pieces.push(piece), config: (name) => setting(name, context) });
  } finally {
    await write(pieces.join(''));
  }
  return tally;
}

function setting(name: string, context: TableContext): string {
  if (name === 'asnumber') return context.globalAsNumber;
  throw new Error(`unhandled config parameter: ${name}`);
}
