import type { Notify } from '../../base/notice.js';
import type { InsightNotice } from '../notices.js';
import { HookAnswers } from '../../policy/hook-answers.js';
import type { Model } from '../../policy/model.js';
import { allPackets, join, NO_PACKETS, overlap, without, type PacketSet } from '../../policy/packet-set.js';
import type { Stage } from '../../policy/route-outcomes.js';
import { Sorter, type Alike } from '../alike.js';
import { PairOutcomes } from '../pair-outcomes.js';
import type { Group } from './groups.js';

/** What one group may send to another over one IP version. */
export interface Passing {
  readonly version: 4 | 6;
  /** What some pair may, and what all may. What no workload may send, whatever policies say, counts as allowed beside other traffic. */
  readonly some: PacketSet;
  readonly all: PacketSet;
}

/** That a group may send something to another, over each IP version that both have. */
export interface Connection {
  readonly from: Group;
  readonly to: Group;
  readonly passing: readonly Passing[];
}

/** Groups that have to do with what is not among them. */
export interface Beyond {
  readonly reached: ReadonlySet<Group>;
  readonly reaching: ReadonlySet<Group>;
}

const VERSIONS = [4, 6] as const;

/** What groups may send to each other. */
export class Connections {
  private readonly outcomes: PairOutcomes;
  private readonly sorter: Sorter;
  private readonly sorted = new Map<Group, Partial<Record<4 | 6, readonly Alike[]>>>();
  private readonly allowed = new Map<Stage, PacketSet>();

  /** @param groups all that will be asked about */
  constructor(model: Model, groups: readonly Group[]) {
    this.outcomes = new PairOutcomes(model, new HookAnswers(model), (by) => (by === ENCAPSULATION ? by : ''));
    this.sorter = new Sorter(model, groups.flatMap(({ ends }) => ends.flatMap(({ nets = [] }) => nets)));
  }

  /** Everything that groups may send to each other and into themselves; not what passes between two of which policies know neither. */
  among(groups: readonly Group[], notify?: Notify<InsightNotice>): readonly Connection[] {
    return groups.flatMap((from, at) => groups.flatMap((to, other) => {
      notify?.({ code: 'insight.progress', did: 'compared', count: at * groups.length + other, of: groups.length ** 2 });
      const passing = isKnown(from) || isKnown(to) ? this.passing(from, to) : [];
      return passing.some(({ some }) => some.length > 0) ? [{ from, to, passing }] : [];
    }));
  }

  /** Which of some groups are reached from any of others, and which reach any of them. */
  beyond(groups: readonly Group[], others: readonly Group[]): Beyond {
    return {
      reached: new Set(groups.filter((to) => others.some((from) => this.isAny(from, to)))),
      reaching: new Set(groups.filter((from) => others.some((to) => this.isAny(from, to)))),
    };
  }

  private isAny(from: Group, to: Group): boolean {
    return this.passing(from, to).some(({ some }) => some.length > 0);
  }

  private passing(from: Group, to: Group): readonly Passing[] {
    return VERSIONS.flatMap((version) => {
      const stages = this.outcomes.between(this.alike(from, version), this.alike(to, version), allPackets(version));
      return stages.size === 0 ? [] : [this.passingOf(version, [...stages.keys()])];
    });
  }

  private passingOf(version: 4 | 6, stages: readonly Stage[]): Passing {
    let [some, all] = [NO_PACKETS, allPackets(version)];
    for (const packets of new Set(stages.map((stage) => this.allowedOf(version, stage)))) {
      some = join(some, packets);
      all = overlap(all, packets);
    }
    return { version, some, all };
  }

  private allowedOf(version: 4 | 6, stage: Stage): PacketSet {
    let allowed = this.allowed.get(stage);
    if (allowed === undefined) this.allowed.set(stage, (allowed = allowedBy(version, stage)));
    return allowed;
  }

  private alike(group: Group, version: 4 | 6): readonly Alike[] {
    let sorted = this.sorted.get(group);
    if (sorted === undefined) this.sorted.set(group, (sorted = {}));
    return (sorted[version] ??= this.sorter.alike(group.ends, version));
  }
}

const ENCAPSULATION = 'encapsulation';

function allowedBy(version: 4 | 6, { outcomes }: Stage): PacketSet {
  const packetsOf = (list: typeof outcomes): PacketSet => list.reduce<PacketSet>((set, { packets }) => join(set, packets), NO_PACKETS);
  const allowed = packetsOf(outcomes.filter(({ verdict }) => verdict === 'allow'));
  const impossible = packetsOf(outcomes.filter(({ by }) => by === ENCAPSULATION));
  // Nothing but what nobody may send is missing.
  return without(allPackets(version), join(allowed, impossible)).length === 0 ? allPackets(version) : allowed;
}

function isKnown({ kind }: Group): boolean {
  return kind === 'workload' || kind === 'host';
}
