import { setTimeout as sleep } from 'node:timers/promises';
import { TABLES, type Family, type RenderedRule, type TableName, type TableState } from '../../dataplane/desired.js';
import { withoutRefused } from '../../dataplane/edits/refused.js';
import { readSaved, type SavedTable } from '../../dataplane/edits/saved-tables.js';
import { tableEdits, type EditLine } from '../../dataplane/edits/table-edits.js';
import { runProgram, type RunProgram } from '../../host/program.js';
import type { Log } from '../../text/log.js';
import type { IptablesPrograms } from './backend.js';
import { NO_METRICS, type ApplyMetrics } from './metrics.js';

export interface IptablesParts {
  readonly family: Family;
  readonly programs: IptablesPrograms;
  /** Whether iptables-restore waits for the lock. */
  readonly waits: boolean;
  /** The mark of accepted packets. */
  readonly acceptMark: number;
  readonly log: Log;
  readonly run?: RunProgram;
  readonly metrics?: ApplyMetrics;
}

const LOCK_SECONDS = 10;
const TIMEOUT_MS = 30_000;
/** Tries within one application: another program may have changed the table between our look and our edit. */
const TRIES = 3;
const PAUSE_MS = 50;
/** What is not the fault of a rule. */
const PASSING = /memory|temporarily|busy|too many|no space|interrupted|set \S+ doesn't exist/i;

/** What a table could not be made, in words. */
export interface Trouble {
  readonly what: string;
  readonly reason: string;
}

/** Our tables of one family, and what the kernel has of them. */
export class Iptables {
  private readonly known = new Map<TableName, SavedTable>();
  private readonly applied = new Map<TableName, TableState>();
  /** Ids of rules that the kernel refuses, and how often it did so, one way round after another. */
  private readonly refused = new Map<TableName, Map<string, number>>();
  private readonly run: RunProgram;
  private readonly metrics: ApplyMetrics;

  constructor(private readonly parts: IptablesParts) {
    this.run = parts.run ?? runProgram;
    this.metrics = parts.metrics ?? NO_METRICS;
  }

  /** Forgets what the kernel has: it is read again before the next edit. */
  forget(): void {
    this.known.clear();
  }

  /**
   * Makes the tables what they should be, each in one transaction, side by side. Tables that are as they should be are not touched. Returns whether
   * anything was written, and what did not succeed.
   */
  async apply(desired: Readonly<Record<TableName, TableState>>): Promise<{ readonly wrote: boolean; readonly troubles: readonly Trouble[] }> {
    const due = TABLES.filter((table) => !this.known.has(table) || this.applied.get(table) !== desired[table]);
    if (due.length === 0) return { wrote: false, troubles: [] };
    if (due.some((table) => !this.known.has(table))) {
      const trouble = await this.read(due);
      if (trouble !== undefined) return { wrote: false, troubles: [trouble] };
    }
    const ends = await Promise.all(due.map((table) => this.applyTable(table, desired[table])));
    return { wrote: ends.some(({ wrote }) => wrote), troubles: ends.flatMap(({ trouble }) => trouble ?? []) };
  }

  /** Reads tables anew; with one program where it is several. */
  private async read(tables: readonly TableName[]): Promise<Trouble | undefined> {
    const { programs } = this.parts;
    const args = tables.length === 1 ? ['-t', tables[0]!] : [];
    const end = await this.program(programs.save, args);
    this.metrics.count('iptables_save_calls');
    if (end.code !== 0) {
      this.metrics.count('iptables_save_errors');
      return { what: `${programs.save} ${args.join(' ')}`.trim(), reason: reasonOf(end) };
    }
    const saved = readSaved(end.stdout);
    for (const table of tables) this.known.set(table, saved.get(table)!);
    return undefined;
  }

  private async applyTable(table: TableName, desired: TableState): Promise<{ readonly wrote: boolean; readonly trouble?: Trouble }> {
    let suspect: string | undefined;
    for (let tried = 0, ways = 0; ; tried++) {
      const kernel = this.known.get(table);
      if (kernel === undefined) return { wrote: false, trouble: { what: this.nameOf(table), reason: 'it cannot be read' } };
      const { lines, after } = tableEdits(table, kernel, withoutRefused(desired, this.refusedIn(table), this.parts.acceptMark));
      const failure = lines.length === 0 ? undefined : await this.restore(lines);
      if (failure === undefined) {
        this.known.set(table, after);
        this.applied.set(table, desired);
        this.forgetRefusedBut(table, desired);
        return { wrote: lines.length > 0 };
      }
      this.known.delete(table);
      const culprit = await this.culpritOf(table, lines, failure);
      // Once may be chance, since what we edited may have changed meanwhile; twice in a row is not.
      if (culprit !== undefined && culprit.rule.id === suspect) {
        this.refuse(table, culprit, failure);
        suspect = undefined;
        if (++ways <= desired.chains.size * 8) tried = -1;
      } else suspect = culprit?.rule.id;
      if (tried >= TRIES - 1) return { wrote: false, trouble: { what: this.nameOf(table), reason: failure } };
      if (tried >= 0) await sleep(PAUSE_MS * 2 ** tried);
      await this.read([table]);
    }
  }

