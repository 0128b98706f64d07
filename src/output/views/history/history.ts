import { goJson } from '../../../go/json.js';
import { goJsonIndented } from '../../../go/indented-json.js';
import type { History, PastEvent } from '../../../history/history.js';
import type { Difference } from '../../../objects/differences.js';
import { selectionIdentity, type Selection } from '../../../objects/selection.js';
import { pathText } from '../../../resources/problem.js';
import { safe } from '../../../text/safe.js';
import { noColours, type Colours } from '../../theme/colours.js';
import { differencesData } from '../changes/document-diff.js';
import type { CommandReport } from '../report.js';

/** The most characters of a value that are shown to people; -o json has all. */
const LONGEST = 60;
const INDENT = ' '.repeat(4);

export interface HistoryOptions {
  readonly json: boolean;
  readonly limit: number;
  readonly colours?: Colours;
}

/** What `history` prints: what became of what, the newest first, and what is before that. */
export function historyReport(history: History, selections: readonly Selection[], { json, limit, colours = noColours }: HistoryOptions): CommandReport {
  const { events, before, oldest } = history;
  if (json) return { stdout: historyData(history), stderr: [], meaning: 'done' };
  const stderr = [
    ...(events.length === 0 ? [`no change of ${safe(selections.length > 1 ? 'anything' : selections.map(selectionIdentity).join(''))} is known`] : []),
    ...(before === 'more' ? [`there are earlier changes: --limit ${limit * 2} shows more`] : []),
    ...(before === 'compacted' ? [beforeText(oldest)] : []),
  ];
  return { stdout: events.length === 0 ? '' : historyText(events, colours), stderr, meaning: 'done' };
}

/** From which revision on etcd knows what was. */
export function beforeText(oldest: string | undefined): string {
  return `nothing is known of what was before revision ${oldest ?? '?'}`;
}

function historyData({ revision, events, before, oldest }: History): string {
  const changes = events.map(({ name, changed, ...event }) => ({ revision: event.revision, event: event.event, resource: name, changes: differencesData(changed.differences) }));
  return `${goJsonIndented({ revision, before, ...(oldest === undefined ? {} : { oldest }), changes })}\n`;
}

function historyText(events: readonly PastEvent[], colours: Colours): string {
  // The newest comes first: no revision is longer.
  const width = Math.max('REVISION'.length, events[0]?.revision.length ?? 0) + 3;
  const line = (revision: string, event: string, resource: string): string => `${revision.padEnd(width)}${event.padEnd(11)}${resource}\n`;
  return line('REVISION', 'EVENT', 'RESOURCE') + events.map((each) => line(each.revision, each.event, colours.name(safe(each.name))) + fieldLines(each, colours)).join('');
}

/** The fields that a modification changed. What a resource was as a whole, when it came or went, is in -o json. */
function fieldLines({ event, changed }: PastEvent, colours: Colours): string {
  if (event !== 'modified') return '';
  if (changed.differences.length === 0) return `${INDENT}(written again, with nothing changed)\n`;
  return changed.differences.map((difference) => `${INDENT}${fieldLine(difference, colours)}\n`).join('');
}

function fieldLine({ path, ...values }: Difference, colours: Colours): string {
  const place = safe(pathText(path));
  if (!('before' in values)) return colours.good(`+ ${place}: ${valueText(values.after)}`);
  if (!('after' in values)) return colours.bad(`- ${place}: ${valueText(values.before)}`);
  return `~ ${place}: ${colours.bad(valueText(values.before))} -> ${colours.good(valueText(values.after))}`;
}

function valueText(value: unknown): string {
  const text = safe(typeof value === 'string' ? value : goJson(value));
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
