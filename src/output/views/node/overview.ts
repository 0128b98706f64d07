import type { NodeSessions, Overview } from '../../../bgp/overview.js';
import { borderedTable } from '../../formats/bordered-table.js';
import { safe } from '../../../text/safe.js';
import { FAMILIES } from '../../../node/status.js';

const HEADINGS = ['Node', 'Addresses', 'ASN', 'Role', 'Mesh', 'Global', 'Node specific', 'Sessions'];

/** All nodes as a table of the sessions they should have, with what to look at below it. */
export async function overviewText(overview: Overview): Promise<string> {
  const { nodes, mesh, routeReflectors, warnings } = overview;
  if (nodes.length === 0) return 'There are no nodes in the datastore.\n';
  const table = await borderedTable(HEADINGS, nodes.map(row));
  const meshText = mesh.enabled ? `Node-to-node mesh of ${mesh.nodes} node${mesh.nodes === 1 ? '' : 's'}: ${mesh.sessions} session${mesh.sessions === 1 ? '' : 's'}.` : 'The node-to-node mesh is off.';
  const reflectors = routeReflectors.length === 0 ? [] : [`Route reflectors: ${routeReflectors.join(', ')}.`];
  return table + [meshText, ...reflectors, ...warnings.map((warning) => `WARNING: ${warning}`)].map((line) => `${safe(line)}\n`).join('');
}

function row({ node, mesh, global, nodeSpecific, total }: NodeSessions): string[] {
  const addresses = FAMILIES.flatMap((family) => node.addresses[family] ?? []);
  return [node.name, addresses.join(' '), String(node.asNumber), roleText(node), ...[mesh, global, nodeSpecific, total].map(String)];
}

function roleText({ clusterId }: NodeSessions['node']): string {
  return clusterId === undefined ? 'node' : `route reflector ${clusterId}`;
}

/** The same as `-o json` shows it. */
export function overviewDocument({ nodes, mesh, routeReflectors, warnings }: Overview): Record<string, unknown> {
  return {
    mesh,
    routeReflectors,
    nodes: nodes.map(({ node, mesh: inMesh, global, nodeSpecific, total }) => ({
      name: node.name,
      addresses: FAMILIES.flatMap((family) => node.addresses[family] ?? []),
      asNumber: node.asNumber,
      routeReflectorClusterID: node.clusterId ?? null,
      sessions: { mesh: inMesh, global, nodeSpecific, total },
    })),
    warnings,
  };
}
