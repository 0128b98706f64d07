import { parseCidr } from '../../net/address.js';
import type { Decoding } from '../fields/field.js';
import type { Path } from '../problem.js';
import type { Port } from './ports.js';
import type { ReadRule } from './rules.js';

/** What becomes of a Felix whose rules the kernel refuses. */
const ENDLESS = 'Felix 3.32 restarts again and again on every host that uses the rule';

/** Warns of rules that the clients of Calico take, and that its dataplane cannot carry out (reference/node 12, reference/policy 5). */
export function warnOfRisks(rule: ReadRule, path: Path, to: Decoding): void {
  if (rule.protocol !== undefined && rule.notProtocol !== undefined) {
    const hint = 'remove notProtocol: protocol says all';
    to.problems.warn('breaks-felix', [...path, 'notProtocol'], `the kernel refuses a rule with protocol and notProtocol: ${ENDLESS}`, { hint, grave: true });
  }
  if (rule.notICMP?.type !== undefined && !isIcmp(rule)) {
    const hint = 'give the protocol ICMP or ICMPv6 by name, or remove notICMP';
    to.problems.warn('breaks-felix', [...path, 'notICMP'], `the kernel refuses notICMP where the protocol is not ICMP: ${ENDLESS}`, { hint, grave: true });
  }
  warnOfServices(rule, path, to);
  warnOfBlocks(rule, path, to);
}

/** Whether a rule is about ICMP of one family only. Names decide about the family, numbers do not. */
function isIcmp(rule: ReadRule): boolean {
  const { protocol } = rule;
  if (protocol === 'ICMP' || protocol === 'ICMPv6') return true;
  return (protocol === 1 && familyOf(rule) === 4) || (protocol === 58 && familyOf(rule) === 6);
}

/** The one family that a rule is about, by its ipVersion or its networks; undefined for both. */
function familyOf({ ipVersion, source, destination }: ReadRule): number | undefined {
  if (ipVersion !== undefined) return ipVersion;
  const [net] = [source, destination].flatMap((side) => [...(side?.nets ?? []), ...(side?.notNets ?? [])]);
  return net === undefined ? undefined : parseCidr(net)?.address.version;
}

function warnOfServices(rule: ReadRule, path: Path, to: Decoding): void {
  for (const side of ['source', 'destination'] as const) {
    if (rule[side]?.services === undefined) continue;
    to.problems.warn('never-matches', [...path, side, 'services'], 'Felix on etcd knows no services of Kubernetes: this rule matches nothing');
  }
}

/** Kernel rules match at most this many port numbers; a range counts as two. */
const SLOTS = 15;
const ENFORCED_BLOCKS = 2;

/** Of lists with several alternatives Calico 3.32.1 enforces the first two (reference/policy 5.1). */
function warnOfBlocks({ source, destination }: ReadRule, path: Path, to: Decoding): void {
  if (source === undefined || destination === undefined) return;
  const lists = [
    { at: ['source', 'ports'], count: portAlternatives(source.ports) },
    { at: ['destination', 'ports'], count: portAlternatives(destination.ports) },
    { at: ['source', 'nets'], count: source.nets?.length ?? 0 },
    { at: ['destination', 'nets'], count: destination.nets?.length ?? 0 },
  ].filter(({ count }) => count > 1);
  for (const { at } of lists.slice(ENFORCED_BLOCKS)) {
    const [first, second] = lists.map((each) => each.at.join('.'));
    const hint = `write one rule for each entry of ${at.join('.')}`;
    to.problems.warn('not-enforced', [...path, ...at], `Calico 3.32.1 does not enforce this list beside ${first!} and ${second!}, which have several entries too: the rule matches whatever stands here`, { hint, grave: true });
  }
}

/** How many kernel rules a list of ports takes: one for each name, and for every 15 numbers. */
function portAlternatives(ports: readonly Port[] = []): number {
  let alternatives = 0;
  let free = 0;
  for (const port of ports) {
    const slots = typeof port === 'number' ? 1 : port.includes(':') ? 2 : 0;
    if (slots === 0 || slots > free) alternatives++;
    if (slots > free) free = SLOTS;
    free -= slots;
  }
  return alternatives;
}
