import type { ShownChange } from '../../../changes/diff.js';
import { goJsonIndented } from '../../../go/indented-json.js';
import { nameOf } from '../../../objects/reference.js';
import type { Colours } from '../../theme/colours.js';
import { differencesData, documentDiff } from './document-diff.js';

/** Changes as unified text, one after the other. `before` says where the other side was read. */
export async function* diffText(changes: Iterable<ShownChange>, colours: Colours, before: string): AsyncGenerator<string> {
  for (const { target, changed } of changes) {
    const place = target.place?.();
    yield await documentDiff({ name: nameOf(target), ...changed, titles: { before, ...(place === undefined ? {} : { after: place }) } }, colours);
  }
}

/** Changes as a JSON list: each resource, what would become of it, and each place that would change. */
export function* diffJson(changes: Iterable<ShownChange>): Generator<string> {
  let count = 0;
  for (const { target, result, changed } of changes) {
    const { kind, apiVersion } = target.document;
    yield `${count++ === 0 ? '[\n  ' : ',\n  '}${goJsonIndented({ kind, apiVersion, name: nameOf(target), result, changes: differencesData(changed.differences) }, 1)}`;
  }
  yield count === 0 ? '[]\n' : '\n]\n';
}
