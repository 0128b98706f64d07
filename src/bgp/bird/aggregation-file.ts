import { formatCidr, formatIp, network, parseIp } from '../../net/address.js';
import { addressWithPort, type Family } from '../peer-name.js';
import { textOf } from '../stored.js';
import type { BirdFacts } from './facts.js';
import { serviceRanges } from './services.js';
import { block, inOrder } from './text.js';

const LONGEST: Readonly<Record<Family, number>> = { 4: 32, 6: 128 };

/** bird_aggr.cfg: the routes that the node makes, and what of its blocks others hear (reference/bird 4.1). */
export function aggregationFile(facts: BirdFacts): string[] {
  const { family, objects } = facts;
  const ours = objects.affinities.filter(({ cidr, state }) => cidr.address.version === family && state !== 'pending').map(({ cidr, state }) => ({ block: formatCidr(network(cidr)), state, isAddress: cidr.length === LONGEST[family] }));
  const blackholes = [...inOrder(ours.filter(({ isAddress }) => !isAddress).map((each) => each.block)), ...serviceRanges(facts).advertised];
  const confirmed = inOrder(ours.filter(({ state }) => state !== 'pendingDeletion').map((each) => each.block));
  return [
    '# The routes of this node: its blocks, networks of services, and ways to peers.',
    ...block('protocol static', [...blackholes.map((cidr) => `route ${cidr} blackhole;`), ...waysToPeers(facts)]),
    '',
    '# Others hear of a block as a whole, and of an address in it only where it is a better way than the block.',
    ...block('function calico_aggr ()', confirmed.flatMap((cidr) => aggregated(cidr, facts.metric))),
  ];
}

function aggregated(cidr: string, metric: number): string[] {
  return [`if ( net = ${cidr} ) then { accept; }`, `if ( net ~ ${cidr} && krt_metric < ${metric} ) then { accept; }`, `if ( net ~ ${cidr} ) then { reject; }`];
}

/** Routes to peers that are reached by another router: those of all nodes first, each in the order of the addresses as text. */
function waysToPeers({ family, topology, node, peers }: BirdFacts): string[] {
  const ways = topology.namedPeers(node).flatMap((peer) => {
    const gateway = parseIp(textOf(peers.get(peer.bgpPeer ?? '')?.reachableBy) ?? '');
    if (peer.family !== family || gateway?.version !== family) return [];
    return [{ order: `${peer.peerClass === 'global' ? 0 : 1} ${addressWithPort(peer)}`, line: `route ${peer.address}/${LONGEST[family]} via ${formatIp(gateway)};` }];
  });
  return ways.sort((left, right) => (left.order < right.order ? -1 : 1)).map(({ line }) => line);
}
