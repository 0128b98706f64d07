import { effectiveLabels, ProfileLabels, type Labels } from '../../policy/effective-labels.js';
import type { StoredObject } from '../../resources/kind.js';
import { matches } from '../../selector/matches.js';
import { parseSelector } from '../../selector/parse.js';
import type { Family } from '../desired.js';
import type { ObjectsByKind } from '../input.js';
import { formatIp, parseIp } from '../../net/address.js';
import { single } from './nodes.js';
import type { Workload } from './workload.js';

/**
 * The workloads of a node that are BGP peers of it, with the name of the BGPPeer that says so; the first by name where several do
 * (reference/host-network 4.2).
 */
export function localPeers(objects: ObjectsByKind, node: string, workloads: Iterable<Workload>): ReadonlyMap<Workload, string> {
  const ownLabels = objects.get('Node')?.find(({ metadata: { name } }) => name === node)?.metadata.labels ?? {};
  const peers = (objects.get('BGPPeer') ?? []).filter((peer) => isText(peer.spec['localWorkloadSelector']) && isFor(peer, node, ownLabels));
  if (peers.length === 0) return new Map();
  const profiles = new ProfileLabels(objects.get('Profile') ?? []);
  const sorted = peers.sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const found = new Map<Workload, string>();
  for (const workload of workloads) {
    const labels = effectiveLabels(workload.object, profiles);
    const peer = sorted.find(({ spec }) => isSelected(spec['localWorkloadSelector'], labels));
    if (peer !== undefined) found.set(workload, peer.metadata.name);
  }
  return found;
}

/** The addresses that the host has towards workloads that are its peers. */
export function peeringAddresses(objects: ObjectsByKind, families: readonly Family[]): readonly string[] {
  const spec = objects.get('BGPConfiguration')?.find(({ metadata: { name } }) => name === 'default')?.spec ?? {};
  return families.flatMap((family) => {
    const stored = spec[family === 4 ? 'localWorkloadPeeringIPV4' : 'localWorkloadPeeringIPV6'];
    const ip = isText(stored) ? parseIp(stored) : undefined;
    return ip?.version === family ? [single(formatIp(ip), family)] : [];
  });
}

function isFor({ spec: { node: name, nodeSelector } }: StoredObject, node: string, labels: Labels): boolean {
  if (isText(name)) return name === node;
  return !isText(nodeSelector) || isSelected(nodeSelector, labels);
}

function isSelected(selector: unknown, labels: Labels): boolean {
  const parsed = parseSelector(isText(selector) ? selector : '', 'v3');
  return parsed.ok && matches(parsed.selector, labels);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
