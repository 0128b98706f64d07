import type { BgpMap, NodeGroup, Outsider, Peering } from '../../../bgp/map.js';
import { compareNaturally } from '../../../text/natural-order.js';
import type { Graph, GraphEdge, GraphNode } from '../../formats/graph/graph.js';

/** Groups, and peers that are no nodes, beyond which a graph is no picture any more. */
const MOST = 30;
/** Of more nodes the first are named. */
const MOST_NAMES = 4;

const MESH = 'mesh';

/** The picture of who peers with whom. `warnings` are sentences on what looks wrong. */
export function bgpGraph({ groups, mesh, outsiders, peerings, localPeers }: BgpMap, warnings: readonly string[]): Graph {
  const shown: readonly (NodeGroup | Outsider)[] = [...groups.slice(0, MOST), ...outsiders.slice(0, MOST)];
  const id = idsOf(groups, outsiders);
  const left = groups.length + outsiders.length - shown.length;
  const edges = peerings.filter(({ from, to }) => from !== to && shown.includes(from) && shown.includes(to));
  const unseen = (end: NodeGroup | Outsider): number => peerings.filter(({ from, to }) => (from === end && !shown.includes(to)) || (to === end && !shown.includes(from))).reduce((sum, { pairs }) => sum + pairs, 0);
  return {
    title: 'Who peers with whom over BGP',
    directed: false,
    hulls: Math.max(mesh[4], mesh[6]) > 1 ? [{ id: MESH, label: `full mesh of ${meshText(mesh)}` }] : [],
    nodes: shown.map((end) => ('nodes' in end ? groupNode(end, id(end), peerings, mesh) : outsiderNode(end, id(end)))).map((node, at) => withUnseen(node, unseen(shown[at]!))),
    edges: edges.map((peering): GraphEdge => ({ from: id(peering.from), to: id(peering.to), label: labelOf(peering), partial: peering.partial || peering.oneSided > 0 })),
    notes: [
      ...(groups.length === 0 ? ['There are no nodes.'] : []),
      ...(localPeers.length > 0 ? [`Sessions with workloads on the nodes themselves are left out: ${localPeers.slice(0, MOST_NAMES).join(', ')}${localPeers.length > MOST_NAMES ? ` and ${localPeers.length - MOST_NAMES} more` : ''}.`] : []),
      ...(edges.some(({ partial }) => partial) ? ['A dashed line is not between all of both.'] : []),
      ...(left > 0 ? [`${left} smaller groups and other peers are left out.`] : []),
      ...warnings,
    ],
  };
}

/** The number of an end among all, in a picture as in data. */
function idsOf(groups: readonly NodeGroup[], outsiders: readonly Outsider[]): (end: NodeGroup | Outsider) => string {
  const numbers = new Map([...groups, ...outsiders].map((end, at) => [end, at + 1]));
  return (end) => `n${numbers.get(end)!}`;
}

function outsiderNode({ address, asNumber }: Outsider, id: string): GraphNode {
  return { id, look: 'outside', lines: [address, asText(asNumber)] };
}

/** With how many sessions lead to what is left out. */
function withUnseen(node: GraphNode, count: number): GraphNode {
  return count === 0 ? node : { ...node, lines: [...node.lines, `and ${count} session${count === 1 ? '' : 's'} with what is left out`] };
}

function meshText({ 4: four, 6: six }: BgpMap['mesh']): string {
  if (four === six) return `${four} nodes, IPv4 and IPv6`;
  return [[four, 'IPv4'], [six, 'IPv6']].filter(([count]) => Number(count) > 1).map(([count, family]) => `${count} nodes, ${family}`).join('; ');
}

function groupNode(group: NodeGroup, id: string, peerings: readonly Peering[], mesh: BgpMap['mesh']): GraphNode {
  const { nodes, asNumber, clusterId } = group;
  const names = nodes.map(({ name }) => name).sort(compareNaturally).slice(0, MOST_NAMES).join(', ');
  const inside = peerings.filter(({ from, to }) => from === group && to === group);
  const isAlone = !group.mesh.some((family) => mesh[family] > 1) && !peerings.some(({ from, to }) => from === group || to === group);
  return {
    id,
    look: isAlone ? 'closed' : clusterId === undefined ? 'group' : 'host',
    lines: [
      nodes.length === 1 ? `node ${names}` : `${nodes.length} nodes: ${names}${nodes.length > MOST_NAMES ? ' ...' : ''}`,
      asText(asNumber),
      ...(clusterId === undefined ? [] : [`route reflector${nodes.length === 1 ? '' : 's'}, cluster ${clusterId}`]),
      ...inside.map((peering) => `among them: ${labelOf(peering)}`),
      ...(isAlone ? ['no session'] : []),
    ],
    ...(group.mesh.length > 0 && Math.max(mesh[4], mesh[6]) > 1 && { hull: MESH }),
  };
}

function asText(asNumber: number | undefined): string {
  return asNumber === undefined ? 'no AS number' : `AS ${asNumber}`;
}

function labelOf({ bgpPeer, families, pairs, oneSided }: Peering): string {
  const side = oneSided === 0 ? '' : `; ${oneSided} known to one side only`;
  return `BGPPeer ${bgpPeer}, ${families.map((family) => `IPv${family}`).join(' and ')}, ${pairs} session${pairs === 1 ? '' : 's'}${side}`;
}

/** The same as data. */
export function bgpGraphData({ groups, mesh, outsiders, peerings }: BgpMap, warnings: readonly string[]): object {
  const id = idsOf(groups, outsiders);
  return {
    mesh: { ipv4: mesh[4], ipv6: mesh[6] },
    groups: groups.map((group) => ({ id: id(group), nodes: group.nodes.map(({ name }) => name).sort(compareNaturally), asNumber: group.asNumber, clusterId: group.clusterId ?? null, mesh: group.mesh.map((family) => `ipv${family}`) })),
    peers: outsiders.map((outsider) => ({ id: id(outsider), address: outsider.address, asNumber: outsider.asNumber ?? null })),
    sessions: peerings.map(({ from, to, bgpPeer, families, pairs, partial, oneSided }) => ({ from: id(from), to: id(to), bgpPeer, families: families.map((family) => `ipv${family}`), pairs, partial, oneSided })),
    warnings,
  };
}
