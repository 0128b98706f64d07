import { globalSettings } from '../../dataplane/host/interface-settings.js';
import type { HostSettings } from '../../dataplane/host/settings.js';
import { VXLAN_DEVICES, type HostState } from '../../dataplane/host/state.js';
import type { Link } from '../../dataplane/input.js';
import type { RunProgram } from '../../host/program.js';
import { Arrivals } from './arrivals.js';
import { Bandwidth } from './bandwidth.js';
import { runBatch, type Command } from './batch.js';
import { Conntrack } from './conntrack.js';
import { InterfaceAddresses } from './interface-addresses.js';
import { InterfaceSettings, writeSettings, type WriteSetting } from './interface-settings.js';
import { lookAtDevices, lookAtFdb, lookAtNeighbours, lookAtQdiscs, lookAtRoutes } from './look.js';
import { Fdb, Neighbours } from './neighbours.js';
import { Routes, type RouteChanges } from './routes.js';
import { VxlanDevices } from './vxlan-devices.js';

/** What an applier needs of its surroundings. */
export interface HostApplierParts {
  readonly settings: HostSettings;
  /** Runs ip, bridge, tc and conntrack. */
  readonly run: RunProgram;
  readonly writeSetting: WriteSetting;
  /** Takes sentences that concern a person once. */
  readonly warn: (text: string) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What became of an attempt. */
export interface Applied {
  /** What failed, in sentences. The next attempt tries it again. */
  readonly failures: readonly string[];
  /** When there is something to do though nothing changes, in milliseconds since 1970. */
  readonly dueAt: number | undefined;
}

/**
 * Brings the kernel of this host to what is planned, netfilter aside. It remembers what the kernel holds and runs programs for what
 * differs only; it looks at all of it the first time, and after `refresh`. Attempts follow one another, never two at a time.
 */
export class HostApplier {
  private readonly routes: Routes;
  private readonly devices = new VxlanDevices();
  private readonly neighbours: Neighbours;
  private readonly fdb = new Fdb();
  private readonly addresses: InterfaceAddresses;
  private readonly bandwidth: Bandwidth;
  private readonly settings: InterfaceSettings;
  private readonly conntrack: Conntrack;
  private readonly arrivals: Arrivals;
  private interfaces: ReadonlyMap<string, Link> = new Map();
  private isFresh = false;

  constructor(private readonly parts: HostApplierParts) {
    this.routes = new Routes(parts.settings);
    this.neighbours = new Neighbours(parts.settings);
    this.addresses = new InterfaceAddresses(parts.settings);
    this.bandwidth = new Bandwidth(parts.settings);
    this.settings = new InterfaceSettings(parts.writeSetting);
    this.conntrack = new Conntrack(parts.run, parts.warn);
    this.arrivals = new Arrivals(parts.run, parts.warn);
  }

  /** Writes what is set once, before anything else. Returns what failed, in sentences. */
  begin(): readonly string[] {
    return writeSettings(globalSettings(this.parts.settings), this.parts.writeSetting);
  }

  /** The next attempt looks at all that the kernel holds, and puts right what somebody changed. */
  refresh(): void {
    this.isFresh = false;
  }

  /** An interface went down or is another one: what the kernel had for it is gone, and its settings are written again. */
  forget(device: string): void {
    this.routes.forget(device, this.interfaces.get(device)?.index);
    for (const part of [this.neighbours, this.fdb, this.addresses, this.bandwidth, this.settings]) part.forget(device);
  }

  /** Ids of workloads that a live migration brings and that were seen on this host: the next plan is to know of them. */
  get seen(): ReadonlySet<string> {
    return this.arrivals.seen;
  }

