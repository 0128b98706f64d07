import { containsIp } from '../net/address.js';
import { namedPortsAt, testOf, type Condition, type Side } from './condition.js';
import { askPackets, type Part } from './hook-packets.js';
import type { EndpointHook } from './hooks.js';
import type { Model } from './model.js';
import type { Address, Packet } from './packet.js';
import { allPackets, overlap, type PacketSet } from './packet-set.js';
import type { Rule } from './rule.js';
import { addressesOnly, isAboutAddresses, type Ends } from './rule-packets.js';

/** What hooks say of all packets between two addresses, worked out once for addresses that the hook's own rules cannot tell apart. */
export class HookAnswers {
  private readonly answers = new Map<EndpointHook, Map<string, readonly Part[]>>();
  private readonly tellers = new Map<EndpointHook, { 4?: Readonly<Record<Side, readonly Teller[]>>; 6?: Readonly<Record<Side, readonly Teller[]>> }>();
  private readonly keys = new Map<EndpointHook, Record<Side, Map<Address, string>>>();

  constructor(private readonly model: Model) {}

  /** As `askPackets`. */
  ask(hook: EndpointHook, ends: Ends, packets: PacketSet): readonly Part[] {
    let answers = this.answers.get(hook);
    if (answers === undefined) this.answers.set(hook, (answers = new Map<string, readonly Part[]>()));
    const key = this.key(hook, ends);
    let parts = answers.get(key);
    if (parts === undefined) answers.set(key, (parts = askPackets(this.model, hook, ends, allPackets(ends.version))));
    if (packets === allPackets(ends.version)) return parts;
    return parts.map((part) => ({ ...part, packets: overlap(packets, part.packets) })).filter((part) => part.packets.length > 0);
  }

  /** Equal for addresses between which the hook says the same of all packets. */
  key(hook: EndpointHook, ends: Ends): string {
    return `${ends.version} ${this.keyOf(hook, 'source', ends)} ${this.keyOf(hook, 'destination', ends)}`;
  }

  /** Of addresses, one for each kind that the hook's rules can tell apart on one side. */
  representatives(hook: EndpointHook, version: 4 | 6, side: Side, addresses: readonly Address[]): readonly Address[] {
    const found = new Map<string, Address>();
    for (const address of addresses) {
      const key = this.keyOf(hook, side, { version, source: address, destination: address });
      if (!found.has(key)) found.set(key, address);
    }
    return [...found.values()];
  }

  /** What the hook's rules can say of the address on one side. */
  keyOf(hook: EndpointHook, side: Side, ends: Ends): string {
    let keys = this.keys.get(hook);
    if (keys === undefined) this.keys.set(hook, (keys = { source: new Map(), destination: new Map() }));
    const address = ends[side];
    let key = keys[side].get(address);
    if (key === undefined) keys[side].set(address, (key = this.newKey(hook, side, ends)));
    return key;
  }

  private newKey(hook: EndpointHook, side: Side, ends: Ends): string {
    const packet = addressesOnly(ends);
    let key = '';
    for (const tell of this.tellersOf(hook, ends.version)[side]) key += tell(packet);
    const { failsafe } = hook.settings;
    for (const { net } of [...failsafe.ingress, ...failsafe.egress]) if (net !== undefined) key += containsIp(net, ends[side].ip) ? '+' : '-';
    return key;
  }

  private tellersOf(hook: EndpointHook, version: 4 | 6): Readonly<Record<Side, readonly Teller[]>> {
    let known = this.tellers.get(hook);
    if (known === undefined) this.tellers.set(hook, (known = {}));
    return (known[version] ??= tellers(rulesOf(hook).flatMap((rule) => rule.conditions(version))));
  }
}

/** Says what a condition can tell of the address on its side. */
type Teller = (packet: Packet) => string;

function tellers(conditions: readonly Condition[]): Readonly<Record<Side, readonly Teller[]>> {
  const bySide: Record<Side, Teller[]> = { source: [], destination: [] };
  const known = new Set<string>();
  for (const condition of conditions) {
    if (condition.kind === 'selector') {
      // Many rules ask the same, and what does not match says as much.
      const asked = `${condition.side} ${condition.matcher.text}`;
      if (known.has(asked)) continue;
      known.add(asked);
    }
    if (isAboutAddresses(condition)) {
      const test = testOf(condition);
      bySide[condition.side].push((packet) => (test(packet) ? '+' : '-'));
    } else if (condition.kind === 'ports' && condition.names.length > 0) bySide[condition.side].push((packet) => `${namedPortsAt(condition, packet[condition.side]).join(',')};`);
  }
  return bySide;
}

/** Every rule that a hook asks. */
export function rulesOf({ direction, questions: { tiers, profiles = [] } }: EndpointHook): readonly Rule[] {
  return [...tiers.flatMap(({ rules }) => rules), ...profiles.flatMap((profile) => profile.rules(direction))];
}
