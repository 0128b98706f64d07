import type { Exported } from '../../../changes/migrate/export.js';
import { PART } from '../../../changes/migrate/kinds.js';
import { goJsonIndented } from '../../../go/indented-json.js';
import { API_VERSION } from '../../../resources/v3/document.js';
import { safe } from '../../../text/safe.js';
import { yamlListObject } from '../../formats/lists.js';
import type { CommandReport } from '../report.js';

/** An export word for word as the official tool prints it (reference/storage 5.4), in pieces: a list of each kind, ClusterInformation, address management. */
export function* exportText({ revision, lists, cluster, ipam }: Exported): Generator<string> {
  for (const { kind, items } of lists) {
    const list = yamlListObject({ kind: `${kind.kind}List`, apiVersion: API_VERSION, metadata: { resourceVersion: revision } });
    for (const item of items) yield list.place(list.render(item));
    yield `${list.end()}---\n`;
  }
  yield `${PART}${goJsonIndented(cluster)}\n${PART}${goJsonIndented(ipam)}\n`;
}

/** What an import says at its end, as the official tool does. */
export const IMPORTED = 'Datastore information successfully imported. Please refer to the datastore migration documentation for next steps.\n';

/** `Successfully applied 7 IPAM resource(s)` */
export function recordsLine(count: number): string {
  return count === 0 ? 'No IPAM resources specified in file\n' : `Successfully applied ${count} IPAM resource(s)\n`;
}

/** What an import would do: what is said of the resources, then the keys of address management that would come. */
export function importPreview(resources: CommandReport, records: ReadonlyMap<string, string>): CommandReport {
  if (resources.meaning !== 'done') return resources;
  const lines = ['would lock the datastore', ...Array.from(records.keys(), (key) => `would create ${safe(key)}`)];
  return { ...resources, stdout: resources.stdout + lines.map((line) => `${line}\n`).join('') };
}
