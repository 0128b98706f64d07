import { isOurRoute } from '../../dataplane/host/ownership.js';
import { isWorkloadInterface, type HostSettings } from '../../dataplane/host/settings.js';
import { BOOT_PROTOCOL, routeKey, VXLAN_DEVICES, type HostState, type Route } from '../../dataplane/host/state.js';
import type { Command } from './batch.js';
import type { KernelRoute } from './look.js';

/** How long routes that a plugin or an earlier run made on a new workload's interface are left alone (reference/host-network 1.3). */
const GRACE_MS = 10_000;
/** Interfaces whose grace ends within this are looked at together. */
const TOGETHER_MS = 1000;

/** What has to be done about routes, in this order. */
export interface RouteChanges {
  /** Routes to workloads that go or move. */
  readonly withdrawn: readonly Command[];
  /** Addresses whose established connections are to be forgotten before anything is added. */
  readonly movedAddresses: readonly string[];
  /** The same, and no hurry about it. */
  readonly goneAddresses: readonly string[];
  /** Addresses of workloads that had no route of ours when this run began: somebody else may have had them. */
  readonly foundAddresses: readonly string[];
  readonly made: readonly Command[];
  readonly removed: readonly Command[];
  /** When an unwanted route may be removed that has to be left alone now, or be found, in milliseconds since 1970. */
  readonly dueAt: number | undefined;
}

interface KnownRoute {
  readonly route: KernelRoute;
  readonly isMade: boolean;
}

/** The routes of the main table that are ours. */
export class Routes {
  private readonly there = new Map<string, KnownRoute>();
  /** Routes to workloads that the kernel dropped since the last changes, and the indices of their interfaces. */
  private readonly dropped = new Map<string, { readonly route: KernelRoute; readonly index: number | undefined }>();
  private hasBegun = false;
  private readonly firstSeen = new Map<string, { readonly index: number; readonly at: number }>();
  private lookedAt = -Infinity;

  constructor(private readonly settings: HostSettings) {}

  /** Takes what a look at the kernel showed. */
  learn(routes: readonly KernelRoute[], now: number): void {
    this.lookedAt = now;
    const made = new Set([...this.there].filter(([, { isMade }]) => isMade).map(([key]) => key));
    this.there.clear();
    for (const route of routes) {
      const key = kernelKey(route);
      if (made.has(key) || isOurRoute(route, this.settings)) this.there.set(key, { route, isMade: made.has(key) });
    }
  }

  /** Whether the grace of an interface has ended since the last look: what a plugin made on it meanwhile is not known. */
  isLookDue(now: number): boolean {
    return this.lookTimes().some((at) => at > this.lookedAt && at <= now);
  }

  private lookTimes(): readonly number[] {
    return [...this.firstSeen.values()].map(({ at }) => Math.ceil((at + GRACE_MS) / TOGETHER_MS) * TOGETHER_MS);
  }

  /** The kernel dropped the routes of an interface, which went down or is gone. */
  forget(device: string, index: number | undefined): void {
    for (const [key, { route }] of this.there) {
      if (route.device !== device) continue;
      this.there.delete(key);
      if (this.isLocal(route)) this.dropped.set(routeKey(route), { route, index });
    }
  }

  changes({ routes, interfaces }: HostState, now: number): RouteChanges {
    this.see(interfaces, now);
    if (routes === undefined) return { withdrawn: [], movedAddresses: [], goneAddresses: [], foundAddresses: [], made: [], removed: [], dueAt: undefined };
    const missing = [...routes.values()].filter((route) => !this.has(route));
    const wanted = new Set([...routes.values()].map(kernelKey));
    const unwanted = [...this.there].filter(([key]) => !wanted.has(key));
    const [waiting, going] = partition(unwanted, ([, known]) => this.graceEnd(known) > now);
    // A route that stays on its interface with another priority goes once the new one is there.
    const [leaving, others] = partition(going, ([, { route }]) => this.isLocal(route) && routes.get(routeKey(route))?.device !== route.device);
    const withdrawn = [...leaving, ...this.moving(missing)];
    const [moved, gone] = partition([...withdrawn.map(([, { route }]) => route), ...this.lost(routes, interfaces)], (route) => routes.has(routeKey(route)));
    const found = this.hasBegun ? [] : missing.filter((route) => this.isLocal(route));
    this.hasBegun = true;
    return {
      withdrawn: withdrawn.map(([key, { route }]) => this.removal(key, route)),
      movedAddresses: moved.map(addressOf),
      goneAddresses: gone.map(addressOf),
      foundAddresses: found.map(addressOf),
      made: missing.map((route) => this.creation(route)),
      removed: others.map(([key, { route }]) => this.removal(key, route)),
      dueAt: earliest([...waiting.map(([, known]) => this.graceEnd(known)), ...this.lookTimes().filter((at) => at > now)]),
    };
  }