  /** Does what is to be done. Never throws. */
  async apply(state: HostState): Promise<Applied> {
    this.noticeInterfaces(state.interfaces);
    if (this.routes.isLookDue(this.parts.now())) this.refresh();
    const problem = await this.look(state).catch((error: unknown) => (error as Error).message);
    if (problem !== undefined) return { failures: [problem], dueAt: state.dueAt };
    const failures = [...this.settings.apply(state)];
    const devices = this.devices.changes(state);
    for (const device of devices.dropped) this.dropDevice(device);
    const bandwidth = this.bandwidth.changes(state);
    const routes = this.routes.changes(state, this.parts.now());
    const links = [...devices.commands, ...bandwidth.devices, ...this.addresses.changes(state), ...this.neighbours.changes(state)];
    failures.push(...(await this.applyRoutes(links, routes, state)));
    // The devices are there now.
    const [inFdb, disciplines] = await Promise.all([runBatch(this.parts.run, 'bridge', this.fdb.changes(state)), runBatch(this.parts.run, 'tc', bandwidth.disciplines)]);
    failures.push(...inFdb, ...disciplines);
    // The kernel is not as we think.
    if (failures.length > 0) this.isFresh = false;
    const due = [state.dueAt, routes.dueAt, await this.arrivals.look(state.awaited, this.parts.now())].filter((each) => each !== undefined);
    return { failures, dueAt: due.length === 0 ? undefined : Math.min(...due) };
  }

  /** One process does it all, unless established connections have to be forgotten in between. */
  private async applyRoutes(links: readonly Command[], routes: RouteChanges, state: HostState): Promise<readonly string[]> {
    const { run } = this.parts;
    const added = [...(state.routes?.values() ?? [])].map(({ destination }) => destination.replace(/\/\d+$/, ''));
    const before = [...links, ...routes.withdrawn];
    const after = [...routes.made, ...routes.removed];
    const moved = [...routes.movedAddresses, ...(routes.foundAddresses.length === 0 ? [] : await this.conntrack.connected(routes.foundAddresses))];
    if (moved.length === 0 && (routes.made.length === 0 || !this.conntrack.concerns(added))) {
      const failures = await runBatch(run, 'ip', [...before, ...after]);
      this.conntrack.begin(routes.goneAddresses);
      return failures;
    }
    const failures = await runBatch(run, 'ip', before);
    this.conntrack.begin([...moved, ...routes.goneAddresses]);
    await this.conntrack.settled(added);
    return [...failures, ...(await runBatch(run, 'ip', after))];
  }

  private dropDevice(device: string): void {
    this.routes.forget(device, undefined);
    this.neighbours.forget(device);
    this.fdb.forget(device);
  }

  private async look(state: HostState): Promise<undefined> {
    if (this.isFresh) return;
    const { run, settings } = this.parts;
    const families = settings.ipv6Support ? ([4, 6] as const) : ([4] as const);
    const isShaping = state.shaping.size > 0;
    const [devices, neighbours, qdiscs, ...routes] = await Promise.all([
      lookAtDevices(run),
      lookAtNeighbours(run),
      // A host without tc can do all else.
      lookAtQdiscs(run).catch((error: unknown) => { if (isShaping) throw error; return []; }),
      ...families.map((family) => lookAtRoutes(run, family)),
    ]);
    const names = Object.values(VXLAN_DEVICES).filter((name) => devices.some((device) => device.name === name && device.kind === 'vxlan'));
    const entries = await Promise.all(names.map(async (device) => (await lookAtFdb(run, device)).map((each) => ({ ...each, device }))));
    this.devices.learn(devices);
    this.neighbours.learn(neighbours);
    this.fdb.learn(entries.flat());
    this.addresses.learn(devices);
    this.bandwidth.learn(devices, qdiscs);
    this.routes.learn(routes.flat(), this.parts.now());
    this.isFresh = true;
  }

  /** What is on a VXLAN device is looked at where that is another one; of other interfaces it is known what the kernel does. */
  private noticeInterfaces(interfaces: ReadonlyMap<string, Link>): void {
    if (this.devices.differFrom(interfaces)) this.refresh();
    for (const [name, { index, isUp }] of this.interfaces) {
      if (Object.values(VXLAN_DEVICES).includes(name)) continue;
      const now = interfaces.get(name);
      if (now?.index !== index || (isUp && !now.isUp)) this.forget(name);
    }
    this.interfaces = interfaces;
  }
}
