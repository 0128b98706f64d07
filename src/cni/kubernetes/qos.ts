import { dscpNumber } from '../../resources/v3/felix-types.js';
import type { WorkloadEndpointSpec } from '../../resources/v3/workload-endpoint.js';
import { parseQuantity } from './quantity.js';

/** Limits and marks of a pod's traffic, as its endpoint stores them. */
export type QosControls = NonNullable<WorkloadEndpointSpec['qosControls']>;
type Limit = Exclude<keyof QosControls, 'dscp'>;

type Range = readonly [least: bigint, most: bigint];

const MAX_UINT32 = 2n ** 32n - 1n;
const BANDWIDTH: Range = [1000n, 10n ** 15n];
const BURST: Range = [1000n, MAX_UINT32 * 8n];
const PEAKRATE: Range = [1010n, 1_010_000_000_000_000n];
const MINBURST: Range = [1000n, 10n ** 8n];
const PACKETS: Range = [1n, 10_000n];
const CONNECTIONS: Range = [1n, MAX_UINT32];

/** What an endpoint gets that has a limit and no burst: bits, and packets. */
const DEFAULT_BURST = 4 * 2 ** 30;
const DEFAULT_PACKET_BURST = 5;

const LIMITS: readonly (readonly [field: Limit, range: Range])[] = (['ingress', 'egress'] as const).flatMap((way) => [
  [`${way}Bandwidth`, BANDWIDTH], [`${way}Burst`, BURST], [`${way}Peakrate`, PEAKRATE], [`${way}Minburst`, MINBURST],
  [`${way}PacketRate`, PACKETS], [`${way}PacketBurst`, PACKETS], [`${way}MaxConnections`, CONNECTIONS],
] as const);

const PREFIX = 'qos.projectcalico.org/';
/** The annotations of Kubernetes' bandwidth plugin, which count where there is none of ours. */
const OF_KUBERNETES: Readonly<Partial<Record<Limit, string>>> = { ingressBandwidth: 'kubernetes.io/ingress-bandwidth', egressBandwidth: 'kubernetes.io/egress-bandwidth' };

/**
 * The limits that annotations give a pod (reference/network-plugin 30.4); none where there are none. What cannot be followed is a problem, and the
 * rest counts: a pod starts whatever its limits are.
 */
export function qosOf(annotations: Readonly<Record<string, string>>): { readonly controls: QosControls | undefined; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const limits = new Map<Limit, number>();
  for (const [field, range] of LIMITS) {
    const limit = limitOf(annotations, field, range, problems);
    if (limit !== undefined) limits.set(field, limit);
  }
  for (const way of ['ingress', 'egress'] as const) settle(limits, way, problems);
  const dscp = dscpOf(annotations, problems);
  const controls: QosControls = { ...Object.fromEntries(limits), ...(dscp !== undefined && { dscp }) };
  return { controls: Object.keys(controls).length === 0 ? undefined : controls, problems };
}

function limitOf(annotations: Readonly<Record<string, string>>, field: Limit, [least, most]: Range, problems: string[]): number | undefined {
  const key = [PREFIX + field, OF_KUBERNETES[field] ?? ''].find((each) => Object.hasOwn(annotations, each));
  if (key === undefined) return undefined;
  const value = parseQuantity(annotations[key] as string);
  if (value === undefined) {
    problems.push(`the annotation ${key} is "${annotations[key]}", which is not a quantity such as 10M; it is left aside`);
    return undefined;
  }
  const within = value < least ? least : value > most ? most : value;
  if (within !== value) problems.push(`the annotation ${key} is "${annotations[key]}", and ${within === least ? 'the least' : 'the most'} that can be is ${within}; that counts`);
  return Number(within);
}

/** Takes away what means nothing without something else, and fills in bursts. */
function settle(limits: Map<Limit, number>, way: 'ingress' | 'egress', problems: string[]): void {
  const of = (name: string): Limit => `${way}${name}` as Limit;
  const needs = (name: string, other: string, holds = limits.has(of(other))): void => {
    if (holds || !limits.delete(of(name))) return;
    problems.push(`${of(name)} means nothing without ${name === 'Peakrate' ? 'a lower ' : ''}${of(other)}; it is left aside`);
  };
  needs('Burst', 'Bandwidth');
  needs('Peakrate', 'Bandwidth', limits.has(of('Bandwidth')) && (limits.get(of('Bandwidth')) ?? 0) < (limits.get(of('Peakrate')) ?? Infinity));
  needs('Minburst', 'Peakrate');
  needs('PacketBurst', 'PacketRate');
  if (limits.has(of('Bandwidth')) && !limits.has(of('Burst'))) limits.set(of('Burst'), DEFAULT_BURST);
  if (limits.has(of('PacketRate')) && !limits.has(of('PacketBurst'))) limits.set(of('PacketBurst'), DEFAULT_PACKET_BURST);
}

function dscpOf(annotations: Readonly<Record<string, string>>, problems: string[]): number | string | undefined {
  const key = `${PREFIX}dscp`;
  const text = Object.hasOwn(annotations, key) ? annotations[key] : undefined;
  if (text === undefined) return undefined;
  if (dscpNumber(text) === undefined) {
    problems.push(`the annotation ${key} is "${text}", which is neither a number from 0 to 63 nor a name such as AF11; it is left aside`);
    return undefined;
  }
  return /^\d+$/.test(text) ? Number(text) : text;
}
