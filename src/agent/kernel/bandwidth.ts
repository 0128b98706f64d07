import { burstFor, IFB_PREFIX, ifbName } from '../../dataplane/host/shaping.js';
import { isWorkloadInterface, type HostSettings } from '../../dataplane/host/settings.js';
import type { HostState, TokenBucket } from '../../dataplane/host/state.js';
import type { Command } from './batch.js';
import { Belief } from './belief.js';
import type { KernelDevice, KernelQdisc } from './look.js';

/** What has to be done: devices by `ip`, then the rest by `tc`. */
export interface BandwidthChanges {
  readonly devices: readonly Command[];
  readonly disciplines: readonly Command[];
}

/** Bandwidth of workloads (reference/host-network 7). */
export class Bandwidth {
  /** Towards workloads by interface, from workloads by interface. */
  private readonly ingress = new Belief<TokenBucket>(isSame);
  private readonly egress = new Belief<{ readonly bucket: TokenBucket; readonly mtu: number }>((a, b) => a.mtu === b.mtu && isSame(a.bucket, b.bucket));
  /** Our ifb devices that no interface is known for. */
  private stray: readonly string[] = [];

  constructor(private readonly settings: Pick<HostSettings, 'interfacePrefix'>) {}

  /** Takes what a look at the kernel showed; buckets whose rate is another than they have here count as unknown. */
  learn(devices: readonly KernelDevice[], qdiscs: readonly KernelQdisc[]): void {
    const workloads = devices.filter(({ name }) => isWorkloadInterface(name, this.settings)).map(({ name }) => name);
    const owners = new Map(workloads.map((name) => [ifbName(name), name]));
    const rates = new Map(qdiscs.filter(({ kind, isRoot }) => kind === 'tbf' && isRoot).map(({ device, rate = 0 }) => [device, rate]));
    const redirecting = new Set(qdiscs.filter(({ kind }) => kind === 'ingress').map(({ device }) => device));
    this.ingress.learn(workloads.flatMap((name) => {
      const rate = rates.get(name);
      return rate === undefined ? [] : [[name, this.knownOr(this.ingress.get(name), rate)] as const];
    }));
    const ifbs = devices.filter(({ name, kind }) => kind === 'ifb' && name.startsWith(IFB_PREFIX));
    this.egress.learn(ifbs.flatMap(({ name, mtu, isUp }) => {
      const owner = owners.get(name);
      if (owner === undefined) return [];
      const isWhole = isUp && redirecting.has(owner);
      return [[owner, { mtu, bucket: this.knownOr(isWhole ? this.egress.get(owner)?.bucket : undefined, rates.get(name) ?? 0) }] as const];
    }));
    this.stray = ifbs.map(({ name }) => name).filter((name) => !owners.has(name));
  }

  private knownOr(known: TokenBucket | undefined, rate: number): TokenBucket {
    return known?.rate === rate ? known : { rate, buffer: 0, limit: 0 };
  }

  /** The interface is another one now: its ifb device is there all the same, and nothing leads to it. */
  forget(device: string): void {
    this.ingress.forget(device);
    const known = this.egress.get(device);
    if (known !== undefined) this.egress.set(device, { ...known, bucket: { ...known.bucket, buffer: 0 } });
  }

  changes({ shaping }: HostState): BandwidthChanges {
    const wantedIn = new Map([...shaping.values()].flatMap(({ device, ingress }) => (ingress === undefined ? [] : [[device, ingress] as const])));
    const wantedOut = new Map([...shaping.values()].flatMap(({ device, mtu, egress }) => (egress === undefined ? [] : [[device, { mtu, bucket: egress.bucket }] as const])));
    const outMissing = this.egress.missing(wantedOut);
    const outUnwanted = this.egress.unwanted(wantedOut);
    const stray = this.stray.map((name) => ({ line: `link del dev ${name}`, removes: true, done: () => void (this.stray = this.stray.filter((each) => each !== name)) }));
    return {
      devices: [
        ...stray,
        ...outUnwanted.map(([device]) => ({ line: `link del dev ${ifbName(device)}`, removes: true })),
        ...outMissing.flatMap(([device, { mtu }]) => this.ifb(device, mtu)),
      ],
      disciplines: [
        ...this.ingress.unwanted(wantedIn).map(([device]) => ({ line: `qdisc del dev ${device} root`, removes: true, done: () => this.ingress.forget(device) })),
        ...outUnwanted.map(([device]) => ({ line: `qdisc del dev ${device} ingress`, removes: true, done: () => this.egress.forget(device) })),
        ...this.ingress.missing(wantedIn).map(([device, bucket]) => ({ line: tbf(device, bucket), done: () => this.ingress.set(device, bucket) })),
        ...outMissing.flatMap(([device, wanted]) => this.redirection(device, wanted)),
      ],
    };
  }

  private ifb(device: string, mtu: number): readonly Command[] {
    const name = ifbName(device);
    const known = this.egress.get(device);
    const made = known === undefined ? [{ line: `link add name ${name} mtu ${mtu} type ifb` }] : known.mtu === mtu ? [] : [{ line: `link set dev ${name} mtu ${mtu}` }];
    return [...made, { line: `link set dev ${name} up` }];
  }

  private redirection(device: string, wanted: { readonly bucket: TokenBucket; readonly mtu: number }): readonly Command[] {
    const name = ifbName(device);
    const redirect = [
      { line: `qdisc replace dev ${device} ingress` },
      { line: `filter del dev ${device} parent ffff:`, removes: true },
      { line: `filter add dev ${device} parent ffff: protocol all prio 1 u32 match u32 0 0 flowid 1:1 action mirred egress redirect dev ${name}` },
    ];
    const known = this.egress.get(device);
    return [...(known === undefined || known.bucket.buffer === 0 ? redirect : []), { line: tbf(name, wanted.bucket), done: () => this.egress.set(device, wanted) }];
  }
}

function tbf(device: string, bucket: TokenBucket): string {
  const peak = bucket.peak === undefined ? '' : ` peakrate ${bucket.peak.rate}bps minburst ${bucket.peak.burst}`;
  return `qdisc replace dev ${device} root handle 1: tbf rate ${bucket.rate}bps burst ${burstFor(bucket)} limit ${bucket.limit}${peak}`;
}

function isSame(a: TokenBucket, b: TokenBucket): boolean {
  return a.rate === b.rate && a.buffer === b.buffer && a.limit === b.limit && a.peak?.rate === b.peak?.rate && a.peak?.burst === b.peak?.burst;
}
