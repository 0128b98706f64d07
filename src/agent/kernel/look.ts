import type { Family } from '../../dataplane/desired.js';
import type { Route } from '../../dataplane/host/state.js';
import type { RunProgram } from '../../host/program.js';

const LOOK_MS = 30_000;
const UNICAST = '1';
const BLACKHOLE = '6';
const LINK_SCOPE = '253';

/** A route as the kernel has it; `type` is undefined for one of a kind that we never make. */
export interface KernelRoute extends Omit<Route, 'type'> {
  readonly type: Route['type'] | undefined;
  readonly tos: string;
  /** With several next hops, or with what else we never give a route. */
  readonly isUnlikeOurs: boolean;
}

interface ListedRoute {
  readonly type?: string;
  readonly dst?: string;
  readonly gateway?: string;
  readonly dev?: string;
  readonly protocol?: string;
  readonly scope?: string;
  readonly metric?: number;
  readonly prefsrc?: string;
  readonly tos?: string;
  readonly flags?: readonly string[];
  readonly metrics?: readonly Readonly<Record<string, unknown>>[];
  readonly nexthops?: unknown;
  readonly via?: unknown;
}

/** A device with what only its kind has. */
export interface KernelDevice {
  readonly name: string;
  /** 0 where we made it and did not look since. */
  readonly index: number;
  readonly mtu: number;
  readonly isUp: boolean;
  readonly mac: string;
  readonly kind: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** With their prefix lengths; those that the kernel makes itself left out. */
  readonly addresses: readonly string[];
}

export interface KernelNeighbour {
  readonly device: string;
  readonly address: string;
  readonly mac: string;
}

export interface KernelQdisc {
  readonly device: string;
  readonly kind: string;
  readonly handle: string;
  readonly isRoot: boolean;
  readonly rate: number | undefined;
}

/** The routes of the main table. Throws an Error that says what failed. */
export async function lookAtRoutes(run: RunProgram, family: Family): Promise<readonly KernelRoute[]> {
  const listed = await json<ListedRoute>(run, 'ip', [`-${family}`, '-Numeric', '-details', '-json', 'route', 'show', 'table', 'main']);
  return listed.flatMap(({ dst, ...route }) => (dst === undefined || dst === 'default' ? [] : [kernelRoute(family, dst, route)]));
}

function kernelRoute(family: Family, dst: string, { type, gateway, dev, protocol, scope, metric = 0, prefsrc, tos = '', flags = [], metrics = [], nexthops, via }: ListedRoute): KernelRoute {
  const { mtu, ...otherMetrics } = metrics[0] ?? {};
  const isBlackhole = type === BLACKHOLE;
  return {
    family, gateway, metric, source: prefsrc, tos,
    type: isBlackhole ? 'blackhole' : type === UNICAST ? 'unicast' : undefined,
    destination: dst.includes('/') ? dst : `${dst}/${family === 4 ? 32 : 128}`,
    device: isBlackhole ? undefined : dev,
    isOnLink: flags.includes('onlink'),
    scope: scope === LINK_SCOPE ? 'link' : 'global',
    protocol: Number(protocol),
    mtu: typeof mtu === 'number' ? mtu : undefined,
    isUnlikeOurs: nexthops !== undefined || via !== undefined || Object.keys(otherMetrics).length > 0,
  };
}

interface ListedDevice {
  readonly ifname?: string;
  readonly ifindex?: number;
  readonly mtu?: number;
  readonly flags?: readonly string[];
  readonly address?: string;
  readonly linkinfo?: { readonly info_kind?: string; readonly info_data?: Readonly<Record<string, unknown>> };
  readonly addr_info?: readonly { readonly local?: string; readonly prefixlen?: number; readonly scope?: string }[];
}

/** All devices, with their addresses. Throws an Error that says what failed. */
export async function lookAtDevices(run: RunProgram): Promise<readonly KernelDevice[]> {
  const listed = await json<ListedDevice>(run, 'ip', ['-details', '-json', 'address', 'show']);
  return listed.flatMap(({ ifname, ifindex: index = 0, mtu = 0, flags = [], address = '', linkinfo = {}, addr_info: info = [] }) => {
    if (ifname === undefined) return [];
    const addresses = info.flatMap(({ local = '', prefixlen = 0 }) => (/^fe80:/i.test(local) ? [] : [`${local}/${prefixlen}`]));
    return [{ name: ifname, index, mtu, isUp: flags.includes('UP'), mac: address, kind: linkinfo.info_kind ?? '', data: linkinfo.info_data ?? {}, addresses }];
  });
}

/** The permanent neighbours of both families. Throws an Error that says what failed. */
export async function lookAtNeighbours(run: RunProgram): Promise<readonly KernelNeighbour[]> {
  const listed = await json<{ dst?: string; dev?: string; lladdr?: string }>(run, 'ip', ['-json', 'neighbour', 'show', 'nud', 'permanent']);
  return listed.flatMap(({ dst, dev, lladdr = '' }) => (dst === undefined || dev === undefined ? [] : [{ address: dst, device: dev, mac: lladdr }]));
}

/** The permanent entries of the FDB of a VXLAN device. Throws an Error that says what failed. */
export async function lookAtFdb(run: RunProgram, device: string): Promise<readonly { readonly mac: string; readonly destination: string }[]> {
  const listed = await json<{ mac?: string; dst?: string; state?: string }>(run, 'bridge', ['-json', 'fdb', 'show', 'dev', device]);
  return listed.flatMap(({ mac, dst, state }) => (mac === undefined || dst === undefined || state !== 'permanent' ? [] : [{ mac, destination: dst }]));
}

/** The queueing disciplines of all devices. Throws an Error that says what failed. */
export async function lookAtQdiscs(run: RunProgram): Promise<readonly KernelQdisc[]> {
  const listed = await json<{ dev?: string; kind?: string; handle?: string; root?: boolean; options?: { rate?: number } }>(run, 'tc', ['-json', 'qdisc', 'show']);
  return listed.flatMap(({ dev, kind = '', handle = '', root = false, options = {} }) => (dev === undefined ? [] : [{ device: dev, kind, handle, isRoot: root, rate: options.rate }]));
}

async function json<T>(run: RunProgram, program: string, args: readonly string[]): Promise<readonly T[]> {
  const end = await run(program, args, { whole: true, timeoutMs: LOOK_MS });
  if (end.code !== 0) throw new Error(`${program} ${args.join(' ')}: ${end.stderr.trim() || `ended with ${end.code ?? 'a signal'}`}`);
  return end.stdout.trim() === '' ? [] : (JSON.parse(end.stdout) as readonly T[]);
}
