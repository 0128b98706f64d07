import type { BirdFacts } from './facts.js';
import { birdPools, type BirdPool } from './pools.js';
import { serviceRanges } from './services.js';
import { block, HIGHEST_PREFERENCE } from './text.js';

/** Of two ways to a network BIRD takes the one with the higher preference; those of the kernel have less (reference/bird 5.2). */
export const BEFORE_LOCAL_ROUTES = 200;

/** The filter between BIRD and the kernel's routes (reference/bird 4.4). */
export function kernelFilter(facts: BirdFacts): string[] {
  const { metric } = facts;
  return block('filter calico_kernel_programming', [
    ...serviceRanges(facts).kept.map((cidr) => `if ( net ~ ${cidr} ) then { reject; }`),
    ...block('if (defined(source) && (source = RTS_BGP) && !defined(krt_metric)) then', [
      `krt_metric = ${metric};`,
      ...block('if (defined(bgp_local_pref)) then', [`krt_metric = ${HIGHEST_PREFERENCE} - bgp_local_pref;`]),
      ...block(`if (krt_metric < ${metric}) then`, [`preference = ${BEFORE_LOCAL_ROUTES};`]),
    ]),
    ...(facts.family === 4 && facts.ownNetwork === undefined ? [] : birdPools(facts).flatMap((pool) => poolLine(pool, facts))),
    'accept;',
  ]);
}

/** Routes of VXLAN pools are made by whoever makes the tunnel. What no line rejects is accepted, so that IPv6 needs no line for that. */
function poolLine({ cidr, encapsulation }: BirdPool, { family, shared, ownNetwork = '' }: BirdFacts): string[] {
  const isRejected = encapsulation === 'vxlan' || shared.programClusterRoutes === 'Disabled';
  if (isRejected) return [`if (net ~ ${cidr}) then { reject; }`];
  if (family === 6) return [];
  const tunnel = {
    none: '',
    ipip: 'krt_tunnel="tunl0"; ',
    'ipip-cross-subnet': `if (defined(bgp_next_hop)&&(bgp_next_hop ~ ${ownNetwork})) then krt_tunnel=""; else krt_tunnel="tunl0"; `,
  }[encapsulation];
  return [`if (net ~ ${cidr}) then { ${tunnel}accept; }`];
}
