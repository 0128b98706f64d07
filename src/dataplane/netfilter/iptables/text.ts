import type { Family } from '../../desired.js';
import { setName } from '../sets/names.js';
import type { Action, Match, Rule } from '../rule.js';

/** What iptables-restore is told of the settings and the kernel. */
export interface IptablesForm {
  readonly family: Family;
  readonly denyAction: 'drop' | 'reject';
  /** Whether NAT can be told to choose ports at random, which avoids collisions (reference/netfilter 10). */
  readonly randomFully: boolean;
}

/** A rule as Felix writes it, without its id: comments, matches, action (reference/netfilter 1.2). */
export function ruleText({ comments, matches, action }: Rule, form: IptablesForm): string {
  const parts = comments.map((comment) => `-m comment --comment "${commentText(comment)}"`);
  for (const match of matches) parts.push(matchText(match, form));
  if (action !== undefined) parts.push(actionText(action, form));
  return parts.join(' ');
}

const LONGEST_COMMENT = 256;

/** What a comment may hold; anything else would need quotes in quotes. */
export function commentText(text: string): string {
  return text.replace(/[^\w @%+=:,./-]/gu, '_').slice(0, LONGEST_COMMENT);
}

function matchText(match: Match, { family }: IptablesForm): string {
  const not = 'not' in match && match.not ? '! ' : '';
  switch (match.kind) {
    case 'protocol':
      return `${not}-p ${match.protocol}`;
    case 'net':
      return `${not}--${match.side} ${match.net}`;
    case 'set': {
      const at = match.side === 'source' ? 'src' : 'dst';
      return `-m set ${not}--match-set ${setName(family, match.set)} ${match.withPort === true ? `${at},${at}` : at}`;
    }
    case 'ports':
      if (match.single === true) return `${not}--${match.side === 'source' ? 's' : 'd'}port ${match.ports[0]}`;
      return `-m multiport ${not}--${match.side}-ports ${match.ports.join(',')}`;
    case 'icmp': {
      const [module, option] = match.version === 4 ? ['icmp', 'icmp-type'] : ['icmp6', 'icmpv6-type'];
      return `-m ${module} ${not}--${option} ${match.type}${match.code === undefined ? '' : `/${match.code}`}`;
    }
    case 'mark':
      return `-m mark ${not}--mark ${match.value === 0 ? '0' : hex(match.value)}/${hex(match.mask)}`;
    case 'interface':
      return `--${match.way}-interface ${match.name}`;
    case 'ct-state':
      return `-m conntrack --ctstate ${match.states.join(',')}`;
    case 'translated':
      return `-m conntrack ${not}--ctstate DNAT`;
    default:
      return rareMatchText(match);
  }
}

function rareMatchText(match: Exclude<Match, { kind: 'protocol' | 'net' | 'set' | 'ports' | 'icmp' | 'mark' | 'interface' | 'ct-state' | 'translated' }>): string {
  switch (match.kind) {
    case 'local':
      return `-m addrtype --${match.side === 'source' ? 'src' : 'dst'}-type LOCAL`;
    case 'local-elsewhere':
      return '-m addrtype ! --src-type LOCAL --limit-iface-out -m addrtype --src-type LOCAL';
    case 'no-way-back':
      return '-m rpfilter --invert --validmark';
    case 'limit':
      return `-m limit --limit ${match.rate} --limit-burst ${match.burst}`;
    case 'connection-begins':
      return '-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN';
    case 'arp-reply':
      return notOfIptables(match.kind);
  }
}

function actionText(action: Action, { denyAction, randomFully }: IptablesForm): string {
  switch (action.kind) {
    case 'jump':
    case 'goto':
      return `--${action.kind} ${action.chain}`;
    case 'limit-connections':
      return `-m connlimit --connlimit-above ${action.above} --connlimit-mask 0 -j REJECT --reject-with tcp-reset`;
    case 'limit-packets':
    case 'by-interface':
      return notOfIptables(action.kind);
    case 'deny':
      return denyAction === 'reject' ? '--jump REJECT' : '--jump DROP';
    case 'set-mark':
      return `--jump MARK --set-mark ${hex(action.value)}/${hex(action.mask)}`;
    case 'clear-mark':
      return `--jump MARK --set-mark 0/${hex(action.mask)}`;
    case 'log':
      return `--jump LOG --log-prefix "${action.prefix}: " --log-level 5`;
    case 'masquerade':
      return `--jump MASQUERADE${action.ports === undefined ? '' : ` --to-ports ${action.ports}`}${randomly(randomFully)}`;
    case 'snat':
      return `--jump SNAT --to-source ${action.to}${randomly(randomFully)}`;
    case 'dnat':
      return `--jump DNAT --to-destination ${action.to}`;
    case 'dscp':
      return `--jump DSCP --set-dscp ${action.value}`;
    default:
      return `--jump ${action.kind.toUpperCase()}`;
  }
}

/** Chains are planned for one of the two: what only nftables has does not get here. */
function notOfIptables(what: string): never {
  throw new Error(`iptables has no ${what}`);
}

function randomly(randomFully: boolean): string {
  return randomFully ? ' --random-fully' : '';
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
