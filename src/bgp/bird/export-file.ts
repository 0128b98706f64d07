import type { BirdFacts } from './facts.js';
import { kernelFilter } from './kernel-filter.js';
import { birdPools } from './pools.js';
import { serviceRanges } from './services.js';
import { block } from './text.js';

/** bird_ipam.cfg: what peers hear of, and what gets into the kernel (reference/bird 4.3). */
export function exportFile(facts: BirdFacts): string[] {
  return [
    '# Routes into the tunnels between nodes are not for other nodes: each node has its own.',
    ...rejectingBy('reject_tunnel_routes', '(ifname ~ "*.cali") || (ifname ~ "*.calico")'),
    '',
    '# Routes of the BPF dataplane stay on the node.',
    ...rejectingBy('reject_local_routes', 'ifname ~ "bpf*.cali"'),
    '',
    ...exportFunction(facts),
    '',
    ...kernelFilter(facts),
  ];
}

function rejectingBy(name: string, condition: string): string[] {
  return block(`function ${name} ()`, block('if (defined(ifname)) then', block(`if (${condition}) then`, ['reject;'])));
}

/** What is neither accepted nor rejected here is rejected by the filter that calls it. */
function exportFunction(facts: BirdFacts): string[] {
  const pools = birdPools(facts);
  const { advertised, loadBalancers } = serviceRanges(facts);
  const isReflector = facts.node.clusterId !== undefined;
  return block('function calico_export_to_bgp_peers(bool internal_peer)', [
    ...pools.filter(({ isExported }) => !isExported).map(({ cidr }) => `if (net ~ ${cidr}) then { reject; }`),
    ...block('if (internal_peer) then', ['reject_tunnel_routes();']),
    'reject_local_routes();',
    'apply_communities();',
    'calico_aggr();',
    ...[...advertised, ...(isReflector ? loadBalancers : [])].map((cidr) => `if ( net ~ ${cidr} ) then { accept; }`),
    ...pools.filter(({ isExported }) => isExported).map(({ cidr }) => `if (net ~ ${cidr}) then { accept; }`),
  ]);
}
