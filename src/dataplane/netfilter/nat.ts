import type { Family } from '../desired.js';
import { chain, jump, RETURN, rule, type Action, type Chain, type Match, type Rule } from './rule.js';
import type { Terms } from './terms.js';

/** An address of the outside that stands for one of a workload. */
export interface FloatingAddress {
  readonly external: string;
  readonly internal: string;
}

/** What of a host and a cluster the chains of nat depend on. */
export interface NatFacts {
  /** Some pool of the family is translated on its way out. */
  readonly natOutgoing: boolean;
  /** Devices of tunnels whose own address is known. */
  readonly tunnels: readonly string[];
  readonly floating: readonly FloatingAddress[];
}

/** The chains of nat (reference/netfilter 3.3, 10). */
export function natChains(terms: Terms, family: Family, facts: NatFacts): readonly Chain[] {
  return [
    chain('cali-PREROUTING', rule([], jump('cali-fip-dnat')), ...metadataRules(terms, family)),
    chain('cali-OUTPUT', rule([], jump('cali-fip-dnat'))),
    chain('cali-POSTROUTING',
      rule([], jump('cali-fip-snat')),
      rule([], jump('cali-nat-outgoing')),
      ...facts.tunnels.map((device) => rule([{ kind: 'interface', way: 'out', name: device }, { kind: 'local-elsewhere' }], { kind: 'masquerade' }))),
    chain('cali-nat-outgoing', ...(facts.natOutgoing ? outgoingRules(terms, family) : [])),
    ...floatingChains(facts.floating),
  ];
}

/** Workloads of OpenStack ask for their metadata at a fixed address. */
function metadataRules({ isOpenStack, settings: { metadataAddr, metadataPort } }: Terms, family: Family): readonly Rule[] {
  if (!isOpenStack || family !== 4 || metadataAddr === '') return [];
  return [rule([
    { kind: 'protocol', protocol: 'tcp' },
    { kind: 'ports', side: 'destination', ports: ['80'], protocol: 'tcp' },
    { kind: 'net', side: 'destination', net: '169.254.169.254/32' },
  ], { kind: 'dnat', to: `${metadataAddr}:${metadataPort}` })];
}

function outgoingRules({ settings }: Terms, family: Family): readonly Rule[] {
  const { natOutgoingExclusions, natPortRange, iptablesNATOutgoingInterfaceFilter: filter, natOutgoingAddress } = settings;
  const matches: Match[] = [
    { kind: 'set', side: 'source', set: 'masq-ipam-pools' },
    { kind: 'set', side: 'destination', not: true, set: 'network-ip-pools' },
    ...(natOutgoingExclusions === 'IPPoolsAndHostIPs' ? [{ kind: 'set', side: 'destination', not: true, set: 'all-hosts-net' } as const] : []),
  ];
  const out: Match[] = filter === '' ? [] : [{ kind: 'interface', way: 'out', name: filter }];
  const translate = (ports?: string): Action => {
    if (natOutgoingAddress === undefined || family === 6) return { kind: 'masquerade', ...(ports !== undefined && { ports }) };
    return { kind: 'snat', to: ports === undefined ? natOutgoingAddress : `${natOutgoingAddress}:${ports}` };
  };
  const plain = rule([...matches, ...out], translate());
  if (natPortRange === undefined || natPortRange.max === 0) return [plain];
  const ports = `${natPortRange.min}-${natPortRange.max}`;
  const ported = ['tcp', 'udp'].flatMap((protocol) => {
    const each: Match[] = [...matches, { kind: 'protocol', protocol }, ...out];
    return [rule(each, translate(ports)), rule(each, RETURN)];
  });
  return [...ported, plain];
}

/** What goes to an external address goes to the internal one; what an endpoint sends to itself by that way comes from the first external one. */
function floatingChains(floating: readonly FloatingAddress[]): readonly Chain[] {
  const sorted = [...floating].sort((left, right) => (left.external < right.external ? -1 : 1));
  const byInternal = new Map<string, string>();
  for (const { external, internal } of sorted) if (!byInternal.has(internal)) byInternal.set(internal, external);
  const internals = [...byInternal].sort(([left], [right]) => (left < right ? -1 : 1));
  return [
    chain('cali-fip-dnat', ...sorted.map(({ external, internal }) => rule([{ kind: 'net', side: 'destination', net: external }], { kind: 'dnat', to: internal }))),
    chain('cali-fip-snat', ...internals.map(([internal, external]) =>
      rule([{ kind: 'net', side: 'destination', net: internal }, { kind: 'net', side: 'source', net: internal }], { kind: 'snat', to: external }))),
  ];
}
