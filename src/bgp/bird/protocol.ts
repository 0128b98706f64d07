import type { BirdFacts } from './facts.js';
import { callOf, type Direction, type FilterFunction } from './filter-functions.js';
import { BEFORE_LOCAL_ROUTES } from './kernel-filter.js';
import type { Session } from './session.js';
import { block, HIGHEST_PREFERENCE } from './text.js';

/** The protocol of a session; the order of its lines is Calico's (reference/bird 3.1). */
export function protocol(session: Session, functions: readonly FilterFunction[], { metric }: BirdFacts): string[] {
  const { name, isMesh, address, port, asNumber, localAsNumber, sourceAddress } = session;
  return block(`protocol bgp ${name} from bgp_template`, [
    ...(isMesh ? [] : distance(session)),
    ...optional('local as', localAsNumber),
    `neighbor ${address}${port === undefined ? '' : ` port ${port}`} as ${asNumber};`,
    ...optional('source address', sourceAddress),
    ...block('import filter', importFilter(calls(session, functions, 'import'), metric), '};'),
    ...block('export filter', exportFilter(calls(session, functions, 'export'), session.isInternal, metric), '};'),
    ...options(session),
  ]);
}

function distance({ hops }: Session): string[] {
  return hops === undefined ? ['ttl security off;', 'multihop;'] : ['ttl security on;', `multihop ${hops};`];
}

function options({ isPassive, restartSeconds, keepaliveSeconds, reflectorId, password, keepsNextHop, isNextHop, allowedLocalAsNumbers }: Session): string[] {
  return [
    ...(isPassive ? ['passive on;'] : []),
    ...optional('graceful restart time', restartSeconds),
    ...optional('keepalive time', keepaliveSeconds),
    ...(reflectorId === undefined ? [] : ['rr client;', `rr cluster id ${reflectorId};`]),
    ...optional('password', password),
    ...(keepsNextHop ? ['next hop keep;'] : []),
    ...(isNextHop ? ['next hop self;'] : []),
    ...optional('allow local as', allowedLocalAsNumbers),
  ];
}

/** The calls of the filters of a session, in its order. Of one that is not there, or says nothing of the direction, there is none. */
function calls({ filters, isInternal }: Session, functions: readonly FilterFunction[], direction: Direction): string[] {
  return filters.flatMap((filter) => functions.filter((each) => each.filter === filter && each.direction === direction).map((each) => callOf(each, isInternal)));
}

/** A route that is better than usual is taken before the one to a workload of the node: the workload is moving away (reference/bird 5.2). */
function importFilter(called: readonly string[], metric: number): string[] {
  return [...called, `if (defined(bgp_local_pref)&&(bgp_local_pref > ${HIGHEST_PREFERENCE - metric})) then`, `  preference = ${BEFORE_LOCAL_ROUTES};`, 'accept;'];
}

/** Metric and preference are made to agree first, whichever of the two a route has (reference/bird 5.1). */
function exportFilter(called: readonly string[], isInternal: boolean, metric: number): string[] {
  return [
    'if (defined(source) && source = RTS_BGP && defined(bgp_local_pref)) then {',
    `  krt_metric = ${HIGHEST_PREFERENCE} - bgp_local_pref;`,
    '} else {',
    `  if (!defined(krt_metric)) then { krt_metric = ${metric}; }`,
    `  bgp_local_pref = ${HIGHEST_PREFERENCE} - krt_metric;`,
    '}',
    ...called,
    `calico_export_to_bgp_peers(${isInternal});`,
    'reject;',
  ];
}

function optional(what: string, value: string | number | undefined): string[] {
  return value === undefined ? [] : [`${what} ${value};`];
}
