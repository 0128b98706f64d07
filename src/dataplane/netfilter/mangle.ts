import { chain, clearMark, ESTABLISHED, jump, marked, partlyMarked, RETURN, rule, type Chain } from './rule.js';
import { mangleAllow, type Terms } from './terms.js';

const ACCEPTED_BY_HOST = 'Host endpoint policy accepted packet.';

/** The address of an endpoint, and the class of service of what it sends out of the cluster. */
export interface ServiceClass {
  readonly address: string;
  readonly dscp: number;
}

/** The chains of mangle that are always there (reference/netfilter 3.2). */
export function mangleChains(terms: Terms, classes: readonly ServiceClass[]): readonly Chain[] {
  const { marks } = terms;
  const allow = mangleAllow(terms);
  return [
    chain('cali-PREROUTING',
      rule([ESTABLISHED], allow),
      rule([marked(marks.accept)], allow),
      rule([], jump('cali-from-host-endpoint')),
      rule([marked(marks.accept)], allow, ACCEPTED_BY_HOST)),
    chain('cali-POSTROUTING',
      rule([
        { kind: 'set', side: 'source', set: 'dscp-src-net' },
        { kind: 'set', side: 'destination', not: true, set: 'network-ip-pools' },
        { kind: 'set', side: 'destination', not: true, set: 'this-host' },
      ], jump('cali-egress-dscp'), 'set dscp for traffic leaving cluster.'),
      rule([marked(marks.accept)], RETURN),
      ...(terms.usesIpvs ? [rule([partlyMarked(marks.endpoint)], RETURN)] : []),
      rule([], clearMark(marks.all)),
      rule([{ kind: 'translated' }], jump('cali-to-host-endpoint')),
      rule([marked(marks.accept)], RETURN, ACCEPTED_BY_HOST)),
    chain('cali-egress-dscp', ...classes.map(({ address, dscp }) => rule([{ kind: 'net', side: 'source', net: address }], { kind: 'dscp', value: dscp }))),
  ];
}
