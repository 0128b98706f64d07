import { isMap } from '../../base/data.js';
import { fieldOf, type Level } from './type-tree.js';

/** Names that fields had in the data model before v1, in other tools, or in the other dialect, and what they are called now: the first that the map has. */
const OLD_NAMES: Readonly<Record<string, readonly string[]>> = {
  masquerade: ['natOutgoing', 'nat-outgoing'],
  as_num: ['asNumber'],
  peer_ip: ['peerIP'],
  inbound_rules: ['ingress'],
  outbound_rules: ['egress'],
  ingress_rules: ['ingress'],
  egress_rules: ['egress'],
  expected_ipv4_addrs: ['expectedIPs'],
  expected_ipv6_addrs: ['expectedIPs'],
  ipv4_nets: ['ipNetworks'],
  ipv6_nets: ['ipNetworks'],
  ipv4_nat: ['ipNATs'],
  ipv6_nat: ['ipNATs'],
  ipv4_gateway: ['ipv4Gateway'],
  ipv6_gateway: ['ipv6Gateway'],
  profile_id: ['profiles'],
  profile_ids: ['profiles'],
  ifaceName: ['interfaceName'],
  iface: ['interfaceName'],
  hostname: ['node'],
  host: ['node'],
  workload_id: ['workload'],
  orchestrator_id: ['orchestrator'],
  endpoint_id: ['endpoint', 'name'],
  tags: ['labelsToApply'],
  policy_types: ['types'],
  src: ['source'],
  dst: ['destination'],
  dest: ['destination'],
};

const RULE_FIELD = /^(!?)(src|dst)_(tag|net|ports|selector)$/;
const CAPITAL_MODES: Readonly<Record<string, string>> = { 'always': 'Always', 'cross-subnet': 'CrossSubnet' };

/** The field of a map that an old name stands for; undefined where the map has none. */
export function fieldOfOldName(name: string, fields: Level['fields']): string | undefined {
  const has = (field: string): boolean => fieldOf(fields, field) !== undefined;
  if (name.startsWith('!') && has(negated(name.slice(1)))) return negated(name.slice(1));
  return Object.hasOwn(OLD_NAMES, name) ? OLD_NAMES[name]?.find(has) : undefined;
}

/** What to write now for an old field that has become something other than another name; undefined where the map has nothing for it. */
export function oldNameHint(name: string, value: unknown, { fields }: Level): string | undefined {
  const has = (field: string): boolean => fieldOf(fields, field) !== undefined;
  const [, not, side, what] = RULE_FIELD.exec(name) ?? [];
  if (side !== undefined && has('source')) return `write "${not === '!' ? negated(what as string) : what}" under "${side === 'src' ? 'source' : 'destination'}"`;
  if (/^!?icmp_(?:type|code)$/.test(name) && has('icmp')) return `write "${name.slice(name.indexOf('_') + 1)}" under "${name.startsWith('!') ? 'notICMP' : 'icmp'}"`;
  if (name === 'ipip' && has('ipipMode')) return `write ipipMode: ${ipipMode(value)}`;
  return (name === 'tag' || name === 'notTag') && has('selector') && !has('tag') ? tagHint(name, value) : undefined;
}

/** What `!name` is called now: `notName`. */
export function negated(name: string): string {
  return name === 'icmp' ? 'notICMP' : `not${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

function ipipMode(value: unknown): string {
  const { enabled = false, mode = 'always' } = isMap(value) ? value : { enabled: value };
  return enabled === true ? (CAPITAL_MODES[String(mode)] ?? 'Always') : 'Never';
}

/** Calico's own conversion makes a label without a value of every tag (reference/storage 4.3). */
function tagHint(name: 'tag' | 'notTag', value: unknown): string {
  const tag = typeof value === 'string' && value !== '' ? value : 'TAG';
  return `v3 has no tags: the tag of a profile is a label without a value there, so write ${name === 'tag' ? 'selector' : 'notSelector'}: ${tag} == ''`;
}
