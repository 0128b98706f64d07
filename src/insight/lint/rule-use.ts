import { formatCidr } from '../../net/address.js';
import type { Condition } from '../../policy/condition.js';
import { overlap, without, type PacketSet } from '../../policy/packet-set.js';
import type { Rule } from '../../policy/rule.js';
import { rulePackets, type Ends } from '../../policy/rule-packets.js';

/** What decides about packets before a rule gets them: another rule, or the id of something else (`tier-default:TIER`, `failsafe`, `encapsulation`). */
export interface Taker {
  readonly by: string;
  readonly rule?: Rule | undefined;
}

/** Packets between two addresses, as an example. */
export interface Sample {
  readonly ends: Ends;
  readonly packets: PacketSet;
}

/** What there is to a rule, or to a part of it. */
export class Use {
  /** Some packet of an endpoint that asks the rule fulfils its conditions. */
  canMatch = false;
  /** Some packet gets to it and fulfils them. */
  matches = false;
  readonly takers = new Map<string, Taker>();
}

/** One entry of a list of a rule that has several, as if it were the only one. */
export class EntryUse extends Use {
  private readonly of: { 4?: readonly Condition[]; 6?: readonly Condition[] } = {};

  /** @param field the list, `destination.ports` */
  constructor(
    private readonly rule: Rule,
    readonly field: string,
    readonly value: string,
  ) {
    super();
  }

  conditions(version: 4 | 6): readonly Condition[] {
    return (this.of[version] ??= this.rule.conditions(version).map((condition) => (condition.field === this.field ? onlyEntry(condition, this.value) : condition)));
  }
}

/** Two rules of one tier of which the first takes packets that the second could match. */
export interface Meeting {
  readonly first: Rule;
  readonly second: Rule;
  /** Packets that both match. */
  shared: Sample | undefined;
  /** Whether the first also matches packets that the second does not: it is no mere exception. */
  isWider: boolean;
}

/** What becomes of a rule in all hooks that ask it. */
export class RuleUse extends Use {
  /** Whether any hook was asked that asks the rule, so that anything is known. */
  isAsked = false;
  /** Whether some hook that asks it was not examined, so that nothing is known never to happen. */
  isUnsure = false;
  visited = false;
  /** Of a Pass that matches: whether it stands in the last tier of some hook, and in an earlier one of another. */
  readonly passes = { fromLast: false, fromEarlier: false, toNobody: false };
  readonly entries: readonly EntryUse[];
  readonly meetings = new Map<Rule, Meeting>();

  constructor(readonly rule: Rule) {
    super();
    this.entries = rule.action === 'log' ? [] : entriesOf(rule);
  }

  /** Whether asking on cannot tell more about the rule by itself. */
  get isSettled(): boolean {
    return this.matches && this.entries.every(({ matches }) => matches);
  }

  /** Takes in which of the packets between two addresses come to the rule. */
  add(ends: Ends, possible: PacketSet, arriving: PacketSet, takersOf: (packets: PacketSet) => readonly Taker[]): void {
    this.visited ||= arriving.length > 0;
    if (possible.length === 0) return;
    addTo(this, possible, arriving, takersOf);
    for (const entry of this.entries) if (!entry.matches) addTo(entry, rulePackets(entry, ends), arriving, takersOf);
  }
}

function addTo(use: Use, possible: PacketSet, arriving: PacketSet, takersOf: (packets: PacketSet) => readonly Taker[]): void {
  if (possible.length === 0) return;
  use.canMatch = true;
  use.matches ||= overlap(arriving, possible).length > 0;
  if (use.matches) return;
  for (const taker of takersOf(arriving.length === 0 ? possible : without(possible, arriving))) use.takers.set(taker.by, taker);
}

const LISTS: readonly string[] = ['source.ports', 'destination.ports', 'source.nets', 'destination.nets'];

/** The entries of the lists that have several and are enforced. */
function entriesOf(rule: Rule): readonly EntryUse[] {
  return LISTS.flatMap((field) => {
    const values = new Set(([4, 6] as const).flatMap((version) => rule.conditions(version).filter((each) => each.field === field).flatMap(valuesOf)));
    return values.size < 2 ? [] : [...values].map((value) => new EntryUse(rule, field, value));
  });
}

function valuesOf(condition: Condition): readonly string[] {
  if (condition.kind === 'nets') return condition.nets.map(formatCidr);
  if (condition.kind !== 'ports') return [];
  return [...condition.ranges.map(rangeText), ...condition.names];
}

function rangeText([from, to]: readonly [number, number]): string {
  return from === to ? String(from) : `${from}:${to}`;
}

function onlyEntry(condition: Condition, value: string): Condition {
  if (condition.kind === 'nets') {
    const nets = condition.nets.filter((net) => formatCidr(net) === value);
    return nets.length === 0 ? { kind: 'family', field: condition.field, wants: value } : { ...condition, nets };
  }
  if (condition.kind !== 'ports') return condition;
  return { ...condition, ranges: condition.ranges.filter((range) => rangeText(range) === value), names: condition.names.filter((name) => name === value) };
}

