import type { Store } from '../../../datastore/store.js';
import type { JsonPathTemplate } from '../../../go/jsonpath/template.js';
import { readTemplate } from '../../../go/template/index.js';
import { API_VERSION } from '../../../resources/v3/document.js';
import type { TableContext } from '../../../resources/column.js';
import { gather, sorted, Tally, type Gathered, type GetResult, type Wanted } from './gather.js';
import type { Selection } from '../../../objects/selection.js';
import { templateData } from './template-data.js';

export { readTemplate };

export interface TemplateOptions extends Wanted {
  readonly context: TableContext;
  readonly write: (text: string) => void | Promise<void>;
}

/** Prints what the selections find through a Go template (reference/classic 5.3). */
export async function getWithTemplate(store: Store, selections: readonly Selection[], template: ReturnType<typeof readTemplate>, options: TemplateOptions): Promise<GetResult> {
  const tally = new Tally();
  const gathered = [];
  for (const selection of selections) gathered.push(await gather(store, selection, tally, options));
  const pieces: string[] = [];
  try {
    template.execute(templateData(gathered), { write: (piece) => pieces.push(piece), config: (name) => setting(name, options.context) });
  } finally {
    await options.write(pieces.join(''));
  }
  return tally;
}

function setting(name: string, context: TableContext): string {
  if (name === 'asnumber') return context.globalAsNumber;
  throw new Error(`unhandled config parameter: ${name}`);
}

/** Prints what the selections find through a template of kubectl's form: nothing where one resource was asked for that does not exist. */
export async function getWithJsonPath(store: Store, selections: readonly Selection[], template: JsonPathTemplate, options: TemplateOptions): Promise<GetResult> {
  const tally = new Tally();
  const gathered: Gathered[] = [];
  for (const selection of selections) gathered.push(await gather(store, selection, tally, options));
  const seen = jsonPathData(gathered, options);
  if (seen !== undefined) await options.write(template.print(seen));
  return tally;
}

/** What such a template sees, as kubectl shows it: the one resource that was named, else a list with `items`, in either dialect. */
function jsonPathData(gathered: readonly Gathered[], { sorting }: Wanted): unknown {
  const views = gathered.flatMap((each) => each.views);
  const items = (sorting === undefined ? views : sorted(views, (view) => view, sorting)).map(({ document }) => document);
  const [only] = gathered;
  if (only === undefined || gathered.length > 1) return { kind: 'List', apiVersion: 'v1', metadata: {}, items };
  const { selection, revision } = only;
  if (isOne(selection)) return items[0];
  const { kind } = selection;
  return kind.dialect === 'v1' ? { kind: `${kind.kind}List`, apiVersion: 'v1', metadata: {}, items } : { kind: `${kind.kind}List`, apiVersion: API_VERSION, metadata: { resourceVersion: revision }, items };
}

/** Whether a selection can find one resource only. */
function isOne(selection: Selection): boolean {
  if (selection.by !== 'identity') return selection.by === 'name';
  const { kind, wanted } = selection;
  return wanted.length === 1 && wanted.every((metadata) => kind.missingIdentifiers(metadata, 'get').length === 0);
}
