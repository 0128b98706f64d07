import { containsIp } from '../net/address.js';
import { namedPortsAt, type Condition, type Side } from './condition.js';
import { askPackets, type Part } from './hook-packets.js';
import type { EndpointHook } from './hooks.js';
import type { Model } from './model.js';
import type { Address } from './packet.js';
import { allPackets, overlap, type PacketSet } from './packet-set.js';
import type { Rule } from './rule.js';
import { addressesFulfil, isAboutAddresses, type Ends } from './rule-packets.js';

/** What hooks say of all packets between two addresses, worked out once for addresses that the hook's own rules cannot tell apart. */
export class HookAnswers {
  private readonly answers = new Map<EndpointHook, Map<string, readonly Part[]>>();
  private readonly conditions = new Map<EndpointHook, Record<4 | 6, readonly Condition[] | undefined>>();
  private readonly keys = new Map<EndpointHook, Record<Side, Map<Address, string>>>();

  constructor(private readonly model: Model) {}

  /** As `askPackets`. */
  ask(hook: EndpointHook, ends: Ends, packets: PacketSet): readonly Part[] {
    let answers = this.answers.get(hook);
    if (answers === undefined) this.answers.set(hook, (answers = new Map<string, readonly Part[]>()));
    const key = `${ends.version} ${this.keyOf(hook, 'source', ends)} ${this.keyOf(hook, 'destination', ends)}`;
    let parts = answers.get(key);
    if (parts === undefined) answers.set(key, (parts = askPackets(this.model, hook, ends, allPackets(ends.version))));
    if (packets === allPackets(ends.version)) return parts;
    return parts.map((part) => ({ ...part, packets: overlap(packets, part.packets) })).filter((part) => part.packets.length > 0);
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
  private keyOf(hook: EndpointHook, side: Side, ends: Ends): string {
    let keys = this.keys.get(hook);
    if (keys === undefined) this.keys.set(hook, (keys = { source: new Map(), destination: new Map() }));
    const address = ends[side];
    let key = keys[side].get(address);
    if (key === undefined) keys[side].set(address, (key = this.newKey(hook, side, ends)));
    return key;
  }

  private newKey(hook: EndpointHook, side: Side, ends: Ends): string {
    const said = this.conditionsOf(hook, ends.version).filter((condition) => 'side' in condition && condition.side === side).map((condition) =>
      condition.kind === 'ports' ? namedPortsAt(condition, ends[side]).join(',') : addressesFulfil(condition, ends) ? '+' : '-');
    const { failsafe } = hook.settings;
    const open = [...failsafe.ingress, ...failsafe.egress].map(({ net }) => (net !== undefined && containsIp(net, ends[side].ip) ? '+' : ''));
    return [...said, '|', ...open].join('');
  }

  private conditionsOf(hook: EndpointHook, version: 4 | 6): readonly Condition[] {
    let known = this.conditions.get(hook);
    if (known === undefined) this.conditions.set(hook, (known = { 4: undefined, 6: undefined }));
    return (known[version] ??= rulesOf(hook).flatMap((rule) => rule.conditions(version)).filter((condition) => isAboutAddresses(condition) || (condition.kind === 'ports' && condition.names.length > 0)));
  }
}

/** Every rule that a hook asks. */
export function rulesOf({ direction, questions: { tiers, profiles = [] } }: EndpointHook): readonly Rule[] {
  return [...tiers.flatMap(({ rules }) => rules), ...profiles.flatMap((profile) => profile.rules(direction))];
}
