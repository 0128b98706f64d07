import type { Flow } from '../../../src/policy/flow.js';
import { lies, parsed, thingsAt, type Network } from './naive-network.js';
import { positiveText, selects, type RuleSide } from './naive-selector.js';

export interface StoredRule {
  readonly action: string;
  readonly ipVersion?: number;
  readonly protocol?: string | number;
  readonly notProtocol?: string | number;
  readonly icmp?: { readonly type?: number; readonly code?: number };
  readonly notICMP?: { readonly type?: number; readonly code?: number };
  readonly source?: RuleSide;
  readonly destination?: RuleSide;
}

const NUMBERS: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58, sctp: 132, udplite: 136 };

export function numberOf(protocol: string | number): number {
  return typeof protocol === 'number' ? protocol : NUMBERS[protocol.toLowerCase()]!;
}

function familyOf(net: string): number {
  return parsed(net).address.version;
}

/** Section 5, sentence by sentence. */
export function ruleMatches(network: Network, rule: StoredRule, namespace: string | undefined, flow: Flow): boolean {
  const family = familyOf(flow.src);
  const wanted = rule.ipVersion ?? (rule.protocol === 'ICMP' ? 4 : rule.protocol === 'ICMPv6' ? 6 : family);
  if (wanted !== family) return false;
  const { source = {}, destination = {} } = rule;
  const reduced = (list: readonly string[] = []): readonly string[] => list.filter((net) => familyOf(net) === family);
  for (const side of [source, destination]) {
    for (const list of [side.nets, side.notNets]) if (list !== undefined && list.length > 0 && reduced(list).length === 0) return false;
    if (reduced(side.notNets).some((net) => net.endsWith('/0'))) return false;
    if (side.services !== undefined) return false;
  }
  if (rule.protocol !== undefined && numberOf(rule.protocol) !== numberOf(flow.protocol)) return false;
  if (rule.notProtocol !== undefined && numberOf(rule.notProtocol) === numberOf(flow.protocol)) return false;
  const isIcmp = ({ type, code }: { type?: number; code?: number }): boolean => type === flow.type && (code === undefined || code === flow.code);
  if (rule.icmp?.type !== undefined && !isIcmp(rule.icmp)) return false;
  if (rule.notICMP?.type !== undefined && isIcmp(rule.notICMP)) return false;
  const skipped = beyondTwoBlocks(source, destination, reduced);
  const isTcpLike = ['udp', 'sctp'].map(numberOf).includes(numberOf(rule.protocol ?? 'tcp')) ? numberOf(rule.protocol!) : 6;
  return (
    sideMatches(network, source, namespace, flow, flow.src, flow.sport, isTcpLike, reduced, skipped[0]!, skipped[2]!) &&
    sideMatches(network, destination, namespace, flow, flow.dst, flow.dport, isTcpLike, reduced, skipped[1]!, skipped[3]!)
  );
}

function sideMatches(
  network: Network, side: RuleSide, namespace: string | undefined, flow: Flow, address: string, port: number | undefined, named: number,
  reduced: (list?: readonly string[]) => readonly string[], skipsPorts: boolean, skipsNets: boolean,
): boolean {
  const positive = positiveText(side, namespace);
  const here = thingsAt(network, address);
  const not = side.notSelector ?? '';
  const inScope = here.filter(({ labels }) => positive === '' || (selects(positive, labels) && !(not !== '' && selects(not, labels))));
  if (positive !== '' && inScope.length === 0) return false;
  if (positive === '' && not !== '' && here.some(({ labels }) => selects(not, labels))) return false;
  const nets = reduced(side.nets);
  if (nets.length > 0 && !skipsNets && !lies(address, nets)) return false;
  if (lies(address, reduced(side.notNets))) return false;
  const isOne = (entry: number | string): boolean => {
    if (typeof entry === 'number') return entry === port;
    if (/^\d+:\d+$/.test(entry)) {
      const [from, to] = entry.split(':').map(Number);
      return port !== undefined && port >= from! && port <= to!;
    }
    return inScope.some(({ ports }) => ports.some((each) => each.name === entry && numberOf(each.protocol) === named && numberOf(flow.protocol) === named && each.port === port));
  };
  if (side.ports !== undefined && side.ports.length > 0 && !skipsPorts && !side.ports.some(isOne)) return false;
  return !(side.notPorts ?? []).some(isOne);
}

/** Section 5.1: which of source ports, destination ports, source nets, destination nets are not enforced. */
function beyondTwoBlocks(source: RuleSide, destination: RuleSide, reduced: (list?: readonly string[]) => readonly string[]): readonly boolean[] {
  const lists = [chunks(source.ports), chunks(destination.ports), reduced(source.nets).length, reduced(destination.nets).length];
  let blocks = 0;
  return lists.map((alternatives) => alternatives > 1 && ++blocks > 2);
}

function chunks(ports: readonly (number | string)[] = []): number {
  const isName = (port: number | string): boolean => typeof port === 'string' && !/^\d/.test(port);
  const filled: number[] = [];
  for (const port of ports.filter((each) => !isName(each))) {
    const slots = typeof port === 'number' ? 1 : 2;
    const last = filled.length - 1;
    if (last >= 0 && filled[last]! + slots <= 15) filled[last]! += slots;
    else filled.push(slots);
  }
  return filled.length + ports.filter(isName).length;
}
