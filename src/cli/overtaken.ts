import type { Refused } from '../changes/plan.js';
import type { Store } from '../datastore/store.js';
import type { CommandReport } from '../output/views/report.js';

/** A report with what others changed since the documents were read, where that is why something is refused. Throws DatastoreError. */
export async function withOvertaken(report: CommandReport, refused: readonly Refused[], store: Store): Promise<CommandReport> {
  if (!refused.some(({ overtaken }) => overtaken !== undefined)) return report;
  const view = await import('../output/views/changes/overtaken.js');
  return view.withOvertaken(report, refused, store);
}
