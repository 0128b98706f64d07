import type { Family } from '../desired.js';
import { ACCEPT, chain, clearMark, DENY, jump, marked, NOTRACK, rule, setMark, unmarked, type Chain, type Match } from './rule.js';
import type { Terms } from './terms.js';

/** What of a host the chains of raw depend on. */
export interface RawFacts {
  readonly vxlan: boolean;
  /** Addresses that endpoints may send from besides their own, by interface. */
  readonly spoofed: readonly { readonly interfaceName: string; readonly net: string }[];
}

/** The chains of raw that are always there: before connection tracking (reference/netfilter 3.1). */
export function rawChains(terms: Terms, family: Family, { vxlan, spoofed }: RawFacts): readonly Chain[] {
  const { settings: { interfacePrefix, vxlanPort }, marks } = terms;
  const tunnelled = vxlan ? [rule([{ kind: 'protocol', protocol: 'udp' }, vxlanTo(vxlanPort)], NOTRACK)] : [];
  return [
    chain('cali-PREROUTING',
      rule([], clearMark(marks.all)),
      ...tunnelled,
      ...interfacePrefix.map((prefix) => rule([{ kind: 'interface', way: 'in', name: `${prefix}+` }], setMark(marks.scratch0))),
      rule([marked(marks.scratch0)], jump('cali-rpf-skip')),
      ...(terms.isOpenStack && family === 4 ? [rule(BOOT_REQUEST, ACCEPT)] : []),
      rule([marked(marks.scratch0), { kind: 'no-way-back' }], DENY),
      rule([unmarked(marks.scratch0)], jump('cali-from-host-endpoint')),
      rule([marked(marks.accept)], ACCEPT)),
    chain('cali-rpf-skip', ...spoofed.map(({ interfaceName, net }) => rule([{ kind: 'interface', way: 'in', name: interfaceName }, { kind: 'net', side: 'source', net }], ACCEPT))),
    chain('cali-OUTPUT',
      rule([], clearMark(marks.all)),
      rule([], jump('cali-to-host-endpoint')),
      ...tunnelled,
      rule([marked(marks.accept)], ACCEPT)),
  ];
}

/** Workloads of OpenStack ask for their address before they have one. */
const BOOT_REQUEST: readonly Match[] = [
  { kind: 'protocol', protocol: 'udp' },
  { kind: 'net', side: 'source', net: '0.0.0.0' },
  { kind: 'ports', side: 'source', ports: ['68'], protocol: 'udp' },
  { kind: 'ports', side: 'destination', ports: ['67'], protocol: 'udp' },
];

function vxlanTo(port: number): Match {
  return { kind: 'ports', side: 'destination', ports: [String(port)], protocol: 'udp', single: true };
}
