import { parseIp, type Ip } from '../../net/address.js';
import { listOf } from '../fields/collections.js';
import { describe, field, type AsRead, type Of } from '../fields/field.js';
import { asNumber } from '../fields/network.js';
import { objectOf } from '../fields/object.js';
import { bool, integer, oneOf, text } from '../fields/scalars.js';
import { selectorText } from '../fields/selector.js';
import type { ReadObject, StoredKind, StoredObject } from '../kind.js';
import { plainText } from '../plain-text.js';
import type { Problems } from '../problem.js';
import { isUncertain } from '../uncertain.js';
import { ipText } from './addresses.js';
import { bgpFilter } from './bgp-filter.js';
import { nameColumn, specColumn } from './columns.js';
import { duration } from '../fields/duration.js';
import { NAME_SCHEMAS, subdomainProblem } from './names.js';
import { node } from './node.js';
import { namedIn } from './references.js';
import { secretPassword } from './secret-key.js';
import { IP, PORT, whole } from '../fields/patterns.js';
import { demandedBy, exclusive } from '../fields/json-rules.js';

/** The address in a peerIP: `IP`, `IPv4:port` or `[IPv6]:port` (reference/storage 3.1), or undefined where it is none of them. */
export function peerAddress(peerIp: string): Ip | undefined {
  const plain = parseIp(peerIp);
  if (plain !== undefined) return plain;
  const [, bracketed, bare, port = ''] = /^(?:\[([^[\]]*)\]|([^:[\]]*)):(\d+)$/.exec(peerIp) ?? [];
  const number = Number(port);
  return number >= 1 && number <= 65535 ? parseIp(bracketed ?? bare ?? '') : undefined;
}

const peerIp = text({
  name: "a peer's address",
  json: { pattern: whole(`${IP}|(?:${IP}|\\[${IP}\\]):${PORT}`) },
  problem: (value) => (peerAddress(value) === undefined ? `${describe(value)} is not a peer's address: expected an IP address, IPv4:port or [IPv6]:port` : undefined),
});

const selector = selectorText('v3');

/** Fields that may not be given together. */
const EXCLUSIVE = [
  ['node', 'nodeSelector'],
  ['peerIP', 'peerSelector'],
  ['asNumber', 'peerSelector'],
  ['peerIP', 'localWorkloadSelector'],
  ['peerSelector', 'localWorkloadSelector'],
] as const;

const spec = objectOf('the spec of a BGPPeer', [
  field('node', text({ name: 'a node name', problem: subdomainProblem, json: NAME_SCHEMAS.subdomain }), { mistakenFor: ['scope'] }),
  field('nodeSelector', selector),
  field('peerIP', peerIp, { mistakenFor: ['ip', 'peer'] }),
  field('asNumber', asNumber, { goName: 'ASNumber', mistakenFor: ['as', 'asn', 'remoteAS'] }),
  field('localASNumber', asNumber, { mistakenFor: ['localAS'] }),
  field('peerSelector', selector),
  field('keepOriginalNextHop', bool),
  field('nextHopMode', oneOf('a next hop mode', ['Auto', 'Self', 'Keep'], { checkEmpty: true }), { write: 'given' }),
  field('password', secretPassword, { write: 'given' }),
  field('sourceAddress', oneOf('a source address', ['UseNodeIP', 'None'])),
  field('maxRestartTime', duration, { write: 'given' }),
  field('keepaliveTime', duration, { write: 'given' }),
  field('numAllowedLocalASNumbers', integer({ name: 'a number of AS numbers', minimum: -2147483648, maximum: 2147483647 }), { write: 'given' }),
  field('ttlSecurity', integer({ name: 'a number of hops', minimum: 0, maximum: 255 }), { write: 'given', goName: 'TTLSecurity' }),
  field('reachableBy', ipText()),
  field('filters', listOf(text({ name: 'the name of a BGPFilter' })), { mistakenFor: ['filter', 'bgpFilters'] }),
  field('localWorkloadSelector', selector),
  field('reversePeering', oneOf('a way of reverse peering', ['Auto', 'Manual'], { checkEmpty: true }), { write: 'given' }),
], { json: { allOf: [...EXCLUSIVE.map(([one, other]) => exclusive(one, other)), demandedBy('localWorkloadSelector', 'asNumber'), demandedBy('reachableBy', 'peerIP')] } });

/** The spec of a BGPPeer (reference/storage 3.1). */
export type BgpPeerSpec = Of<typeof spec>;

function check({ spec }: ReadObject<BgpPeerSpec>, problems: Problems): void {
  for (const [name, other] of EXCLUSIVE) {
    if (spec[name] !== undefined && spec[other] !== undefined) {
      problems.add('rule', ['spec', name], `${name} and ${other} cannot be given together`, { hint: 'remove one of the two' });
    }
  }
  if (spec.localWorkloadSelector !== undefined && spec.asNumber === undefined) {
    problems.add('required', ['spec', 'asNumber'], 'asNumber is required where localWorkloadSelector is given');
  }
  if (spec.keepOriginalNextHop === true && spec.nextHopMode !== undefined) {
    problems.add('rule', ['spec', 'keepOriginalNextHop'], 'keepOriginalNextHop is deprecated and cannot be given together with nextHopMode', { hint: 'write nextHopMode: Keep' });
  }
  checkReachableBy(spec, problems);
}

function checkReachableBy({ reachableBy: gateway, peerIP: peer }: AsRead<BgpPeerSpec>, problems: Problems): void {
  if (gateway === undefined) return;
  if (peer === undefined) {
    if (!isUncertain(problems, ['spec', 'peerIP'])) problems.add('rule', ['spec', 'reachableBy'], 'reachableBy needs a peerIP');
  } else if (parseIp(gateway)?.version !== peerAddress(peer)?.version) {
    problems.add('rule', ['spec', 'reachableBy'], `reachableBy ${gateway} and peerIP ${peer} are of different address families`);
  }
}

const columns = [
  nameColumn,
  specColumn<BgpPeerSpec>('PEERIP', 'peerIP'),
  { heading: 'NODE', cell: ({ spec }: StoredObject<BgpPeerSpec>) => plainText(spec.node ?? spec.nodeSelector, '(global)') },
  specColumn<BgpPeerSpec>('ASN', 'asNumber', '0'),
];

/** BGPPeer: whom the nodes of the cluster speak BGP with (reference/storage 3.1). */
export const bgpPeer: StoredKind<BgpPeerSpec> = {
  dialect: 'v3',
  kind: 'BGPPeer',
  plural: 'bgppeers',
  namespaced: false,
  words: ['bgppeer', 'bgppeers', 'bgpp', 'bgpps', 'bp', 'bps'],
  spec,
  nameProblem: subdomainProblem,
  check,
  references: [namedIn<BgpPeerSpec>('node', node), namedIn<BgpPeerSpec>('filters', bgpFilter, { demanded: true })],
  columns: { ps: columns, wide: columns },
};
