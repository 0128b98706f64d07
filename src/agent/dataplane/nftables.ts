import { setTimeout as sleep } from 'node:timers/promises';
import type { NftTable } from '../../dataplane/desired.js';
import { nftEdits, savedAfter } from '../../dataplane/edits/nft-edits.js';
import { NFT_RULES, repairedRules } from '../../dataplane/edits/refused.js';
import { readSavedNft, type SavedNftTable } from '../../dataplane/edits/saved-nft.js';
import type { EditLine } from '../../dataplane/edits/table-edits.js';
import { runProgram, type RunProgram } from '../../host/program.js';
import type { Log } from '../../text/log.js';
import type { Trouble } from './iptables.js';
import { NO_METRICS, type ApplyMetrics } from './metrics.js';

export interface NftTablesParts {
  /** The mark of accepted packets. */
  readonly acceptMark: number;
  /** Names of tables that are ours and go where they are not wanted, `ip calico`. */
  readonly ours: readonly string[];
  readonly log: Log;
  readonly run?: RunProgram;
  readonly metrics?: ApplyMetrics;
}

/** The guard of ARP, which is there in both modes. */
export const ARP_TABLE = 'arp calico-arp';
/** The tables that Calico has in nftables (reference/felix 4.1). */
export const OUR_NFT_TABLES: readonly string[] = ['ip calico', 'ip6 calico', ARP_TABLE];

const TIMEOUT_MS = 30_000;
const TRIES = 3;
const PAUSE_MS = 50;
/** What is not the fault of a rule. */
const PASSING = /memory|busy|temporarily|interrupted/i;
const ABSENT = /No such file or directory/;

/** Our tables of nftables, and what the kernel has of them. */
export class NftTables {
  private known: ReadonlyMap<string, SavedNftTable> | undefined;
  private applied: readonly NftTable[] = [];
  private readonly refused = new Map<string, number>();
  private readonly run: RunProgram;
  private readonly metrics: ApplyMetrics;

  constructor(private readonly parts: NftTablesParts) {
    this.run = parts.run ?? runProgram;
    this.metrics = parts.metrics ?? NO_METRICS;
  }

  /** Forgets what the kernel has: it is read again before the next edit. */
  forget(): void {
    this.known = undefined;
  }

  /** Makes the tables what they should be, all of them or nothing. Returns whether anything was written, and what did not succeed. */
  async apply(desired: readonly NftTable[]): Promise<{ readonly wrote: boolean; readonly troubles: readonly Trouble[] }> {
    if (this.known !== undefined && desired.length === this.applied.length && desired.every((table, at) => table === this.applied[at])) return { wrote: false, troubles: [] };
    let suspect: string | undefined;
    for (let tried = 0; ; tried++) {
      const unread = this.known === undefined ? await this.read() : undefined;
      const known = this.known;
      if (known === undefined) return { wrote: false, troubles: [{ what: 'nftables', reason: unread ?? 'nothing was read' }] };
      const tables = desired.map((table) => this.withoutRefused(table));
      const lines = [...this.unwanted(known, tables), ...tables.flatMap((table) => nftEdits(known.get(keyOf(table)), table))];
      const failure = lines.length === 0 ? undefined : await this.load(lines);
      if (failure === undefined) {
        this.known = new Map(tables.map((table) => [keyOf(table), savedAfter(table)]));
        this.applied = desired;
        return { wrote: lines.length > 0, troubles: [] };
      }
      this.forget();
      const culprit = PASSING.test(failure) ? undefined : lines[Number(/:(\d+):\d+-\d+: Error/.exec(failure)?.[1]) - 1];
      // Once may be chance, since what we edited may have changed meanwhile; twice in a row is not.
      if (culprit?.rule !== undefined && culprit.rule.id === suspect) {
        this.refuse(culprit, failure);
        suspect = undefined;
        tried = -1;
      } else suspect = culprit?.rule?.id;
      if (tried >= TRIES - 1) return { wrote: false, troubles: [{ what: 'nftables', reason: failure }] };
      if (tried >= 0) await sleep(PAUSE_MS * 2 ** tried);
    }
  }

  /**
   * Returns why nothing could be read. Each table is asked for by its name: to list the tables that there are, nft reads every rule of the kernel,
   * also those of iptables.
   */
  private async read(): Promise<string | undefined> {
    const known = new Map<string, SavedNftTable>();
    for (const key of this.parts.ours) {
      const { code, stdout, stderr } = await this.nft(['-j', 'list', 'table', ...key.split(' ')]);
      if (code === 0) known.set(key, readSavedNft(stdout));
      else if (!ABSENT.test(stderr)) {
        this.metrics.count('nft_errors');
        return stderr.trim();
      }
    }
    this.known = known;
    return undefined;
  }

  private unwanted(known: ReadonlyMap<string, SavedNftTable>, wanted: readonly NftTable[]): readonly EditLine[] {
    return [...known.keys()].filter((key) => !wanted.some((table) => keyOf(table) === key)).map((key) => ({ text: `delete table ${key}` }));
  }

  private async load(lines: readonly EditLine[]): Promise<string | undefined> {
    const { code, stderr } = await this.nft(['-f', '-'], `${lines.map(({ text }) => text).join('\n')}\n`);
    if (code !== 0) this.metrics.count('nft_errors');
    return code === 0 ? undefined : stderr.trim() || `exit ${code}`;
  }

  private async nft(args: readonly string[], input?: string): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
    this.metrics.count('nft_calls');
    const options = { whole: true, timeoutMs: TIMEOUT_MS, ...(input !== undefined && { input }) };
    return this.run('nft', args, options).catch((error: unknown) => ({ code: null, stdout: '', stderr: (error as Error).message }));
  }

  private withoutRefused(table: NftTable): NftTable {
    if (this.refused.size === 0) return table;
    const chains = [...table.chains].map(([name, chain]) => [name, { ...chain, rules: repairedRules(name, chain.rules, this.refused, this.parts.acceptMark, NFT_RULES) }] as const);
    return { ...table, chains: new Map(chains) };
  }

  private refuse({ chain = '', rule }: EditLine, failure: string): void {
    if (rule === undefined) return;
    // A way around that is refused too counts for the rule it stands for: its id is the other one, turned round.
    const turned = [...rule.id].reverse().join('');
    const id = this.refused.has(turned) ? turned : rule.id;
    this.refused.set(id, (this.refused.get(id) ?? 0) + (NFT_RULES.rejects.test(rule.text) ? 1 : 2));
    this.parts.log.error(`the kernel refuses a rule of ${chain} in nftables, the table is made without it, and nothing passes because of that: ${rule.text}: ${failure}`);
  }
}

function keyOf({ family, name }: NftTable): string {
  return `${family} ${name}`;
}