  /** Of the routes that the kernel dropped, those that do not come back on the interface that they were on. */
  private lost(routes: ReadonlyMap<string, Route>, interfaces: HostState['interfaces']): readonly KernelRoute[] {
    const lost = [...this.dropped].filter(([key, { route: { device = '' }, index }]) => routes.get(key)?.device !== device || interfaces.get(device)?.index !== index);
    this.dropped.clear();
    return lost.map(([, { route }]) => route);
  }

  private see(interfaces: HostState['interfaces'], now: number): void {
    for (const [name, { index }] of interfaces) if (isWorkloadInterface(name, this.settings) && this.firstSeen.get(name)?.index !== index) this.firstSeen.set(name, { index, at: now });
    for (const name of this.firstSeen.keys()) if (!interfaces.has(name)) this.firstSeen.delete(name);
  }

  private has(route: Route): boolean {
    const known = this.there.get(kernelKey(route))?.route;
    return known !== undefined && isSame(known, route);
  }

  /** A plugin's routes have the kernel's usual protocol, those of an earlier run that of ours. */
  private graceEnd({ route: { device, protocol }, isMade }: KnownRoute): number {
    const seen = device === undefined ? undefined : this.firstSeen.get(device);
    const isSpared = !isMade && (protocol === BOOT_PROTOCOL || protocol === this.settings.deviceRouteProtocol);
    return !isSpared || seen === undefined ? 0 : seen.at + GRACE_MS;
  }

  /** Routes that another one takes the place of, on another interface. */
  private moving(missing: readonly Route[]): readonly (readonly [string, KnownRoute])[] {
    return missing.flatMap((route) => {
      const key = kernelKey(route);
      const known = this.there.get(key);
      return known !== undefined && known.route.device !== route.device && this.isLocal(known.route) ? [[key, known] as const] : [];
    });
  }

  /** Whether a route leads to one address of a workload of this host. */
  private isLocal({ type, family, destination, gateway, device }: Route | KernelRoute): boolean {
    return type === 'unicast' && gateway === undefined && device !== undefined && device !== VXLAN_DEVICES[family] && destination.endsWith(family === 4 ? '/32' : '/128');
  }

  private creation(route: Route): Command {
    return { line: `route replace ${routeWords(route)}`, done: () => void this.there.set(kernelKey(route), { route: { ...route, tos: '', isUnlikeOurs: false }, isMade: true }) };
  }

  private removal(key: string, route: KernelRoute): Command {
    const { family, destination, device, tos, protocol, metric, gateway } = route;
    const type = route.type === 'blackhole' ? ['blackhole'] : [];
    const words = [...type, destination, ...(tos === '' ? [] : ['tos', tos]), ...(gateway === undefined ? [] : ['via', gateway]), ...(device === undefined ? [] : ['dev', device]), 'proto', String(protocol), ...(metric === 0 && family === 4 ? [] : ['metric', String(metric)])];
    return { line: `route del ${words.join(' ')}`, removes: true, done: () => void this.there.delete(key) };
  }
}

function earliest(times: readonly number[]): number | undefined {
  return times.length === 0 ? undefined : times.reduce((first, each) => Math.min(first, each));
}

/** What of a route there can be only one of in the kernel; IPv6 has several for a destination and priority, by their next hops. */
function kernelKey({ family, destination, metric, device, gateway, ...route }: Route | KernelRoute): string {
  const tos = 'tos' in route ? route.tos : '';
  return [family, destination, metric, tos, ...(family === 6 ? [device, gateway] : [])].join(' ');
}

function addressOf({ destination }: Pick<Route, 'destination'>): string {
  return destination.slice(0, destination.indexOf('/'));
}

function isSame(known: KernelRoute, route: Route): boolean {
  const names = ['type', 'gateway', 'device', 'isOnLink', 'scope', 'protocol', 'source', 'mtu'] as const;
  return !known.isUnlikeOurs && names.every((name) => known[name] === route[name]);
}

function routeWords({ family, type, destination, gateway, device, isOnLink, scope, protocol, metric, source, mtu }: Route): string {
  return [
    ...(type === 'blackhole' ? ['blackhole'] : []), destination,
    ...(gateway === undefined ? [] : ['via', gateway]), ...(device === undefined ? [] : ['dev', device]), ...(isOnLink ? ['onlink'] : []),
    'proto', protocol, ...(family === 4 && type === 'unicast' ? ['scope', scope] : []), ...(metric === 0 ? [] : ['metric', metric]),
    ...(source === undefined ? [] : ['src', source]), ...(mtu === undefined ? [] : ['mtu', mtu]),
  ].join(' ');
}

function partition<T>(values: readonly T[], isFirst: (value: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [values.filter(isFirst), values.filter((value) => !isFirst(value))];
}
