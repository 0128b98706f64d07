import { CalicoError } from '../base/errors.js';
import type { Store } from '../datastore/store.js';
import { listRecords, readRecords, type Listed } from './read.js';
import type { Author, RecordedChange } from './record.js';

/** A change of a command, with the revision of its transaction. */
export interface CommandChange extends RecordedChange {
  readonly revision: string;
}

/** All that one command did, as the journal tells it. */
export interface JournaledCommand extends Author {
  readonly id: string;
  /** When its first transaction was sent. */
  readonly time: string;
  /** Of its transactions, in order. */
  readonly revisions: readonly string[];
  readonly changes: readonly CommandChange[];
  readonly valuesOmitted: boolean;
}

/** The last commands of the journal, the newest first, at most `limit`. Throws DatastoreError. */
export async function lastCommands(store: Store, limit: number): Promise<{ readonly commands: readonly JournaledCommand[]; readonly more: boolean }> {
  const byCommand = new Map<string, Listed[]>();
  for (const record of await listRecords(store)) byCommand.set(record.command, [...(byCommand.get(record.command) ?? []), record]);
  const all = [...byCommand.values()].reverse();
  return { commands: await read(store, all.slice(0, limit)), more: all.length > limit };
}

/** A command by its id, or by a revision of it. Throws CalicoError (`missing`), and DatastoreError. */
export async function commandOf(store: Store, word: string): Promise<JournaledCommand> {
  const records = await listRecords(store);
  const id = records.find(({ command, revision }) => command === word || revision === word)?.command;
  const [command] = id === undefined ? [] : await read(store, [records.filter((record) => record.command === id)]);
  if (command === undefined) throw new CalicoError('missing', `the journal has no command ${JSON.stringify(word)}`, { hint: 'calicoctl journal list shows the commands it has, each with its id and its revisions' });
  return command;
}

async function read(store: Store, commands: readonly (readonly Listed[])[]): Promise<readonly JournaledCommand[]> {
  const found = new Map<string, JournaledCommand>();
  for await (const { command: id, time, user, behind, host, commandLine, revision, changes, valuesOmitted = false } of readRecords(store, commands.flat())) {
    const earlier = found.get(id);
    found.set(id, {
      id,
      time: earlier?.time ?? time,
      user,
      ...(behind === undefined ? {} : { behind }),
      host,
      commandLine,
      revisions: [...new Set([...(earlier?.revisions ?? []), revision])],
      changes: [...(earlier?.changes ?? []), ...changes.map((change) => ({ ...change, revision }))],
      valuesOmitted: valuesOmitted || earlier?.valuesOmitted === true,
    });
  }
  return [...found.values()].map((command) => ({ ...command, revisions: [...command.revisions].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1)) }));
}
