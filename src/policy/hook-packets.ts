import { containsIp } from '../net/address.js';
import type { FelixSettings } from './felix-settings.js';
import type { EndpointHook } from './hooks.js';
import { interval } from './interval-set.js';
import { DIRECTIONS, type Model } from './model.js';
import { allPackets, join, NO_PACKETS, overlap, WITH_ANY_PORTS, without, type PacketBox, type PacketSet } from './packet-set.js';
import { IPIP, UDP } from './protocol-number.js';
import type { Direction, Rule } from './rule.js';
import { rulePackets, type Ends } from './rule-packets.js';
import type { Answer, Questions } from './walk.js';

/** Packets of which a hook says the same for the same reason. */
export interface Part extends Pick<Answer, 'do' | 'by' | 'rule'> {
  readonly packets: PacketSet;
}

/** Is told of every rule that packets get to: which packets, and which of them match. */
export type Observer = (rule: Rule, arriving: PacketSet, matching: PacketSet) => void;

/** What a hook says of a set of new packets between two addresses: disjoint parts, which are all of it. */
export function askPackets(model: Model, hook: EndpointHook, ends: Ends, packets: PacketSet, observe?: Observer): readonly Part[] {
  const { endpoint, direction, questions, settings } = hook;
  if (hook.hook === 'workload') {
    const dropped = direction === 'egress' ? overlap(packets, encapsulation(settings, ends)) : NO_PACKETS;
    return [...part('deny', 'encapsulation', dropped), ...walkPackets(questions, ends, without(packets, dropped), observe)];
  }
  if (hook.hook === 'forward') {
    return model.hasPolicies(endpoint.group, 'forward', DIRECTIONS) ? walkPackets(questions, ends, packets, observe) : part('allow', 'forward-default', packets);
  }
  const open = overlap(packets, failsafe(settings, direction, hook.hook === 'untracked', ends));
  return [...part('allow', 'failsafe', open), ...walkPackets(questions, ends, without(packets, open), observe)];
}

function part(action: Part['do'], by: string, packets: PacketSet, rule?: Rule): readonly Part[] {
  return packets.length === 0 ? [] : [{ do: action, by, packets, ...(rule !== undefined && { rule }) }];
}

/** As `walk` does with one packet. */
function walkPackets({ tiers, direction, endsTiers, isGoverned, profiles }: Questions, ends: Ends, packets: PacketSet, observe?: Observer): readonly Part[] {
  const parts: Part[] = [];
  let left = packets;
  for (const { tier, rules } of tiers) {
    const { undecided, passed } = askRules(rules, ends, left, parts, observe);
    left = passed;
    if (!endsTiers || tier.defaultAction === 'pass') left = join(passed, undecided);
    else parts.push(...part('deny', `tier-default:${tier.name}`, undecided));
  }
  if (profiles === undefined) return [...parts, ...part('none', isGoverned ? 'no-match' : 'no-policy', left)];
  for (const profile of profiles) {
    const { undecided, passed } = askRules(profile.rules(direction), ends, left, parts, observe);
    left = join(undecided, passed);
  }
  return [...parts, ...part('deny', profiles.length === 0 ? 'no-profile' : 'no-profile-match', left)];
}

/** Puts what is decided into `parts`; the rest is left undecided, or passed on to the next tier. */
function askRules(rules: readonly Rule[], ends: Ends, packets: PacketSet, parts: Part[], observe?: Observer): { undecided: PacketSet; passed: PacketSet } {
  let undecided = packets;
  let passed = NO_PACKETS;
  for (const rule of rules) {
    if (undecided.length === 0) break;
    const matching = overlap(undecided, rulePackets(rule, ends));
    observe?.(rule, undecided, matching);
    if (matching.length === 0 || rule.action === 'log') continue;
    if (rule.action === 'pass') passed = join(passed, matching);
    else parts.push({ do: rule.action, by: rule.id, rule, packets: matching });
    undecided = without(undecided, matching);
  }
  return { undecided, passed };
}

/** What workloads may not send. */
function encapsulation({ dropsIpip, droppedVxlanPort }: FelixSettings, { version }: Ends): PacketSet {
  const ipip = dropsIpip ? allPackets(version).map((box) => ({ ...box, protocols: interval(IPIP) })).slice(2) : [];
  return droppedVxlanPort === undefined ? ipip : [...ipip, { ...WITH_ANY_PORTS, protocols: interval(UDP), second: interval(droppedVxlanPort) }];
}

/** What goes to failsafe ports, or comes from them where answers count. */
function failsafe(settings: FelixSettings, direction: Direction, withAnswers: boolean, { source, destination }: Ends): PacketSet {
  const far = direction === 'ingress' ? source : destination;
  const boxes = (side: Direction, part: 'first' | 'second'): readonly PacketBox[] =>
    settings.failsafe[side].filter(({ net }) => net === undefined || containsIp(net, far.ip)).map(({ protocol, port }) => ({ ...WITH_ANY_PORTS, protocols: interval(protocol), [part]: interval(port) }));
  const open = [...boxes(direction, 'second'), ...(withAnswers ? boxes(direction === 'ingress' ? 'egress' : 'ingress', 'first') : [])];
  return open.reduce<PacketSet>((set, box) => join(set, [box]), NO_PACKETS);
}
