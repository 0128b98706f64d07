import { setTimeout as sleep } from 'node:timers/promises';
import { pauseMs } from '../../base/back-off.js';
import type { ConnectionSettings } from '../../config/settings.js';
import { connect, connectOwnKeys } from '../../datastore/etcd/connect.js';
import { endpointReport, hostPrefix, nodeStatusKeys, workloadPrefix } from '../../dataplane/endpoint-status.js';
import { readPools, usesIpip, usesVxlan } from '../../dataplane/host/pools.js';
import type { ObjectsByKind } from '../../dataplane/input.js';
import type { LocalSettings } from '../../dataplane/settings/local.js';
import { changesThatRestart, resolveSettings, type ResolvedSettings, type Settings } from '../../dataplane/settings/settings.js';
import { connectionOf } from '../datastore.js';
import type { AgentContext } from '../part.js';
import { SETTINGS_CHANGED } from '../together.js';
import { StoreSync } from '../sync/sync.js';
import { Health, HealthServer } from './health.js';
import { Interfaces } from './interfaces.js';
import { logFile } from './log-file.js';
import { Metrics } from './metrics.js';
import { serveMetrics } from './metrics-server.js';
import { reportNodeStatus } from './node-status.js';
import type { Programmed, Programmer } from './programmer.js';
import { StatusFiles } from './status-files.js';
import { StatusKeys, type StatusStore } from './status-keys.js';
import { Wake } from './wake.js';

export interface DataplaneParts {
  readonly context: AgentContext;
  /** The host's name, as Calico's Node has it. */
  readonly node: string;
  readonly local: readonly LocalSettings[];
  /** Makes what programs the kernel, once settings and interfaces are known. */
  readonly programmer: (settings: Settings, interfaces: Interfaces, metrics: Metrics) => Promise<KernelProgrammer>;
  /** Takes the MTU of workloads, for the CNI plugin. */
  readonly writeMtu: (mtu: number) => Promise<void>;
  /** Milliseconds between the news that all has to begin anew and the end. */
  readonly endingMs?: number;
}

/** What programs the kernel. */
export type KernelProgrammer = Pick<Programmer, 'begin' | 'program'>;

const STORE_MS = 10_000;
/** How long whoever watches this agent may hear nothing of a part. */
const TIMEOUTS = { CalculationGraph: 30_000, InternalDataplaneMainLoop: 90_000 } as const;
const HEARTBEAT_MS = 10_000;
/** Where it is not said otherwise (reference/felix 3.2). */
const ENDING_MS = 2000;
const NOT_READY = 1;
const RETRIES = { firstMs: 200, longestMs: 10_000, fixed: 0.5 };

/** The dataplane of a host: what the store says becomes what the kernel does. One object is one life, from settings to their change. */
export class Dataplane {
  private readonly ending = new AbortController();
  private readonly wake = new Wake();
  private readonly health = new Health();
  private readonly metrics = new Metrics();
  private readonly sync: StoreSync;
  private readonly interfaces: Interfaces;
  private readonly connection: ConnectionSettings;
  private readonly toldOnce = new Set<string>();
  /** What did not succeed the last time, and why: told when it begins, changes and ends. */
  private troubles: ReadonlyMap<string, string> = new Map();
  /** What of routes and devices did not succeed in the last application. */
  private failed: ReadonlySet<string> = new Set();
  private server: HealthServer | undefined;
  private isHungUp = false;

  constructor(private readonly parts: DataplaneParts) {
    const { env, log } = parts.context;
    this.connection = connectionOf(env);
    this.sync = new StoreSync({ settings: this.connection, connect, log, signal: this.ending.signal, onChange: this.wake.now });
    this.interfaces = new Interfaces(log, this.wake.now);
    parts.context.on('SIGUSR1', () => log.info(`statistics: ${this.metrics.line()}`));
    parts.context.on('SIGHUP', () => {
      this.isHungUp = true;
      this.wake.now();
    });
  }

  /** Runs until it is asked to end, or until all has to begin anew. Returns the exit code. What is in the kernel stays. */
  async run(): Promise<number> {
    const { signal } = this.parts.context;
    const asked = new Promise<number>((resolve) => signal.addEventListener('abort', () => resolve(0)));
    const heartbeat = setInterval(() => {
      this.beat();
      this.wake.now();
    }, HEARTBEAT_MS);
    try {
      return signal.aborted ? 0 : await Promise.race([asked, this.live()]);
    } finally {
      clearInterval(heartbeat);
      this.ending.abort(new Error('the dataplane has ended'));
      await this.server?.close();
    }
  }

