import { goJsonIndented } from '../../../go/indented-json.js';
import type { CommandChange, JournaledCommand } from '../../../journal/commands.js';
import type { Authorship } from '../../../journal/past.js';
import type { Author } from '../../../journal/record.js';
import { v3Identity } from '../../../objects/target.js';
import type { Column } from '../../../resources/column.js';
import { nameInKey } from '../../../resources/keys.js';
import { storedKindOfKey } from '../../../resources/registry.js';
import { safe, safeText } from '../../../text/safe.js';
import { shellWord } from '../../../text/shell-word.js';
import { ColumnTable } from '../../formats/table.js';
import type { CommandReport } from '../report.js';

const EVENTS = { created: 'created', replaced: 'modified', deleted: 'deleted' } as const;

const COMMANDS: readonly Column<JournaledCommand>[] = [
  { heading: 'TIME', cell: ({ time }) => timeText(time) },
  { heading: 'ID', cell: ({ id }) => id },
  { heading: 'USER', cell: (command) => userText(command) },
  { heading: 'HOST', cell: ({ host }) => safe(host) },
  { heading: 'CHANGES', cell: ({ changes }) => String(changes.length) },
  { heading: 'REVISION', cell: ({ revisions }) => revisionsText(revisions) },
  { heading: 'COMMAND', cell: ({ commandLine }) => commandText(commandLine) },
];

const CHANGES: readonly Column<CommandChange>[] = [
  { heading: 'REVISION', cell: ({ revision }) => revision },
  { heading: 'EVENT', cell: ({ did }) => EVENTS[did] },
  { heading: 'RESOURCE', cell: ({ key }) => safe(resourceText(key)) },
];

/** A time as people read it: UTC, to the second. */
export function timeText(time: string): string {
  return safe(time.replace(/\.\d+Z$/, 'Z'));
}

/** Who changed something: the user, and who was behind it. */
export function userText({ user, behind }: Pick<Author, 'user' | 'behind'>): string {
  return safe(behind === undefined || behind === user ? user : `${user} (${behind})`);
}

/** A command line as a shell would take it. */
export function commandText(words: readonly string[]): string {
  return safe(words.map(shellWord).join(' '));
}

function revisionsText(revisions: readonly string[]): string {
  const [first = '', last = first] = [revisions[0], revisions.at(-1)];
  return first === last ? first : `${first}-${last}`;
}

/** The resource of a key, as far as the key says it; other keys as they are. */
function resourceText(key: string): string {
  const kind = storedKindOfKey(key);
  const named = kind && nameInKey(kind, key);
  return kind === undefined || named === undefined ? key : v3Identity(kind, named.name, named.namespace);
}

/** Who did what, as part of a sentence. */
export function authorText(by: Pick<Authorship, 'user' | 'behind' | 'time' | 'commandLine'>): string {
  return `${commandText(by.commandLine)} (${userText(by)}, ${timeText(by.time)})`;
}

/** The same as data. */
export function authorData({ command, time, user, behind, host, commandLine }: Authorship): object {
  return { id: command, time, user, behind: behind ?? null, host, command: commandLine };
}

/** What `journal list` prints. */
export function journalReport(commands: readonly JournaledCommand[], { json, more, limit, room }: { readonly json: boolean; readonly more: boolean; readonly limit: number; readonly room?: number | undefined }): CommandReport {
  const stderr = json ? [] : [...(commands.length === 0 ? ['the journal is empty'] : []), ...(more ? [`there are earlier commands: --limit ${limit * 2} shows more`] : [])];
  const hints = commands.length === 0 && !json ? ['changes are written down with `journal: true` in the configuration, or CALICOCTL_JOURNAL=on'] : [];
  const stdout = json ? `${goJsonIndented({ commands: commands.map((command) => commandData(command)) })}\n` : commands.length === 0 ? '' : tableText(COMMANDS, commands, room);
  return { stdout, stderr, hints, meaning: 'done' };
}

/** What `journal show` prints of a command. */
export function commandReport(command: JournaledCommand, json: boolean): CommandReport {
  if (json) return { stdout: `${goJsonIndented({ ...commandData(command), changes: command.changes.map(changeData) })}\n`, stderr: [], meaning: 'done' };
  const rows = [
    ['Command', commandText(command.commandLine)],
    ['Id', command.id],
    ['Time', timeText(command.time)],
    ['User', userText(command)],
    ['Host', safe(command.host)],
    ...(command.valuesOmitted ? [['Values', 'not kept, or too large together to be kept']] : []),
  ] as const;
  return { stdout: `${rows.map(([title = '', text = '']) => `${`${title}:`.padEnd(9)} ${text}\n`).join('')}\n${tableText(CHANGES, command.changes)}`, stderr: [], meaning: 'done' };
}

function commandData({ id, time, user, behind, host, commandLine, revisions, changes, valuesOmitted }: JournaledCommand): object {
  return { id, time, user, behind: behind ?? null, host, command: commandLine, revisions, changed: changes.length, valuesOmitted };
}

function changeData({ revision, did, key, since, before, beforeBytes }: CommandChange): object {
  const value = before !== undefined ? { before } : beforeBytes !== undefined ? { beforeBase64: beforeBytes } : {};
  return { revision, event: EVENTS[did], resource: resourceText(key), key, ...(since === undefined ? {} : { since }), ...value };
}

function tableText<T>(columns: readonly Column<T>[], items: readonly T[], room?: number): string {
  const table = new ColumnTable(columns, { globalAsNumber: '', room });
  for (const item of items) table.add(item);
  return safeText([...table.lines()].join(''));
}

/** What `journal prune` says. */
export function prunedReport({ records, bytes }: { readonly records: number; readonly bytes: number }, dryRun: boolean): CommandReport {
  const what = `${records === 1 ? '1 record' : `${records} records`} of the journal (${Math.ceil(bytes / 1024)} KiB)`;
  return { stdout: records === 0 ? 'nothing in the journal is as old as that\n' : `${what} ${dryRun ? 'would be deleted' : 'deleted'}\n`, stderr: [], meaning: 'done' };
}
