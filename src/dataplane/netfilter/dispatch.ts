import { chain, DENY, goTo, rule, type Action, type Branch, type Chain, type Rule } from './rule.js';

/**
 * Chains that send packets to the chain of their interface: one with the interfaces of each next letter behind what all names have in common,
 * so that a packet meets few rules (reference/netfilter 3.6).
 * @param end the rules behind them all, in each chain
 */
export function dispatchChains(name: string, way: 'in' | 'out', branches: readonly Branch[], end: readonly Rule[], endOfChildren = end): readonly Chain[] {
  const sorted = [...branches].sort((left, right) => (left.interfaceName < right.interfaceName ? -1 : 1));
  const shared = commonPrefix(sorted.map(({ interfaceName }) => interfaceName));
  const bins = new Map<string, Branch[]>();
  for (const branch of sorted) {
    const key = branch.interfaceName.slice(0, shared.length + 1);
    const bin = bins.get(key);
    if (bin === undefined) bins.set(key, [branch]);
    else bin.push(branch);
  }
  const to = (interfaceName: string, action: Action): Rule => rule([{ kind: 'interface', way, name: interfaceName }], action);
  const root: Rule[] = [];
  const children: Chain[] = [];
  for (const [prefix, bin] of bins) {
    if (bin.length === 1) root.push(to(bin[0]!.interfaceName, goTo(bin[0]!.to)));
    else {
      const child = `${name}-${prefix.slice(shared.length)}`;
      root.push(to(`${prefix}+`, goTo(child)));
      children.push(chain(child, ...bin.map((branch) => to(branch.interfaceName, goTo(branch.to))), ...endOfChildren));
    }
  }
  return [chain(name, ...root, ...end), ...children];
}

/** Workload interfaces that nobody knows are closed. */
export const UNKNOWN_INTERFACE: Rule = rule([], DENY, 'Unknown interface');

function commonPrefix(sorted: readonly string[]): string {
  const [first = '', last = ''] = [sorted[0], sorted.at(-1)];
  let length = 0;
  while (length < first.length && first[length] === last[length]) length++;
  return first.slice(0, length);
}