  /** Returns what it failed with, or undefined. */
  private async restore(lines: readonly EditLine[]): Promise<string | undefined> {
    const { programs, waits } = this.parts;
    const end = await this.program(programs.restore, ['--noflush', ...(waits ? ['--wait', String(LOCK_SECONDS)] : [])], `${lines.map(({ text }) => text).join('\n')}\n`);
    this.metrics.count('iptables_restore_calls');
    this.metrics.count('iptables_lines_executed', lines.length);
    if (end.code === 0) return undefined;
    this.metrics.count('iptables_restore_errors');
    return reasonOf(end);
  }

  private async program(file: string, args: readonly string[], input?: string): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
    const options = { whole: true, timeoutMs: TIMEOUT_MS, ...(input !== undefined && { input }) };
    return this.run(file, args, options).catch((error: unknown) => ({ code: null, stdout: '', stderr: (error as Error).message }));
  }

  /** The rule that a transaction failed for. The legacy backend does not say which: each that is new is then tried alone. */
  private async culpritOf(table: TableName, lines: readonly EditLine[], failure: string): Promise<{ readonly chain: string; readonly rule: RenderedRule } | undefined> {
    if (PASSING.test(failure)) return undefined;
    const number = /\bline:? (\d+)/.exec(failure)?.[1];
    const line = number === undefined ? undefined : lines[Number(number) - 1];
    if (line?.chain !== undefined && line.rule !== undefined) return { chain: line.chain, rule: line.rule };
    return line?.text === 'COMMIT' ? this.search(table, lines.filter((each) => each.rule !== undefined)) : undefined;
  }

  /** Halves the rules until one is left that the kernel refuses; undefined where it refuses none by itself. */
  private async search(table: TableName, lines: readonly EditLine[]): Promise<{ readonly chain: string; readonly rule: RenderedRule } | undefined> {
    if (lines.length === 0 || !(await this.isRefused(table, lines))) return undefined;
    if (lines.length === 1) return { chain: lines[0]!.chain!, rule: lines[0]!.rule! };
    const half = Math.ceil(lines.length / 2);
    return (await this.search(table, lines.slice(0, half))) ?? this.search(table, lines.slice(half));
  }

  /** Whether the kernel refuses any of these rules in a chain that nothing leads to. Jumps are left away: their targets are known to be there. */
  private async isRefused(table: TableName, lines: readonly EditLine[]): Promise<boolean> {
    const chain = 'cali-trial';
    const rules = lines.filter(({ rule }) => !/--(jump|goto) cali-/.test(rule!.text)).map(({ rule }) => ({ text: `-A ${chain} ${rule!.text}` }));
    if (rules.length === 0) return false;
    const frame = (body: readonly EditLine[]): readonly EditLine[] => [{ text: `*${table}` }, { text: `:${chain} - -` }, ...body, { text: 'COMMIT' }];
    const refused = (await this.restore(frame(rules))) !== undefined;
    await this.restore(frame([{ text: `--delete-chain ${chain}` }]));
    return refused;
  }

  private refuse(table: TableName, { chain, rule }: { readonly chain: string; readonly rule: RenderedRule }, failure: string): void {
    const refused = this.refusedIn(table);
    // A way around that is refused too counts for the rule it stands for: its id is the other one, turned round.
    const id = refused.has([...rule.id].reverse().join('')) ? [...rule.id].reverse().join('') : rule.id;
    const tries = (refused.get(id) ?? 0) + (/--jump REJECT/.test(rule.text) ? 1 : 2);
    refused.set(id, tries);
    this.parts.log.error(`the kernel refuses a rule of ${chain} in ${this.nameOf(table)}, the table is made without it, and nothing passes because of that: ${rule.text}: ${failure}`);
  }

  private refusedIn(table: TableName): Map<string, number> {
    const refused = this.refused.get(table) ?? new Map<string, number>();
    this.refused.set(table, refused);
    return refused;
  }

  /** What is refused today may be taken another day, under another id: a rule that is no longer wanted is forgotten. */
  private forgetRefusedBut(table: TableName, { chains, hooks }: TableState): void {
    const refused = this.refused.get(table);
    if (refused === undefined || refused.size === 0) return;
    const wanted = new Set([...chains.values(), ...[...hooks.values()].flatMap(({ inserted, appended }) => [inserted, appended])].flatMap((rules) => rules.map(({ id }) => id)));
    for (const id of refused.keys()) if (!wanted.has(id)) refused.delete(id);
  }

  private nameOf(table: TableName): string {
    return `the table ${table} of ip${this.parts.family === 4 ? '' : '6'}tables`;
  }
}

function reasonOf({ code, stderr }: { readonly code: number | null; readonly stderr: string }): string {
  const text = stderr.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !/^(#|Try `|Ignoring deprecated)/.test(line)).join(' ');
  return text === '' ? (code === null ? 'it did not come to its end in time' : `exit ${code}`) : text;
}
