import type { Store } from '../datastore/store.js';
import type { TableContext } from '../resources/column.js';
import { keyOf } from '../resources/keys.js';
import { plainText } from '../resources/plain-text.js';
import { isCorrupt, decodeStored } from '../resources/stored-value.js';
import { bgpConfiguration } from '../resources/v3/bgp-configuration.js';
import type { Format } from './format.js';
import type { Selection } from '../objects/selection.js';
import { storedKindOf } from '../objects/view.js';

/** The AS number of nodes that have none of their own, unless configured (reference/storage 3.10). */
const DEFAULT_AS_NUMBER = '64512';

/** What the tables of these selections need to know besides their rows; read only where a column shows it. */
export async function tableContext(store: Store, selections: readonly Selection[], format: Format['name']): Promise<TableContext> {
  const template = format === 'template' || format === 'template-file';
  const shown = format === 'wide' || format === 'columns' || template;
  const nodes = selections.some(({ kind }) => storedKindOf(kind).kind === 'Node');
  return { globalAsNumber: shown && (nodes || template) ? await globalAsNumber(store) : DEFAULT_AS_NUMBER };
}

async function globalAsNumber(store: Store): Promise<string> {
  const entry = await store.get(keyOf(bgpConfiguration, 'default'));
  if (entry === undefined) return DEFAULT_AS_NUMBER;
  const object = decodeStored(bgpConfiguration, entry);
  if (isCorrupt(object)) return 'unknown';
  return plainText(object.spec.asNumber, DEFAULT_AS_NUMBER);
}