  private async live(): Promise<number> {
    this.health.register('FelixStartup');
    this.serveHealth(resolveSettings(this.parts.node, this.parts.local, new Map()).settings);
    void this.sync.run();
    void this.interfaces.watch(this.ending.signal);
    await this.untilReady();
    for (const [name, timeoutMs] of Object.entries(TIMEOUTS)) this.health.register(name, timeoutMs);
    this.beat();
    const settings = this.resolve(true, this.sync.objects()).settings;
    this.serveHealth(settings);
    serveMetrics(this.metrics, settings, this.parts.context.log, this.ending.signal);
    const programmer = await this.parts.programmer(settings, this.interfaces, this.metrics);
    programmer.begin();
    this.health.report('FelixStartup', { isLive: true, isReady: true });
    return this.keep(programmer, settings);
  }

  /** Waits for a store that says that it is ready, and for the interfaces of the host. Until then nothing is touched. */
  private async untilReady(): Promise<void> {
    let wasTold = false;
    while (!(this.sync.state !== 'waiting' && isReady(this.sync.objects()) && this.interfaces.links !== undefined)) {
      // Who asks while the datastore is not said to be ready hears that all is well: there is nothing to do. While anything else is waited for, there is.
      const isIdle = this.sync.state !== 'waiting' && !isReady(this.sync.objects());
      this.health.report('FelixStartup', { isLive: true, isReady: isIdle, detail: isIdle ? 'waiting until the datastore is said to be ready' : 'waiting for the datastore' });
      if (isIdle && !wasTold) {
        wasTold = true;
        this.parts.context.log.info('ClusterInformation default does not say that the datastore is ready: waiting, and nothing is touched');
      }
      await this.wake.wait(Infinity);
    }
    this.health.report('FelixStartup', { isLive: true, isReady: false, detail: 'starting' });
  }

  /** Programs what there is, then what changes. Returns the exit code. */
  private async keep(programmer: KernelProgrammer, settings: Settings): Promise<number> {
    const report = this.startReports(settings);
    const encapsulation = this.encapsulation(settings, this.sync.objects());
    let tried = 0;
    for (;;) {
      // What is programmed is what was asked whether it is programmed.
      const view = { objects: this.sync.objects(), blocks: this.sync.blocks(), links: this.interfaces.links ?? [], takenDown: this.interfaces.takenDown() };
      const code = await this.newBeginning(settings, encapsulation, view.objects);
      if (code !== undefined) return code;
      const programmed = await programmer.program(view);
      if (programmed.wrote) this.sync.nudge();
      this.tell(programmed);
      await report(view, programmed);
      const failed = programmed.troubles.length + programmed.failures.length > 0;
      tried = failed ? tried + 1 : 0;
      await this.wake.wait(Math.min(programmed.dueInMs, failed ? pauseMs(RETRIES, tried - 1) : Infinity));
    }
  }

  /** Why this life is over, as an exit code; undefined where it goes on. */
  private async newBeginning(settings: Settings, encapsulation: string, objects: ObjectsByKind): Promise<number | undefined> {
    const reason = this.reasonToEnd(settings, encapsulation, objects);
    if (reason === undefined) return undefined;
    const { context: { log }, endingMs = ENDING_MS } = this.parts;
    log.warning(`${reason.text}: ending in ${endingMs / 1000} s, to begin anew`);
    await sleep(endingMs, undefined, { signal: this.ending.signal }).catch(() => undefined);
    return reason.code;
  }

  private reasonToEnd(settings: Settings, encapsulation: string, objects: ObjectsByKind): { readonly code: number; readonly text: string } | undefined {
    if (this.isHungUp) return { code: SETTINGS_CHANGED, text: 'asked by SIGHUP' };
    if (!isReady(objects)) return { code: NOT_READY, text: 'ClusterInformation default says that the datastore is not ready' };
    const now = this.resolve(false, objects).settings;
    const changed = changesThatRestart(settings, now);
    if (changed.length > 0) return { code: SETTINGS_CHANGED, text: `settings have changed (${changed.join(', ')})` };
    if (this.encapsulation(settings, objects) !== encapsulation) return { code: SETTINGS_CHANGED, text: 'pools want another encapsulation' };
    this.health.override(now.healthTimeoutOverrides);
    return undefined;
  }

  /** Which tunnels are wanted. */
  private encapsulation(settings: Settings, objects: ObjectsByKind): string {
    const pools = readPools(objects.get('IPPool') ?? []);
    return [usesIpip(pools, settings), usesVxlan(4, pools, settings), usesVxlan(6, pools, settings)].join();
  }

