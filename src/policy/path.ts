import type { Flow } from './flow.js';
import type { Endpoint } from './known-objects.js';
import type { Model } from './model.js';
import type { Address, Packet } from './packet.js';

/** Where a packet enters or leaves a host: an interface, or the host itself. */
export type Gate =
  | { readonly kind: 'self' }
  /** A workload's interface; without an endpoint where nobody stored one. */
  | { readonly kind: 'workload'; readonly endpoint: Endpoint | undefined }
  | { readonly kind: 'network'; readonly interfaceName: string };

/** A host that a packet crosses. */
export interface Hop {
  readonly node: string;
  readonly enters: Gate;
  readonly leaves: Gate;
}

/** Where an end of a flow is. */
export interface Place {
  readonly node: string;
  readonly gate: Gate;
}

const SELF: Gate = { kind: 'self' };
const LOOPBACK: Gate = { kind: 'network', interfaceName: 'lo' };

/** The hosts that a packet crosses, in order: none where both ends are outside. */
export function hopsOf(model: Model, flow: Flow, { source, destination }: Packet): readonly Hop[] {
  const from = flow.from === undefined ? placeOf(model, source) : { node: flow.from.node, gate: gateAt(model, flow.from.node, flow.from.interface) };
  const to = flow.to === undefined ? placeOf(model, destination) : { node: flow.to.node, gate: gateAt(model, flow.to.node, flow.to.interface) };
  return hopsBetween(from, to, (node) => ({ kind: 'network', interfaceName: flow.via?.[node] ?? model.host(node).networkInterface }));
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

/** Where an address is: at a workload, on a host, or undefined for outside. */
export function placeOf(model: Model, address: Address): Place | undefined {
  const endpoint = workloadWith(address);
  if (endpoint !== undefined) return { node: endpoint.node, gate: { kind: 'workload', endpoint: model.workloadAt(endpoint.node, endpoint.interfaceName) } };
  const node = model.hostWith(address);
  return node === undefined ? undefined : { node, gate: SELF };
}

/** The workload endpoint that has an address; the first by identity where several have it. */
function workloadWith({ objects }: Address): Endpoint | undefined {
  let found: Endpoint | undefined;
  for (const object of objects) {
    if (object.kind !== 'workload') continue;
    const endpoint = object as Endpoint;
    if (found === undefined || endpoint.identity < found.identity) found = endpoint;
  }
  return found;
}

function gateAt(model: Model, node: string, interfaceName: string): Gate {
  const endpoint = model.workloadAt(node, interfaceName);
  const isWorkload = endpoint !== undefined || model.parts.settings(node).workloadPrefixes.some((prefix) => interfaceName.startsWith(prefix));
  return isWorkload ? { kind: 'workload', endpoint } : { kind: 'network', interfaceName };
}
