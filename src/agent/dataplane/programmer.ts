import { HostPlanner } from '../../dataplane/host/planner.js';
import type { HostState } from '../../dataplane/host/state.js';
import type { BlockOwner, Link, ObjectsByKind } from '../../dataplane/input.js';
import { tableSettings, type Settings } from '../../dataplane/settings/settings.js';
import { runProgram, type RunProgram } from '../../host/program.js';
import { HostApplier } from '../kernel/host-applier.js';
import type { WriteSetting } from '../kernel/interface-settings.js';
import type { Log } from '../../text/log.js';
import type { Trouble } from './iptables.js';
import type { Metrics } from './metrics.js';
import { Recheck } from './recheck.js';

/** What plans and applies rules and sets, in iptables or in nftables. */
export interface NetfilterDataplane {
  /** Makes the kernel what objects and interfaces ask for. Returns whether anything was written, and what did not succeed. */
  apply(objects: ObjectsByKind, links: readonly Link[]): Promise<{ readonly wrote: boolean; readonly troubles: readonly Trouble[] }>;
  /** Forgets what the kernel has of rules, or of sets: it is read again with the next application. */
  forgetTables(): void;
  forgetSets(): void;
}

export interface ProgrammerParts {
  readonly settings: Settings;
  readonly netfilter: NetfilterDataplane;
  /** What the kernel's default check of source addresses was when the agent started. */
  readonly sourceCheck: string;
  readonly writeSetting: WriteSetting;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly run?: RunProgram;
}

/** What is to be programmed. */
export interface View {
  readonly objects: ObjectsByKind;
  readonly blocks: readonly BlockOwner[];
  readonly links: readonly Link[];
  /** Interfaces that were taken down meanwhile, and may be up again. */
  readonly takenDown?: ReadonlySet<string>;
}

/** What became of an application. */
export interface Programmed {
  /** What of rules and sets did not succeed. */
  readonly troubles: readonly Trouble[];
  /** Whether rules were written. */
  readonly wrote: boolean;
  /** What of routes and devices did not, in sentences. */
  readonly failures: readonly string[];
  readonly state: HostState;
  /** In how many milliseconds there is something to do though nothing changes. */
  readonly dueInMs: number;
}

/** Plans all of a host and brings the kernel to it: rules and sets on one side, routes and devices on the other, beside each other. */
export class Programmer {
  private readonly planner: HostPlanner;
  private readonly applier: HostApplier;
  private readonly rechecks: Readonly<Record<'tables' | 'sets' | 'host', Recheck>>;
  private readonly told = new Set<string>();

  constructor(private readonly parts: ProgrammerParts) {
    const { settings, sourceCheck, writeSetting, run = runProgram } = parts;
    this.planner = new HostPlanner(settings, sourceCheck);
    this.applier = new HostApplier({ settings, run, writeSetting, warn: (text) => this.tellOnce(text), now: Date.now });
    const { refreshInterval } = tableSettings(settings);
    const { iptablesPostWriteCheckInterval, ipsetsRefreshInterval, routeRefreshInterval, interfaceRefreshInterval } = settings;
    const intervals = [routeRefreshInterval, interfaceRefreshInterval].filter((each) => each > 0);
    const now = performance.now();
    this.rechecks = {
      tables: new Recheck(refreshInterval, iptablesPostWriteCheckInterval, now),
      sets: new Recheck(ipsetsRefreshInterval, 0, now),
      host: new Recheck(intervals.length === 0 ? 0 : Math.min(...intervals), 0, now),
    };
  }

  /** Writes what is set once. */
  begin(): void {
    for (const failure of this.applier.begin()) this.parts.log.warning(failure);
  }

  /** Makes the kernel what the view asks for. Never two at a time. */
  async program(view: View): Promise<Programmed> {
    const since = performance.now();
    this.lookAgain(since);
    for (const name of view.takenDown ?? []) this.applier.forget(name);
    const state = this.planner.plan({ ...view, now: Date.now(), seen: this.applier.seen });
    for (const sentence of state.refused) this.tellOnce(sentence);
    const [netfilter, host] = await Promise.all([this.parts.netfilter.apply(view.objects, view.links), this.applier.apply(state)]);
    const now = performance.now();
    if (netfilter.wrote) this.rechecks.tables.wrote(now);
    this.parts.metrics.observe('int_dataplane_apply_time_seconds', (now - since) / 1000);
    this.parts.metrics.set('route_table_num_routes', state.routes?.size ?? 0);
    const nextLook = Math.min(...Object.values(this.rechecks).map(({ dueAt }) => dueAt)) - now;
    const dueInMs = Math.max(0, Math.min(nextLook, host.dueAt === undefined ? Infinity : host.dueAt - Date.now()));
    return { troubles: netfilter.troubles, wrote: netfilter.wrote, failures: host.failures, state, dueInMs };
  }

  /** What was not read for long enough is read again. */
  private lookAgain(now: number): void {
    const { tables, sets, host } = this.rechecks;
    const due = (recheck: Recheck, forget: () => void): void => {
      if (now < recheck.dueAt) return;
      forget();
      recheck.looked(now);
    };
    due(tables, () => this.parts.netfilter.forgetTables());
    due(sets, () => this.parts.netfilter.forgetSets());
    due(host, () => this.applier.refresh());
  }

  private tellOnce(text: string): void {
    if (this.told.has(text)) return;
    this.told.add(text);
    this.parts.log.warning(text);
  }
}
