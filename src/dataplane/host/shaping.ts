import { createHash } from 'node:crypto';
import { isMap, type Data } from '../../base/data.js';
import type { Link } from '../input.js';
import type { Shaping, TokenBucket } from './state.js';
import type { Workload } from './workload.js';

const MICROSECONDS = 1_000_000;
/** Ticks of the packet scheduler in a microsecond. */
const TICKS = 15.625;
const MOST = 0xffff_ffff;
/** How long a packet may wait for tokens. */
const LATENCY_SECONDS = 0.025;
/** Bytes that Ethernet puts before a packet. */
const ETHERNET_HEADER = 14;
/** Bits, where a bandwidth has no burst of its own. */
const DEFAULT_BURST = 4_294_967_296;

/** What the names of our ifb devices begin with. */
export const IFB_PREFIX = 'bwcali';
const LONGEST_NAME = 15;

/** The ifb device through which the packets of a workload's interface go. */
export function ifbName(device: string): string {
  return (IFB_PREFIX + createHash('sha512').update(device).digest('hex')).slice(0, LONGEST_NAME);
}

/** How fast the interface of a workload may be, or undefined where nothing limits it (reference/host-network 7). */
export function shapingOf({ object }: Workload, { name, mtu }: Link): Shaping | undefined {
  const { qosControls } = object.spec;
  if (!isMap(qosControls)) return undefined;
  const ingress = bucketOf(qosControls, 'ingress', mtu);
  const egress = bucketOf(qosControls, 'egress', mtu);
  if (ingress === undefined && egress === undefined) return undefined;
  return { device: name, mtu, ingress, egress: egress && { ifb: ifbName(name), bucket: egress } };
}

function bucketOf(controls: Data, direction: 'ingress' | 'egress', mtu: number): TokenBucket | undefined {
  const given = (name: string): number => {
    const value = controls[direction + name];
    return typeof value === 'number' && value > 0 ? value : 0;
  };
  const rate = Math.floor(given('Bandwidth') / 8);
  if (rate === 0) return undefined;
  const peakRate = Math.floor(given('Peakrate') / 8);
  const buffer = ticksFor((given('Burst') || DEFAULT_BURST) / 8, rate);
  const limit = limitOf(rate, buffer);
  if (peakRate === 0) return { rate, buffer, limit };
  const minimum = given('Minburst');
  return {
    rate, buffer,
    limit: Math.min(limit, limitOf(peakRate, ticksFor(minimum, peakRate))),
    peak: { rate: peakRate, burst: Math.max(minimum, mtu + ETHERNET_HEADER) },
  };
}

/** How long a number of bytes lasts. The kernel has 32 bits for it. */
function ticksFor(bytes: number, rate: number): number {
  const microseconds = Math.min(Math.floor((Math.floor(bytes) * MICROSECONDS) / rate), MOST);
  return Math.min(Math.floor(microseconds * TICKS), MOST);
}

/** Bytes that may wait: what the latency allows and the bucket (Calico adds its ticks as if they were bytes). */
function limitOf(rate: number, buffer: number): number {
  return Math.min(Math.floor(rate * LATENCY_SECONDS + buffer), MOST);
}

/**
 * The burst in bytes from which `tc` makes a buffer of so many ticks, or of as many microseconds. A full 32 bits of ticks are seldom a
 * whole number of bytes: then it is a burst whose ticks have these as their last 32 bits. A `tc` that stops at the largest number
 * makes the same of it.
 */
export function burstFor({ buffer, rate }: Pick<TokenBucket, 'buffer' | 'rate'>): number {
  const ticksPerByte = (TICKS * MICROSECONDS) / rate;
  const microseconds = Math.floor(buffer / TICKS);
  const least = Math.ceil(microseconds * TICKS);
  const most = Math.min(Math.ceil((microseconds + 1) * TICKS) - 1, MOST);
  const rounds = buffer === MOST ? Math.floor((MOST * ticksPerByte) / (MOST + 1)) : 0;
  for (let round = 0; round <= rounds; round++) {
    const base = round * (MOST + 1);
    const bytes = Math.ceil((base + least) / ticksPerByte);
    if (bytes <= MOST && Math.ceil(bytes * ticksPerByte) <= base + most) return bytes;
  }
  return Math.max(1, Math.floor(buffer / ticksPerByte));
}
