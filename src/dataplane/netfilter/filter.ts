import type { Family } from '../desired.js';
import { endpointMarkHooks } from './ipvs.js';
import type { Overlay } from './overlay.js';
import { chain, clearMark, DENY, DROP, goTo, jump, marked, RETURN, rule, unmarked, type Action, type Chain, type Match, type Rule } from './rule.js';
import { denyWord, filterAllow, type Terms } from './terms.js';

const ACCEPTED_BY_HOST = 'Host endpoint policy accepted packet.';
const IPIP: Match = { kind: 'protocol', protocol: '4' };
const UDP: Match = { kind: 'protocol', protocol: '17' };

/** What of a cluster the chains of filter depend on. */
export interface FilterFacts {
  readonly overlay: Overlay;
  /** Networks of services, of all families. */
  readonly serviceNets: readonly string[];
}

/** The chains of filter that are always there (reference/netfilter 3.4). */
export function filterChains(terms: Terms, family: Family, { overlay, serviceNets }: FilterFacts): readonly Chain[] {
  return [inputChain(terms, family, overlay), workloadToHost(terms, family), forwardChain(terms), outputChain(terms, family, overlay), serviceLoops(terms, family, serviceNets)];
}

function inputChain(terms: Terms, family: Family, overlay: Overlay): Chain {
  const { marks, settings: { interfacePrefix } } = terms;
  const allow = filterAllow(terms);
  return chain('cali-INPUT',
    ...(overlay.ipip && family === 4 ? ipipFromHosts(terms, allow) : []),
    ...(overlay.vxlan[family] ? vxlanFromHosts(terms, family, allow) : []),
    ...(terms.usesIpvs ? endpointMarkHooks(terms).input : []),
    ...interfacePrefix.map((prefix) => rule([{ kind: 'interface', way: 'in', name: `${prefix}+` }], goTo('cali-wl-to-host'))),
    rule([marked(marks.accept)], allow),
    rule([], clearMark(marks.all)),
    rule([], jump('cali-from-host-endpoint')),
    rule([marked(marks.accept)], allow, ACCEPTED_BY_HOST));
}

function ipipFromHosts(terms: Terms, allow: Action): readonly Rule[] {
  return [
    rule([IPIP, { kind: 'set', side: 'source', set: 'all-hosts-net' }, { kind: 'local', side: 'destination' }], allow, 'Allow IPIP packets from Calico hosts'),
    rule([IPIP], DENY, `${denyWord(terms)} IPIP packets from non-Calico hosts`),
  ];
}

/** What of IPv4 is dropped is dropped whatever the settings say of denying. */
function vxlanFromHosts(terms: Terms, family: Family, allow: Action): readonly Rule[] {
  const [port, local]: readonly Match[] = [vxlanPort(terms), { kind: 'local', side: 'destination' }];
  const [others, word]: [Action, string] = family === 4 ? [DROP, 'Drop'] : [DENY, denyWord(terms)];
  return [
    rule([UDP, port!, { kind: 'set', side: 'source', set: 'all-vxlan-net' }, local!], allow, `Allow IPv${family} VXLAN packets from allowed hosts`),
    rule([UDP, port!, local!], others, `${word} IPv${family} VXLAN packets from non-allowed hosts`),
  ];
}

function vxlanPort({ settings }: Terms): Match {
  return { kind: 'ports', side: 'destination', ports: [String(settings.vxlanPort)], protocol: '17' };
}

/** Of ICMPv6 what a workload needs to find routers and neighbours; policies are not asked about it. */
const NEIGHBOUR_DISCOVERY = [130, 131, 132, 133, 135, 136];

function workloadToHost(terms: Terms, family: Family): Chain {
  const { settings: { defaultEndpointToHostAction } } = terms;
  const allow = filterAllow(terms);
  const action = { kind: defaultEndpointToHostAction.toLowerCase() as 'drop' | 'return' | 'accept' };
  return chain('cali-wl-to-host',
    ...(family === 6 ? NEIGHBOUR_DISCOVERY.map((type) => rule([{ kind: 'protocol', protocol: '58' }, { kind: 'icmp', version: 6, type }], allow)) : []),
    ...(terms.isOpenStack ? openStackServices(terms, family, allow) : []),
    rule([], jump('cali-from-wl-dispatch')),
    rule([], action, 'Configured DefaultEndpointToHostAction'));
}

