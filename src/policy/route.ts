import { endpointHook, type EndpointHook } from './hooks.js';
import type { Endpoint } from './known-objects.js';
import { DIRECTIONS, type Model } from './model.js';
import type { Packet } from './packet.js';
import type { Hop } from './path.js';
import type { Gate } from './place.js';
import { ICMPV6 } from './protocol-number.js';

/** Something that is asked about a packet on a host. */
export type Question =
  | {
      readonly kind: 'hook';
      readonly hook: EndpointHook;
      /** Whether a rule that allows accepts the packet for what asks `unlessAccepted`. */
      readonly accepts: boolean;
      readonly unlessAccepted: boolean;
    }
  /** A workload's interface without an endpoint. */
  | { readonly kind: 'unknown-interface' }
  /** What becomes of packets of a workload for its own host; neighbour discovery goes through before its policy is asked. */
  | { readonly kind: 'endpoint-to-host' }
  | { readonly kind: 'unless-neighbour-discovery' };

/** What is asked on one host, in order (reference/policy 7). */
export function questionsOf(model: Model, { node, enters, leaves }: Hop): readonly Question[] {
  if (enters.kind === 'self') return sent(model, node, leaves);
  if (leaves.kind === 'self') return [...arriving(model, node, enters), ...received(model, node, enters)];
  return [...questionsEntering(model, node, enters), ...questionsLeaving(model, node, leaves)];
}

/** What is asked of packets that a host forwards, where they enter it. */
export function questionsEntering(model: Model, node: string, enters: Gate): readonly Question[] {
  return [...arriving(model, node, enters), ...forward(model, node, enters, 'ingress'), ...workload(model, enters, 'egress')];
}

/** What is asked of packets that a host forwards, where they leave it. */
export function questionsLeaving(model: Model, node: string, leaves: Gate): readonly Question[] {
  return [...workload(model, leaves, 'ingress'), ...forward(model, node, leaves, 'egress')];
}

/** Whether a packet from a workload to its host is let through without asking (reference/policy 6). */
export function isNeighbourDiscovery({ protocol, type = -1 }: Packet): boolean {
  return protocol === ICMPV6 && NEIGHBOUR_TYPES.includes(type);
}

/** ICMPv6 types: listeners, router solicitation, neighbour solicitation and advertisement. */
export const NEIGHBOUR_TYPES: readonly number[] = [130, 131, 132, 133, 135, 136];

function sent(model: Model, node: string, leaves: Gate): readonly Question[] {
  if (leaves.kind !== 'network') return leaves.kind === 'workload' && leaves.endpoint === undefined ? [{ kind: 'unknown-interface' }] : [];
  const endpoint = model.host(node).governs(leaves.interfaceName);
  if (endpoint === undefined) return [];
  return [...untracked(model, node, endpoint, 'egress'), question(endpointHook(model, 'host', 'egress', endpoint), { unlessAccepted: true })];
}

function arriving(model: Model, node: string, enters: Gate): readonly Question[] {
  const host = model.host(node);
  const endpoint = enters.kind === 'network' ? host.governs(enters.interfaceName) : undefined;
  const first = endpoint === undefined ? [] : untracked(model, node, endpoint, 'ingress');
  const asked = [endpoint, host.wildcard].find((each) => each !== undefined && model.hasPolicies(each.group, 'preDNAT', ['ingress']));
  if (asked === undefined) return first;
  return [...first, question(endpointHook(model, 'preDNAT', 'ingress', asked), { accepts: true, unlessAccepted: true })];
}

/** doNotTrack does not work on `*`. Its step is there as soon as the endpoint has such a policy in one direction. */
function untracked(model: Model, node: string, endpoint: Endpoint, direction: 'ingress' | 'egress'): readonly Question[] {
  if (endpoint === model.host(node).wildcard || !model.hasPolicies(endpoint.group, 'untracked', DIRECTIONS)) return [];
  return [question(endpointHook(model, 'untracked', direction, endpoint), { accepts: true })];
}

function received(model: Model, node: string, enters: Gate): readonly Question[] {
  if (enters.kind === 'workload') return [{ kind: 'unless-neighbour-discovery' }, ...workload(model, enters, 'egress'), { kind: 'endpoint-to-host' }];
  const endpoint = enters.kind === 'network' ? model.host(node).governs(enters.interfaceName) : undefined;
  return endpoint === undefined ? [] : [question(endpointHook(model, 'host', 'ingress', endpoint), { unlessAccepted: true })];
}

/** The `*` host endpoint also sits on the interfaces of workloads. */
function forward(model: Model, node: string, gate: Gate, direction: 'ingress' | 'egress'): readonly Question[] {
  const host = model.host(node);
  const endpoint = gate.kind === 'network' ? host.governs(gate.interfaceName) : host.wildcard;
  return endpoint === undefined ? [] : [question(endpointHook(model, 'forward', direction, endpoint), { unlessAccepted: direction === 'ingress' })];
}

function workload(model: Model, gate: Gate, direction: 'ingress' | 'egress'): readonly Question[] {
  if (gate.kind !== 'workload') return [];
  return gate.endpoint === undefined ? [{ kind: 'unknown-interface' }] : [question(endpointHook(model, 'workload', direction, gate.endpoint))];
}

function question(hook: EndpointHook, { accepts = false, unlessAccepted = false } = {}): Question {
  return { kind: 'hook', hook, accepts, unlessAccepted };
}
