import { formatIp, parseIp } from '../net/address.js';

export type Family = 4 | 6;

/** Why there is a peer: the mesh, a peer of all nodes, one of this node, or a workload of this node. */
export type PeerClass = 'mesh' | 'global' | 'node' | 'workload';

/** What the name of a BGP protocol says (reference/node 4.2). */
export interface PeerName {
  readonly peerClass: PeerClass;
  readonly family: Family;
  readonly address: string;
  readonly port?: number;
}

/** How the classes are shown. */
export const CLASS_TEXT: Readonly<Record<PeerClass, string>> = {
  mesh: 'node-to-node mesh',
  global: 'global',
  node: 'node specific',
  workload: 'local workload',
};

const CLASSES: Readonly<Record<string, PeerClass>> = { Mesh: 'mesh', Global: 'global', Node: 'node', Local_Workload: 'workload' };
const NAME = /^(Mesh|Global|Node|Local_Workload)_(.+?)(?:_port_(\d+))?$/;

/**
 * Reads a name such as `Mesh_192_168_40_12`, `Global_fd00_40__12` or `Node_10_0_0_1_port_1790`; undefined where the
 * protocol is not one that Calico makes.
 */
export function parsePeerName(name: string): PeerName | undefined {
  const [, prefix = '', coded = '', port] = NAME.exec(name) ?? [];
  const peerClass = CLASSES[prefix];
  const ip = parseIp(coded.replaceAll('_', '.')) ?? parseIp(coded.replaceAll('_', ':'));
  if (peerClass === undefined || ip === undefined) return undefined;
  return { peerClass, family: ip.version, address: formatIp(ip), ...(port === undefined ? {} : { port: Number(port) }) };
}

const PREFIXES: Readonly<Record<PeerClass, string>> = { mesh: 'Mesh', global: 'Global', node: 'Node', workload: 'Local_Workload' };

/** The name of the protocol of a peer, as parsePeerName reads it. */
export function peerName({ peerClass, address, port }: Pick<PeerName, 'peerClass' | 'address'> & { readonly port?: number | undefined }): string {
  return `${PREFIXES[peerClass]}_${address.replace(/[.:]/g, '_')}${port === undefined ? '' : `_port_${port}`}`;
}

/** An address with the port, if any, as a BGPPeer writes it: `10.0.0.1:1790`, `[fd00::1]:1790`. */
export function addressWithPort({ address, port }: { readonly address: string; readonly port?: number | undefined }): string {
  if (port === undefined) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
