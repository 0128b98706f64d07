import { compareIp, parseIp, type Ip } from '../../../src/net/address.js';
import type { AddressClass } from '../../../src/policy/address-classes.js';
import { packetOf, type Flow } from '../../../src/policy/flow.js';
import type { Model } from '../../../src/policy/model.js';
import { holdsPacket, type PacketSet } from '../../../src/policy/packet-set.js';
import { questionsOf } from '../../../src/policy/route.js';
import { hopsOnRoute, type Route } from '../../../src/policy/routes.js';
import { endpointSignature } from '../../../src/policy/signatures.js';

/** Packets between two classes on a route. */
export interface FlowSet {
  readonly from: AddressClass;
  readonly to: AddressClass;
  readonly route: Route;
  readonly packets: PacketSet;
}

/** Whether a flow is among packets between two classes: by its addresses, by what is asked on its way, and by the rest. */
export function holdsFlow(models: readonly Model[], set: FlowSet, flow: Flow): boolean {
  const packet = packetOf(models[0]!, flow);
  return isInClass(set.from, packet.source.ip) && isInClass(set.to, packet.destination.ip) && holdsPacket(set.packets, packet) && models.every((model) => wayOf(model, set.route) === wayOf(model, flow));
}

export function isInClass({ version, ranges }: AddressClass, ip: Ip): boolean {
  return ip.version === version && ranges.some(([from, to]) => compareIp(from, ip) <= 0 && compareIp(ip, to) <= 0);
}

/** The questions on a way, by what they are about rather than by whom. */
function wayOf(model: Model, { src, dst, via, from, to }: Route): string {
  const route = { src, dst, ...(via && { via }), ...(from && { from }), ...(to && { to }) };
  return hopsOnRoute(model, route).map((hop) => questionsOf(model, hop).map((question) => (question.kind === 'hook' ? `${question.hook.hook} ${question.hook.direction} ${endpointSignature(question.hook.endpoint)}` : question.kind)).join('+')).join('|');
}

/** Some address of a class. */
export function addressIn({ version, ranges }: AddressClass, range: number, fraction: number): Ip {
  const [from, to] = ranges[range % ranges.length]!;
  if (from.version === 4) return { version: 4, value: from.value + Math.floor(fraction * ((to as typeof from).value - from.value + 1)) };
  const size = (to as typeof from).value - from.value + 1n;
  return version === 6 ? { version: 6, value: from.value + (size * BigInt(Math.floor(fraction * 1_000_000))) / 1_000_000n } : parseIp('0.0.0.0')!;
}
