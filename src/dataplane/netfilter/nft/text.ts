import type { Family, TableName } from '../../desired.js';
import { commentText } from '../iptables/text.js';
import { setName } from '../sets/names.js';
import type { Action, Match, Rule } from '../rule.js';
import { interfaceText } from './words.js';

/** How rules are written for nft. */
export interface NftForm {
  readonly family: Family;
  /** The table of iptables that a chain would be in: all are in one table of nftables, with this before their names. */
  readonly table: TableName;
  readonly denyAction: 'drop' | 'reject';
  readonly randomFully: boolean;
}

/** A rule as Felix writes it for nft, without comments: matches, a counter, the action (reference/netfilter 12). */
export function ruleText({ matches, action }: Rule, form: NftForm): string {
  const parts = matches.map((match) => matchText(match, form));
  if (action !== undefined) parts.push(action.kind === 'by-interface' ? interfaceMap(action, form) : `counter ${actionText(action, form)}`);
  return parts.length === 0 ? 'continue' : parts.join(' ');
}

const LONGEST_COMMENT = 128;

/** The comment of a rule: its id, then what it is for, cut so that all of it has room. */
export function ruleComment(id: string, comments: readonly string[]): string {
  const begin = `cali:${id};`;
  const room = comments.length === 0 ? 0 : Math.floor((LONGEST_COMMENT - begin.length) / comments.length);
  return [begin, ...comments.map((comment) => commentText(comment).slice(0, room))].join(' ').slice(0, LONGEST_COMMENT);
}

/** The name of a set of nftables, where a colon has a meaning of its own. */
export function nftSetName(family: Family, id: string): string {
  return setName(family, id).replaceAll(':', '-');
}

/** The name of a chain or map in the one table of all. */
export function nftName(table: TableName, name: string): string {
  return `${table}-${name}`;
}

function matchText(match: Match, { family }: NftForm): string {
  const not = 'not' in match && match.not ? '!= ' : '';
  const ip = family === 6 ? 'ip6' : 'ip';
  switch (match.kind) {
    case 'protocol':
      return `meta l4proto ${not}${match.protocol}`;
    case 'net':
      return `${ip} ${address(match.side)} ${not}${match.net}`;
    case 'set': {
      const port = match.withPort === true ? ` . meta l4proto . th ${match.side === 'source' ? 's' : 'd'}port` : '';
      return `${ip} ${address(match.side)}${port} ${not}@${nftSetName(family, match.set)}`;
    }
    case 'ports': {
      const ports = match.ports.map((each) => each.replace(':', '-'));
      return `${transport(match.protocol)} ${match.side === 'source' ? 's' : 'd'}port ${not}${match.single === true ? ports[0]! : `{ ${ports.join(', ')} }`}`;
    }
    case 'icmp':
      return icmpText(match);
    case 'mark':
      return `meta mark & ${hex(match.mask)} ${match.not === true ? '!=' : '=='} ${match.value === 0 ? '0' : hex(match.value)}`;
    case 'interface':
      return `${match.way === 'in' ? 'iifname' : 'oifname'} ${interfaceText(match.name)}`;
    default:
      return rareMatchText(match);
  }
}

type Rare = Exclude<Match, { kind: 'protocol' | 'net' | 'set' | 'ports' | 'icmp' | 'mark' | 'interface' }>;

function rareMatchText(match: Rare): string {
  switch (match.kind) {
    case 'ct-state':
      return `ct state ${match.states.join(',').toLowerCase()}`;
    case 'translated':
      return `ct status ${match.not === true ? '!= ' : ''}dnat`;
    case 'local':
      return `fib ${address(match.side)} type local`;
    case 'local-elsewhere':
      return 'fib saddr . oif type != local fib saddr type local';
    case 'no-way-back':
      return 'fib saddr . mark . iif oif 0';
    case 'limit':
      return `limit rate ${match.rate} burst ${match.burst} packets`;
    case 'connection-begins':
      return 'meta l4proto tcp';
    case 'arp-reply':
      return `arp operation reply arp saddr ip ${match.address}`;
  }
}

/** Both type and code are looked at as one: of neither alone does it follow that the pair is another one. */
function icmpText({ not, version, type, code }: Match & { kind: 'icmp' }): string {
  const protocol = version === 4 ? 'icmp' : 'icmpv6';
  const is = not === true ? '!= ' : '';
  if (code === undefined) return `${protocol} type ${is}${type}`;
  return `${protocol} type . ${protocol} code ${is}{ ${type} . ${code} }`;
}

function actionText(action: Exclude<Action, { kind: 'by-interface' }>, form: NftForm): string {
  switch (action.kind) {
    case 'jump':
    case 'goto':
      return `${action.kind} ${nftName(form.table, action.chain)}`;
    case 'limit-packets':
      return `limit rate over ${action.rate}/second burst ${action.burst} packets drop`;
    case 'limit-connections':
      return `ct count over ${action.above} reject with tcp reset`;
    case 'deny':
      return form.denyAction;
    case 'set-mark':
      return action.value === action.mask ? `meta mark set mark or ${hex(action.mask)}` : `meta mark set mark & ${hex(inverse(action.mask))} ^ ${hex(action.value)}`;
    case 'clear-mark':
      return `meta mark set mark & ${hex(inverse(action.mask))}`;
    case 'log':
      return `log prefix "${action.prefix}: " level info`;
    case 'masquerade':
      return `masquerade${action.ports === undefined ? '' : ` to :${action.ports}`}${randomly(form)}`;
    case 'snat':
      return `snat to ${action.to}${randomly(form)}`;
    case 'dnat':
      return `dnat to ${action.to}`;
    case 'dscp':
      return `${form.family === 6 ? 'ip6' : 'ip'} dscp set ${action.value}`;
    default:
      return action.kind;
  }
}

/** What is not in the map goes on with the next rule. */
function interfaceMap({ way, map }: Action & { kind: 'by-interface' }, { table }: NftForm): string {
  return `${way === 'in' ? 'iifname' : 'oifname'} vmap @${nftName(table, map)}`;
}

function randomly({ randomFully }: NftForm): string {
  return randomFully ? ' fully-random' : '';
}

function address(side: 'source' | 'destination'): string {
  return side === 'source' ? 'saddr' : 'daddr';
}

const TRANSPORTS: Readonly<Record<string, string>> = { 6: 'tcp', 17: 'udp', 132: 'sctp', 136: 'udplite', 33: 'dccp' };

function transport(protocol: string): string {
  return TRANSPORTS[protocol] ?? protocol;
}

function inverse(mask: number): number {
  return ~mask >>> 0;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
