import type { AddressClass } from './address-classes.js';
import type { HookAnswers } from './hook-answers.js';
import { endpointHook, type EndpointHook } from './hooks.js';
import type { Endpoint } from './known-objects.js';
import type { Model } from './model.js';
import { allPackets, join, NO_PACKETS, overlap, type PacketSet } from './packet-set.js';
import type { Address } from './packet.js';
import type { Direction } from './rule.js';
import type { Ends } from './rule-packets.js';

/** A hook of a workload, with what it can tell of all others. */
interface Near {
  readonly hook: EndpointHook;
  readonly far: readonly number[];
  /** Numbers of sets of packets, by what the hook can tell of the other one. */
  readonly said: number[];
}

/**
 * What gets from workloads to workloads where no host is asked: what the sender's policies let out and the receiver's let in. Each hook is
 * asked once for those that it cannot tell apart, so that millions of pairs can be looked at.
 */
export class WorkloadPairs {
  private readonly indexes = new Map<AddressClass, number>();
  private readonly addresses: Address[] = [];
  private readonly endpoints: Endpoint[] = [];
  private readonly near = { egress: [] as Near[], ingress: [] as Near[] };
  private readonly sharedFar = new Map<string, readonly number[]>();
  private readonly sharedSaid = new Map<string, number[]>();
  private readonly sets: PacketSet[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly both: PacketSet[][] = [];

  /** @param classes those that are not of workloads are left out */
  constructor(
    private readonly model: Model,
    private readonly answers: HookAnswers,
    private readonly version: 4 | 6,
    classes: readonly AddressClass[],
  ) {
    for (const each of classes) {
      const address = model.addressOf(each.representatives[0]!);
      const gate = address.place?.gate;
      if (gate?.kind !== 'workload' || gate.endpoint === undefined) continue;
      this.indexes.set(each, this.addresses.push(address) - 1);
      this.endpoints.push(gate.endpoint);
    }
  }

  /** What gets from one class to another; undefined where one of them is not of workloads. */
  allowed(from: AddressClass, to: AddressClass): PacketSet | undefined {
    const [source, destination] = [this.indexes.get(from), this.indexes.get(to)];
    if (source === undefined || destination === undefined) return undefined;
    const [sent, received] = [this.said('egress', source, destination), this.said('ingress', destination, source)];
    const known = (this.both[sent] ??= []);
    return (known[received] ??= overlap(this.sets[sent]!, this.sets[received]!));
  }

  /** The number of what a workload's hook lets through to or from another one. */
  private said(direction: Direction, near: number, far: number): number {
    const { hook, far: kinds, said } = (this.near[direction][near] ??= this.nearOf(direction, near));
    const kind = kinds[far]!;
    return (said[kind] ??= this.numberOf(hook, this.endsOf(direction, near, far)));
  }

  private nearOf(direction: Direction, near: number): Near {
    const hook = endpointHook(this.model, 'workload', direction, this.endpoints[near]!);
    const [ownSide, farSide] = direction === 'egress' ? (['source', 'destination'] as const) : (['destination', 'source'] as const);
    const key = `${direction} ${this.answers.number(hook)}`;
    let far = this.sharedFar.get(key);
    if (far === undefined) this.sharedFar.set(key, (far = this.addresses.map((address) => this.answers.keyOf(hook, farSide, address))));
    const own = this.answers.keyOf(hook, ownSide, this.addresses[near]!);
    let said = this.sharedSaid.get(`${key} ${own}`);
    if (said === undefined) this.sharedSaid.set(`${key} ${own}`, (said = []));
    return { hook, far, said };
  }

  private numberOf(hook: EndpointHook, ends: Ends): number {
    const allowed = this.answers.ask(hook, ends, allPackets(this.version)).filter((part) => part.do !== 'deny').reduce<PacketSet>((set, { packets }) => join(set, packets), NO_PACKETS);
    const text = JSON.stringify(allowed);
    let number = this.numbers.get(text);
    if (number === undefined) this.numbers.set(text, (number = this.sets.push(allowed) - 1));
    return number;
  }

  private endsOf(direction: Direction, near: number, far: number): Ends {
    const [own, other] = [this.addresses[near]!, this.addresses[far]!];
    return direction === 'egress' ? { version: this.version, source: own, destination: other } : { version: this.version, source: other, destination: own };
  }
}
