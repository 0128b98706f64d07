import type { Data } from '../../base/data.js';
import { formatCidr } from '../../net/address.js';
import { readSides, type ReadPorts, type ReadSide } from '../../policy/rule-conditions.js';
import { printSelector } from '../../selector/print.js';
import type { Family } from '../desired.js';
import { kernelForms, type Conditions } from './impossible.js';
import { portLists } from './port-lists.js';
import { rule, type Action, type Match, type Rule, type Side } from './rule.js';
import { portSetId, selectorSetId } from './sets/names.js';
import { serviceSets } from './sets/rule-sets.js';
import type { Terms } from './terms.js';

/** One form of a rule of a policy: conditions that are tried one after the other by marks, and then the rest of them. */
export interface RuleForm {
  /** What has to come before, in order. */
  readonly before: readonly Rule[];
  readonly matches: readonly Match[];
}

/** One thing that a rule demands, and how it is written where several stand for it. */
type Alternative = readonly Match[];

/** The forms of a rule for a family, of which a packet meets at most one (reference/netfilter 8); none where it matches no packet of the family. */
export function ruleForms(terms: Terms, stored: Data, family: Family, namespace: string | undefined): readonly RuleForm[] {
  const { sides, family: other } = readSides(stored, family, namespace);
  if (other !== undefined) return [];
  return kernelForms(stored, family).map((conditions) => formOf(terms, conditions, sides));
}

function formOf(terms: Terms, conditions: Conditions, sides: readonly ReadSide[]): RuleForm {
  const parts = sides.map((side) => sideParts(side, conditions));
  const before = markBlocks(terms, conditions, parts);
  const matches: readonly Match[] = [
    ...conditions.protocol,
    ...parts.flatMap((part) => [...alone(part.nets), ...part.sets, ...alone(part.ports)]),
    ...conditions.icmp,
    ...conditions.notProtocol,
    ...parts.flatMap((part) => [...(part.notNetsApart ? [] : part.notNets.flat()), ...part.notSets, ...part.notPorts]),
    ...conditions.notIcmp,
    ...(before.length === 0 ? [] : [{ kind: 'mark', value: terms.marks.scratch0, mask: terms.marks.scratch0 } as const]),
  ];
  return { before, matches };
}

/** What one side of a rule demands. */
interface SideParts {
  readonly nets: readonly Alternative[];
  readonly sets: readonly Match[];
  readonly ports: readonly Alternative[];
  readonly notNets: readonly Alternative[];
  /** A rule of iptables names at most one network of a side, be it that it must be or must not be there. */
  readonly notNetsApart: boolean;
  readonly notSets: readonly Match[];
  readonly notPorts: readonly Match[];
}

function sideParts({ side, stored, objects, nets, notNets, ports, notPorts }: ReadSide, conditions: Conditions): SideParts {
  const positive = objects.selector === undefined ? undefined : printSelector(objects.selector);
  const lists = portAlternatives(side, ports, conditions, positive);
  const isSelectorAsked = positive !== undefined && !(ports.names.length > 0 && ports.ranges.length === 0);
  return {
    nets: nets.map((net) => [{ kind: 'net', side, net: formatCidr(net) }]),
    sets: [...(isSelectorAsked ? [{ kind: 'set', side, set: selectorSetId(positive) } as const] : []), ...serviceSets(stored, side).map(({ id, withPort }): Match => ({ kind: 'set', side, set: id, withPort }))],
    ports: lists,
    notNets: notNets.map((net) => [{ kind: 'net', side, not: true, net: formatCidr(net) }]),
    notNetsApart: (nets.length === 1 ? 1 : 0) + notNets.length > 1,
    notSets: objects.except === undefined ? [] : [{ kind: 'set', side, not: true, set: selectorSetId(printSelector(objects.except)) }],
    notPorts: portAlternatives(side, notPorts, conditions, positive).flat().map((match) => ({ ...match, not: true })),
  };
}

/** Numbers in lists that one rule can match, then each name. */
function portAlternatives(side: Side, { ranges, names }: ReadPorts, { portProtocol: protocol, withNames }: Conditions, selector = 'all()'): readonly (readonly (Match & { kind: 'ports' | 'set' })[])[] {
  if (protocol === '') return [];
  const lists = portLists(ranges.map(([from, to]) => (from === to ? String(from) : `${from}:${to}`)));
  return [
    ...lists.map((numbers) => [{ kind: 'ports', side, ports: numbers, protocol } as const]),
    ...(withNames ? names : []).map((name) => [{ kind: 'set', side, set: portSetId(selector, portProtocolName(protocol), name), withPort: true } as const]),
  ];
}

/** Named ports are of the rule's protocol; of TCP where it has none. */
function portProtocolName(protocol: string): string {
  return protocol === 'udp' || protocol === '17' ? 'udp' : protocol === 'sctp' || protocol === '132' ? 'sctp' : 'tcp';
}

function alone(alternatives: readonly Alternative[]): readonly Match[] {
  return alternatives.length === 1 ? alternatives[0]! : [];
}

/**
 * The rules that find out by marks whether lists of several alternatives hold: the first mark says that all is well, the second one that the
 * list at hand is. It is not cleared between two lists, so that of three lists only two count (reference/policy 5.1).
 */
function markBlocks({ marks: { scratch0, scratch1 } }: Terms, conditions: Conditions, parts: readonly SideParts[]): readonly Rule[] {
  const positive = [...parts.map(({ ports }) => ports), ...parts.map(({ nets }) => nets)].filter((alternatives) => alternatives.length > 1);
  const negative = [...parts.flatMap(({ notNets, notNetsApart }) => (notNetsApart ? notNets : [])), ...conditions.ruledOut.map((match) => [match])];
  if (positive.length === 0 && negative.length === 0) return [];
  const set = (mark: number): Action => ({ kind: 'set-mark', value: mark, mask: mark });
  const fails: Action = { kind: 'clear-mark', mask: scratch0 };
  const rules = [rule([], { kind: 'set-mark', value: positive.length === 0 ? scratch0 : 0, mask: scratch0 + scratch1 })];
  positive.forEach((alternatives, at) => {
    for (const matches of alternatives) rules.push(rule(matches.some(({ kind }) => kind === 'ports') ? [...conditions.protocol, ...matches] : matches, set(at === 0 ? scratch0 : scratch1)));
    if (at > 0) rules.push(rule([{ kind: 'mark', value: 0, mask: scratch1 }], fails));
  });
  for (const matches of negative) rules.push(rule(matches.map((match) => withoutNot(match)), fails));
  return rules;
}

function withoutNot(match: Match): Match {
  return 'not' in match ? { ...match, not: false } : match;
}
