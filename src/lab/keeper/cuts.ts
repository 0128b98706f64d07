import { portOf, type LabHost } from '../plan.js';
import type { Cut } from '../requests.js';

/** The rules of nft for what is cut on the bridge, in place of those before. */
export function cutRules(cuts: readonly Cut[], hosts: readonly LabHost[]): string {
  const rules = cuts.map((cut) => rulesOf(cut, hosts));
  const chain = (hook: 'forward' | 'input' | 'output'): string => `chain ${hook} { type filter hook ${hook} priority 0; policy accept; ${rules.flatMap((each) => each[hook]).join(' ')} }\n`;
  return `table bridge lab\ndelete table bridge lab\n${cuts.length === 0 ? '' : `table bridge lab {\n${chain('forward')}${chain('input')}${chain('output')}}\n`}`;
}

/** Hosts that are cut off together still reach one another. What is outside, etcd too, is on the others' side. */
function rulesOf({ hosts: names, of }: Cut, hosts: readonly LabHost[]): { readonly forward: readonly string[]; readonly input: readonly string[]; readonly output: readonly string[] } {
  const ports = `{ ${hosts.filter(({ name }) => names.includes(name)).map((host) => `"${portOf(host)}"`).join(', ')} }`;
  const across = [`iifname ${ports} oifname != ${ports}`, `iifname != ${ports} oifname ${ports}`];
  const rules = (matches: readonly string[], packets: readonly string[]): string[] => matches.flatMap((match) => packets.map((each) => `${match} ${each}drop;`));
  switch (of) {
    case 'all':
      return { forward: rules(across, ['']), input: rules([`iifname ${ports}`], ['']), output: rules([`oifname ${ports}`], ['']) };
    case 'etcd':
      return { forward: [], input: rules([`iifname ${ports}`], ['tcp dport 2379 ']), output: rules([`oifname ${ports}`], ['tcp sport 2379 ']) };
    case 'bgp':
      return { forward: rules(across, ['tcp dport 179 ', 'tcp sport 179 ']), input: [], output: [] };
  }
}
