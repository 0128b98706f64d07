import { TABLES, type TableName } from '../desired.js';

/** A rule that is in the kernel. */
export interface SavedRule {
  /** That of our comment; empty where it has none. */
  readonly id: string;
  /** What follows the chain's name, as `iptables-save` prints it or as we wrote it. */
  readonly text: string;
  /** Whether it is ours: by its comment, or since it leads to a chain of ours. */
  readonly isOurs: boolean;
}

/** The chains of a table in the kernel, the kernel's own ones too. */
export type SavedTable = ReadonlyMap<string, readonly SavedRule[]>;

export type SavedTables = ReadonlyMap<TableName, SavedTable>;

const OUR_CHAIN = /^(cali-|cali(fw|tw|fh|th|pi|po)-|felix-)/;
const ID = /--comment "?cali:([\w-]+)/;
const TARGET = /(?:^| )(?:-j|-g|--jump|--goto) (\S+)/;

/** Whether a chain of this name is ours, or was that of an older release (reference/felix 4.1). */
export function isOurChain(name: string): boolean {
  return OUR_CHAIN.test(name);
}

/** Reads what `iptables-save` printed, of one table or of all. Tables that are not printed are empty. */
export function readSaved(text: string): SavedTables {
  const tables = new Map<TableName, Map<string, SavedRule[]>>(TABLES.map((name) => [name, new Map<string, SavedRule[]>()]));
  let table: Map<string, SavedRule[]> | undefined;
  for (const line of text.split('\n')) {
    if (line.startsWith('*')) table = tables.get(line.slice(1) as TableName);
    else if (line.startsWith(':')) chainOf(table, line.slice(1, line.indexOf(' ')));
    else if (line.startsWith('-A ')) {
      const end = line.indexOf(' ', 3);
      chainOf(table, end < 0 ? line.slice(3) : line.slice(3, end))?.push(savedRule(end < 0 ? '' : line.slice(end + 1)));
    }
  }
  return tables;
}

function chainOf(table: Map<string, SavedRule[]> | undefined, name: string): SavedRule[] | undefined {
  const rules = table?.get(name) ?? [];
  table?.set(name, rules);
  return table && rules;
}

function savedRule(text: string): SavedRule {
  const id = ID.exec(text)?.[1] ?? '';
  return { id, text, isOurs: id !== '' || isOurChain(TARGET.exec(text)?.[1] ?? '') };
}
