import type { Flow, InterfaceOf } from './flow.js';
import type { Model } from './model.js';
import type { Packet } from './packet.js';
import type { Gate, Place } from './place.js';

/** A host that a packet crosses. */
export interface Hop {
  readonly node: string;
  readonly enters: Gate;
  readonly leaves: Gate;
}

const SELF: Gate = { kind: 'self' };
const LOOPBACK: Gate = { kind: 'network', interfaceName: 'lo' };

/** The hosts that a packet crosses, in order: none where both ends are outside. */
export function hopsOf(model: Model, flow: Flow, { source, destination }: Pick<Packet, 'source' | 'destination'>): readonly Hop[] {
  const from = flow.from === undefined ? source.place : placeAt(model, flow.from);
  const to = flow.to === undefined ? destination.place : placeAt(model, flow.to);
  const { via = {} } = flow;
  // A node may be called `constructor`.
  return hopsBetween(from, to, (node) => ({ kind: 'network', interfaceName: (Object.hasOwn(via, node) ? via[node] : undefined) ?? model.host(node).networkInterface }));
}

/**
 * The hosts between two places; undefined stands for outside.
 * @param network the gate of a host towards the network
 */
export function hopsBetween(from: Place | undefined, to: Place | undefined, network: (node: string) => Gate): readonly Hop[] {
  if (from === undefined) return to === undefined ? [] : [{ node: to.node, enters: network(to.node), leaves: to.gate }];
  const { node, gate: enters } = from;
  if (to === undefined) return [{ node, enters, leaves: network(node) }];
  if (to.node !== node) return [{ node, enters, leaves: network(node) }, { node: to.node, enters: network(to.node), leaves: to.gate }];
  if (enters.kind === 'self' && to.gate.kind === 'self') return [{ node, enters, leaves: LOOPBACK }, { node, enters: LOOPBACK, leaves: SELF }];
  return [{ node, enters, leaves: to.gate }];
}

/** Where packets enter or leave a host by an interface. */
export function placeAt(model: Model, { node, interface: interfaceName }: InterfaceOf): Place {
  const endpoint = model.workloadAt(node, interfaceName);
  const isWorkload = endpoint !== undefined || model.parts.settings(node).workloadPrefixes.some((prefix) => interfaceName.startsWith(prefix));
  return { node, gate: isWorkload ? { kind: 'workload', endpoint } : { kind: 'network', interfaceName } };
}