  private resolve(isStart: boolean, objects: ObjectsByKind): ResolvedSettings {
    const { node, local, context: { log } } = this.parts;
    const resolved = resolveSettings(node, local, objects);
    if (isStart) {
      log.level = resolved.settings.logSeverityScreen ?? 'Fatal';
      log.copy = logFile(resolved.settings, (text) => log.warning(text));
    }
    for (const { name, text, origin } of resolved.unreadable) this.tellOnce(`${name} cannot be ${JSON.stringify(text)} (${origin}): it counts as not set`);
    for (const { name, origin } of resolved.unknown) this.tellOnce(`${name} is no setting that this agent knows (${origin})`);
    return resolved;
  }

  private tellOnce(text: string): void {
    if (this.toldOnce.has(text)) return;
    this.toldOnce.add(text);
    this.parts.context.log.warning(text);
  }

  /** Health is told from the beginning where the host's own settings want it, else once those of the store are known. */
  private serveHealth({ healthEnabled, healthHost, healthPort }: Settings): void {
    if (!healthEnabled || this.server !== undefined) return;
    this.server = new HealthServer(this.health, this.parts.context.log);
    this.server.listen(healthHost, healthPort);
  }

  /** The store's side is never stuck while this runs; the loop says itself that it goes on. */
  private beat(): void {
    const isRead = this.sync.state !== 'waiting';
    this.health.report('CalculationGraph', { isLive: true, isReady: isRead });
  }

  private tell({ troubles, failures }: Programmed): void {
    const { log } = this.parts.context;
    const told = this.troubles;
    this.troubles = new Map(troubles.map(({ what, reason }) => [what, reason]));
    for (const [what, reason] of this.troubles) if (told.get(what) !== reason) log.error(`${what} is not as it should be, and is tried again: ${reason}`);
    for (const what of told.keys()) if (!this.troubles.has(what)) log.info(`${what}: no more trouble with it`);
    for (const failure of failures) this.tellOnce(failure);
    if (troubles.length + failures.length > 0) this.metrics.count('int_dataplane_failures');
    // What fails once may be an interface that has just gone; what fails twice in a row is not as it should be.
    const lasting = failures.filter((failure) => this.failed.has(failure));
    this.failed = new Set(failures);
    const wrong = [...troubles.map(({ what, reason }) => `${what}: ${reason}`), ...lasting];
    this.health.report('InternalDataplaneMainLoop', { isLive: true, isReady: wrong.length === 0, detail: wrong.join('; ') });
    this.countObjects();
  }

  private countObjects(): void {
    const objects = this.sync.objects();
    const count = (...kinds: readonly string[]): number => kinds.reduce((sum, kind) => sum + (objects.get(kind)?.length ?? 0), 0);
    this.metrics.set('cluster_num_hosts', count('Node'));
    this.metrics.set('cluster_num_host_endpoints', count('HostEndpoint'));
    this.metrics.set('cluster_num_workload_endpoints', count('WorkloadEndpoint'));
    this.metrics.set('cluster_num_policies', count('GlobalNetworkPolicy', 'NetworkPolicy'));
    this.metrics.set('cluster_num_profiles', count('Profile'));
    this.metrics.set('cluster_num_tiers', count('Tier'));
    this.metrics.set('resyncs_started', this.sync.reads);
    this.metrics.set('resync_state', this.sync.state === 'waiting' ? 1 : 3);
  }

  /** What tells the store and the CNI plugin of what is programmed. */
  private startReports(settings: Settings): (view: { readonly objects: ObjectsByKind; readonly links: NonNullable<Interfaces['links']> }, programmed: Programmed) => Promise<void> {
    const { log } = this.parts.context;
    const { signal } = this.ending;
    const options = { timeoutMs: STORE_MS, signal };
    const store: StatusStore = { open: () => connectOwnKeys(this.connection, options), read: () => connect(this.connection, options), log, signal };
    const files = new StatusFiles(settings.endpointStatusPathPrefix, log);
    const keys = settings.endpointReportingEnabled ? new StatusKeys(store, [workloadPrefix(settings), hostPrefix(settings)], settings.endpointReportingDelay) : undefined;
    void keys?.run();
    void reportNodeStatus({ intervalMs: settings.reportingInterval, ttlMs: settings.reportingTTL, keys: nodeStatusKeys(settings) }, store);
    let mtu: number | undefined;
    return async ({ objects, links }, { state, failures }) => {
      const reports = endpointReport({ objects, links }, settings);
      this.metrics.set('active_local_endpoints', reports.keys.size);
      keys?.want(reports.keys);
      await files.write(reports.files, failures.length === 0);
      if (state.workloadMtu !== mtu) await this.parts.writeMtu((mtu = state.workloadMtu)).catch((error: unknown) => this.tellOnce(`the MTU of workloads cannot be written: ${(error as Error).message}`));
    };
  }
}

function isReady(objects: ObjectsByKind): boolean {
  return objects.get('ClusterInformation')?.find(({ metadata: { name } }) => name === 'default')?.spec['datastoreReady'] === true;
}
