import { setTimeout as sleep } from 'node:timers/promises';
import type { IpSet } from '../../dataplane/desired.js';
import { readSavedSets, setEdits, type SavedSets, type SetLine } from '../../dataplane/edits/set-edits.js';
import { runProgram, type RunProgram } from '../../host/program.js';
import type { Log } from '../../text/log.js';
import type { Trouble } from './iptables.js';
import { NO_METRICS, type ApplyMetrics } from './metrics.js';

export interface IpSetsParts {
  readonly maxelem: number;
  readonly log: Log;
  readonly run?: RunProgram;
  readonly metrics?: ApplyMetrics;
}

const TIMEOUT_MS = 30_000;
const TRIES = 3;
const PAUSE_MS = 50;

/** Our sets of addresses, and what the kernel has of them. */
export class IpSets {
  private known: SavedSets | undefined;
  private stale: readonly string[] = [];
  private applied: ReadonlyMap<string, IpSet> | undefined;
  /** Members that the kernel does not take, by set. */
  private readonly refused = new Map<string, Set<string>>();
  private readonly run: RunProgram;
  private readonly metrics: ApplyMetrics;

  constructor(private readonly parts: IpSetsParts) {
    this.run = parts.run ?? runProgram;
    this.metrics = parts.metrics ?? NO_METRICS;
  }

  /** Forgets what the kernel has: it is read again before the next edit. */
  forget(): void {
    this.known = undefined;
  }

  /** Makes and changes sets, before the rules that refer to them. Returns whether anything was written, and what did not succeed. */
  async apply(desired: ReadonlyMap<string, IpSet>): Promise<{ readonly wrote: boolean; readonly troubles: readonly Trouble[] }> {
    if (this.known !== undefined && this.applied === desired) return { wrote: false, troubles: [] };
    let refusals = 0;
    for (let tried = 0; ; tried++) {
      const trouble = this.known === undefined ? await this.read() : undefined;
      if (trouble !== undefined || this.known === undefined) return { wrote: false, troubles: [trouble ?? { what: 'ipset save', reason: 'nothing was read' }] };
      const { lines, stale, after } = setEdits(this.known, this.withoutRefused(desired), this.parts.maxelem);
      const failure = lines.length === 0 ? undefined : await this.restore(lines);
      if (failure === undefined) {
        this.known = after;
        this.stale = stale;
        this.applied = desired;
        return { wrote: lines.length > 0, troubles: [] };
      }
      this.known = undefined;
      if (this.refuse(lines, failure) && ++refusals <= lines.length) tried = -1;
      if (tried >= TRIES - 1) return { wrote: false, troubles: [{ what: 'the IP sets', reason: failure }] };
      if (tried >= 0) await sleep(PAUSE_MS * 2 ** tried);
    }
  }

  /** Destroys sets that nobody wants any more, after the rules that referred to them. One that is in use stays until a later time. */
  async removeStale(): Promise<readonly Trouble[]> {
    if (this.stale.length === 0 || this.known === undefined) return [];
    const known = new Map(this.known);
    const all = await this.restore(this.stale.map((name) => ({ text: `destroy ${name}` })));
    const left = all === undefined ? [] : await this.destroyEach();
    for (const name of this.stale) if (!left.some(({ what }) => what === setTitle(name))) known.delete(name);
    this.stale = this.stale.filter((name) => known.has(name));
    this.known = known;
    return left;
  }

  private async destroyEach(): Promise<readonly Trouble[]> {
    const left: Trouble[] = [];
    for (const name of this.stale) {
      const { code, stderr } = await this.program(['destroy', name]);
      if (code !== 0 && !/does not exist/.test(stderr)) left.push({ what: setTitle(name), reason: stderr.trim() });
    }
    return left;
  }

  private async read(): Promise<Trouble | undefined> {
    const { code, stdout, stderr } = await this.program(['save']);
    if (code !== 0) return { what: 'ipset save', reason: stderr.trim() || `exit ${code}` };
    this.known = readSavedSets(stdout);
    return undefined;
  }

  /** Returns what it failed with, or undefined. */
  private async restore(lines: readonly SetLine[]): Promise<string | undefined> {
    this.metrics.count('ipset_lines_executed', lines.length);
    const { code, stderr } = await this.program(['restore', '-exist'], `${lines.map(({ text }) => text).join('\n')}\n`);
    return code === 0 ? undefined : stderr.trim() || `exit ${code}`;
  }

  private async program(args: readonly string[], input?: string): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
    this.metrics.count('ipset_calls');
    const options = { whole: true, timeoutMs: TIMEOUT_MS, ...(input !== undefined && { input }) };
    const end = await this.run('ipset', args, options).catch((error: unknown) => ({ code: null, stdout: '', stderr: (error as Error).message }));
    if (end.code !== 0) this.metrics.count('ipset_errors');
    return end;
  }

  /** Notes the member that a restore failed for. Returns whether it was one. */
  private refuse(lines: readonly SetLine[], failure: string): boolean {
    const { set, member } = lines[Number(/in line (\d+)/.exec(failure)?.[1]) - 1] ?? {};
    if (set === undefined || member === undefined || /memory|full/i.test(failure)) return false;
    this.refused.set(set, (this.refused.get(set) ?? new Set()).add(member));
    this.parts.log.error(`the kernel does not take ${member} into the set ${set}, which is made without it: ${failure}`);
    return true;
  }

  private withoutRefused(desired: ReadonlyMap<string, IpSet>): ReadonlyMap<string, IpSet> {
    if (this.refused.size === 0) return desired;
    for (const name of this.refused.keys()) if (!desired.has(name)) this.refused.delete(name);
    return new Map([...desired].map(([name, set]) => {
      const refused = this.refused.get(name);
      return [name, refused === undefined ? set : { ...set, members: new Set([...set.members].filter((member) => !refused.has(member))) }];
    }));
  }
}

function setTitle(name: string): string {
  return `the IP set ${name}`;
}
