import { dispatchChains } from './dispatch.js';
import { chain, clearMark, DENY, ESTABLISHED, goTo, jump, marked, partlyMarked, RETURN, rule, type Branch, type Chain, type Rule } from './rule.js';
import { filterAllow, type Terms } from './terms.js';
import { portLists } from './port-lists.js';

/** The rules at the head of `cali-INPUT` and `cali-OUTPUT` where kube-proxy works by IPVS: what it forwards passes these chains, not FORWARD. */
export function endpointMarkHooks({ marks: { endpoint } }: Terms): Readonly<Record<'input' | 'output', readonly Rule[]>> {
  return {
    input: [rule([], clearMark(endpoint)), rule([], jump('cali-forward-check')), rule([partlyMarked(endpoint)], RETURN)],
    output: [rule([partlyMarked(endpoint)], goTo('cali-forward-endpoint-mark'))],
  };
}

/** What the endpoints of a host are for the marks. */
export interface MarkedEndpoints {
  readonly workloads: readonly Branch[];
  readonly hosts: readonly Branch[];
}

/**
 * The chains that mark what is forwarded with the interface that it came from, and ask that interface's policy behind kube-proxy
 * (reference/netfilter 11).
 * @param from per interface the chain of what comes from it
 */
export function endpointMarkChains(terms: Terms, { workloads, hosts }: MarkedEndpoints): readonly Chain[] {
  const { marks, settings: { interfacePrefix, kubeNodePortRanges } } = terms;
  const toNodePorts = portLists(kubeNodePortRanges.map(({ min, max }) => (min === max ? String(min) : `${min}:${max}`))).flatMap((ports) => ['tcp', 'udp'].map((protocol) =>
    rule([{ kind: 'protocol', protocol }, { kind: 'ports', side: 'destination', ports, protocol }, { kind: 'set', side: 'destination', set: 'this-host' }], goTo('cali-set-endpoint-mark'), 'To kubernetes NodePort service')));
  return [
    chain('cali-forward-check',
      rule([ESTABLISHED], RETURN),
      ...toNodePorts,
      rule([{ kind: 'set', side: 'destination', not: true, set: 'this-host' }], jump('cali-set-endpoint-mark'), 'To kubernetes service')),
    chain('cali-forward-endpoint-mark',
      rule([{ kind: 'mark', not: true, value: foreignMark(marks.endpoint), mask: marks.endpoint }], jump('cali-from-endpoint-mark')),
      ...interfacePrefix.map((prefix) => rule([{ kind: 'interface', way: 'out', name: `${prefix}+` }], jump('cali-to-wl-dispatch'))),
      rule([], jump('cali-to-hep-forward')),
      rule([], clearMark(marks.endpoint)),
      rule([marked(marks.accept)], filterAllow(terms), 'Policy explicitly accepted packet.')),
    ...settingChains(terms, workloads, hosts),
  ];
}

/** The mark of what came from no endpoint of ours: the lowest bit. */
function foreignMark(mask: number): number {
  return (mask & -mask) >>> 0;
}

function settingChains({ marks: { endpoint: mask }, settings: { interfacePrefix }, chainName }: Terms, workloads: readonly Branch[], hosts: readonly Branch[]): readonly Chain[] {
  const name = 'cali-set-endpoint-mark';
  const all = [...workloads, ...hosts];
  const values = endpointMarks(all.map(({ interfaceName }) => interfaceName), mask);
  const setter = (interfaceName: string): string => chainName('cali-sm-', interfaceName);
  const branches = (of: readonly Branch[]): readonly Branch[] => of.map(({ interfaceName }) => ({ interfaceName, to: setter(interfaceName) }));
  const [ofWorkloads, ...workloadBins] = dispatchChains(`${name}-wep`, 'in', branches(workloads), []);
  const [ofHosts, ...hostBins] = dispatchChains(`${name}-hep`, 'in', branches(hosts), []);
  const end: readonly Rule[] = [
    ...interfacePrefix.map((prefix) => rule([{ kind: 'interface', way: 'in', name: `${prefix}+` }], DENY, 'Unknown endpoint')),
    rule([], { kind: 'set-mark', value: foreignMark(mask), mask }, 'Non-Cali endpoint mark'),
  ];
  const known = [...all].sort((left, right) => (left.interfaceName < right.interfaceName ? -1 : 1));
  return [
    chain(name, ...ofWorkloads!.rules, ...ofHosts!.rules, ...end),
    ...workloadBins, ...hostBins,
    ...known.map(({ interfaceName }) => chain(setter(interfaceName), rule([], { kind: 'set-mark', value: values.get(interfaceName)!, mask }))),
    chain('cali-from-endpoint-mark',
      ...known.map(({ interfaceName, to }) => rule([{ kind: 'mark', value: values.get(interfaceName)!, mask }], goTo(to))),
      rule([], DENY, 'Unknown interface')),
  ];
}

/** A mark for each interface, by a hash of its name; the next free one where two want the same. 0 is no mark and 1 that of foreign packets. */
export function endpointMarks(names: readonly string[], mask: number): ReadonlyMap<string, number> {
  const bits = Array.from({ length: 32 }, (_, bit) => (1 << bit) >>> 0).filter((bit) => (mask & bit) !== 0);
  const size = 2 ** bits.length;
  const taken = new Set<number>([0, 1]);
  const marks = new Map<string, number>();
  for (const name of [...names].sort()) {
    let number = fnv1(name) % size;
    for (let tries = 0; taken.has(number) && tries < size; tries++) number = (number + 1) % size;
    taken.add(number);
    marks.set(name, bits.reduce((sum, bit, at) => sum + ((number >>> at) & 1) * bit, 0));
  }
  return marks;
}

/** FNV-1 of 32 bits. */
function fnv1(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = (Math.imul(hash, 0x01000193) ^ byte) >>> 0;
  return hash;
}
