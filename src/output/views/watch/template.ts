import type { Format, PlainFormat } from '../../../get/format.js';
import type { Sighting } from '../../../get/watch.js';
import { readJsonPath } from '../../../go/jsonpath/template.js';
import { readTemplate } from '../../../go/template/index.js';
import type { TableContext } from '../../../resources/column.js';
import { templateData } from '../get/template-data.js';

/** What a template makes of a sighting. Throws CalicoError where it does not fit. */
export type WatchTemplate = (sighting: Sighting, context: TableContext) => string;

/**
 * Reads a template for a watch. One of Go sees what `get` of that one resource gives it, and has `config "event"` and
 * `config "revision"` besides; one of kubectl's form sees the document. Throws CalicoError where it is none.
 */
export function readWatchTemplate(format: Exclude<Format, PlainFormat>['name'], text: string): WatchTemplate {
  if (format === 'jsonpath' || format === 'jsonpath-file') {
    const path = readJsonPath(text, '-o jsonpath');
    return ({ view }) => path.print(view.document);
  }
  const template = readTemplate(text);
  return ({ selection, event, revision = '', view }, context) => {
    const pieces: string[] = [];
    const settings: Readonly<Record<string, string>> = { asnumber: context.globalAsNumber, event, revision };
    template.execute(templateData([{ selection, revision, views: [view] }]), { write: (piece) => pieces.push(piece), config: (name) => settingOf(settings, name) });
    return pieces.join('');
  };
}

function settingOf(settings: Readonly<Record<string, string>>, name: string): string {
  const value = settings[name];
  if (value === undefined) throw new Error(`unhandled config parameter: ${name}`);
  return value;
}