/** The services of an OpenStack host for its workloads: metadata, addresses, names. */
function openStackServices({ settings: { metadataAddr, metadataPort } }: Terms, family: Family, allow: Action): readonly Rule[] {
  const port = (side: 'source' | 'destination', number: number, protocol: string): Match => ({ kind: 'ports', side, ports: [String(number)], protocol });
  const [from, to] = family === 4 ? [68, 67] : [546, 547];
  const metadata: readonly Match[] = [{ kind: 'protocol', protocol: 'tcp' }, { kind: 'net', side: 'destination', net: metadataAddr }, port('destination', metadataPort, 'tcp')];
  const udp: Match = { kind: 'protocol', protocol: 'udp' };
  return [
    ...(family === 4 && metadataAddr !== '' ? [rule(metadata, allow)] : []),
    rule([udp, port('source', from, 'udp'), port('destination', to, 'udp')], allow),
    rule([udp, port('destination', 53, 'udp')], allow),
  ];
}

function forwardChain({ marks, settings: { interfacePrefix } }: Terms): Chain {
  return chain('cali-FORWARD',
    rule([], clearMark(marks.all - marks.accept)),
    rule([unmarked(marks.accept)], jump('cali-from-hep-forward')),
    ...interfacePrefix.flatMap((prefix) => [
      rule([{ kind: 'interface', way: 'in', name: `${prefix}+` }], jump('cali-from-wl-dispatch')),
      rule([{ kind: 'interface', way: 'out', name: `${prefix}+` }], jump('cali-to-wl-dispatch')),
    ]),
    rule([], jump('cali-to-hep-forward')),
    rule([], jump('cali-cidr-block')));
}

function outputChain(terms: Terms, family: Family, overlay: Overlay): Chain {
  const { marks, settings: { interfacePrefix } } = terms;
  const allow = filterAllow(terms);
  const local: Match = { kind: 'local', side: 'source' };
  return chain('cali-OUTPUT',
    rule([marked(marks.accept)], allow),
    ...(terms.usesIpvs ? endpointMarkHooks(terms).output : []),
    ...interfacePrefix.map((prefix) => rule([{ kind: 'interface', way: 'out', name: `${prefix}+` }], RETURN)),
    ...(overlay.ipip && family === 4 ? [rule([IPIP, { kind: 'set', side: 'destination', set: 'all-hosts-net' }, local], allow, 'Allow IPIP packets to other Calico hosts')] : []),
    ...(overlay.vxlan[family] ? [rule([UDP, vxlanPort(terms), local, { kind: 'set', side: 'destination', set: 'all-vxlan-net' }], allow, `Allow IPv${family} VXLAN packets to other allowed hosts`)] : []),
    rule([], clearMark(marks.all)),
    rule([{ kind: 'translated', not: true }], jump('cali-to-host-endpoint')),
    rule([marked(marks.accept)], allow, ACCEPTED_BY_HOST));
}

/** Packets to a service that nobody has would go round between the host and its gateway. */
function serviceLoops({ settings: { serviceLoopPrevention } }: Terms, family: Family, nets: readonly string[]): Chain {
  const action: Action = { kind: serviceLoopPrevention === 'Reject' ? 'reject' : 'drop' };
  const own = serviceLoopPrevention === 'Disabled' ? [] : nets.filter((net) => net.includes(':') === (family === 6)).sort();
  return chain('cali-cidr-block', ...own.map((net) => rule([{ kind: 'net', side: 'destination', net }], action)));
}

/** What stands behind all other rules in the kernel's own chain FORWARD. */
export function forwardEnd(terms: Terms): readonly Rule[] {
  const { marks } = terms;
  return [rule([marked(marks.accept)], filterAllow(terms), 'Policy explicitly accepted packet.'), rule([], { kind: 'set-mark', value: marks.accept, mask: marks.accept })];
}
