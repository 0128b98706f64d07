import { goJson } from '../../../go/json.js';
import { goJsonIndented } from '../../../go/indented-json.js';
import type { History, PastEvent } from '../../../history/history.js';
import type { Difference } from '../../../objects/differences.js';
import { selectionIdentity, type Selection } from '../../../objects/selection.js';
import { pathText } from '../../../resources/problem.js';
import { safe } from '../../../text/safe.js';
import { columnsOf } from '../../../text/width.js';
import { noColours, type Colours } from '../../theme/colours.js';
import { differencesData } from '../changes/document-diff.js';
import { commandText, authorData, timeText, userText } from '../journal/journal.js';
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
  const { events, before, oldest, journaled } = history;
  if (json) return { stdout: historyData(history), stderr: [], meaning: 'done' };
  const stderr = [
    ...(events.length === 0 ? [`no change of ${safe(selections.length > 1 ? 'anything' : selections.map(selectionIdentity).join(''))} is known`] : []),
    ...(before === 'more' ? [`there are earlier changes: --limit ${limit * 2} shows more`] : []),
    ...(before === 'compacted' ? [journaled === true ? `what was before revision ${oldest ?? '?'} is told from the journal: changes that are not in it are not known` : beforeText(oldest)] : []),
  ];
  return { stdout: events.length === 0 ? '' : historyText(events, colours), stderr, meaning: 'done' };
}

/** From which revision on etcd knows what was. */
export function beforeText(oldest: string | undefined): string {
  return `nothing is known of what was before revision ${oldest ?? '?'}`;
}

function historyData({ revision, before, oldest, journaled, events }: History): string {
  return `${goJsonIndented({ revision, before, ...(oldest === undefined ? {} : { oldest, journaled: journaled === true }), changes: events.map(eventData) })}\n`;
}

function eventData({ revision, event, name, unknown, by, changed }: PastEvent): object {
  return { revision, event, resource: name, ...(unknown === undefined ? {} : { unknown }), ...(by === undefined ? {} : { by: authorData(by) }), changes: differencesData(changed.differences) };
}

/** Who did it is in columns of their own, where the journal knows it of any. */
function historyText(events: readonly PastEvent[], colours: Colours): string {
  const isKnown = events.some(({ by }) => by !== undefined);
  const names = events.map(({ name }) => safe(name));
  const columns = [
    // The newest comes first: no revision is longer.
    Math.max('REVISION'.length, events[0]?.revision.length ?? 0) + 3,
    11,
    ...(isKnown ? [Math.max('RESOURCE'.length, ...names.map(columnsOf)) + 3, 23, Math.max('USER'.length, ...events.map(({ by }) => (by === undefined ? 0 : columnsOf(userText(by))))) + 3] : []),
  ];
  const line = (cells: readonly (readonly [text: string, shown?: string])[]): string => `${cells.map(([text, shown = text], index) => shown + ' '.repeat(index === cells.length - 1 ? 0 : Math.max((columns[index] ?? 0) - columnsOf(text), 0))).join('').trimEnd()}\n`;
  const heading = line(['REVISION', 'EVENT', 'RESOURCE', ...(isKnown ? ['TIME', 'USER', 'COMMAND'] : [])].map((text) => [text]));
  const rows = events.map((each, index) => {
    const name = names[index] ?? '';
    const by = each.by === undefined ? [] : [timeText(each.by.time), userText(each.by), commandText(each.by.commandLine)];
    return line([[each.revision], [each.event], [name, colours.name(name)], ...by.map((text) => [text] as const)]) + fieldLines(each, colours);
  });
  return heading + rows.join('');
}

const UNKNOWN = { before: 'what was there before is not known', after: 'what it became is not known', both: 'what was there before, and what it became, is not known' } as const;

/** The fields that a modification changed. What a resource was as a whole, when it came or went, is in -o json. */
function fieldLines({ event, changed, unknown }: PastEvent, colours: Colours): string {
  if (unknown !== undefined && event !== 'written') return `${INDENT}(${UNKNOWN[unknown]})\n`;
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
