import { HookAnswers } from '../../policy/hook-answers.js';
import type { Model } from '../../policy/model.js';
import { allPackets, join, NO_PACKETS, overlap, without, type PacketSet } from '../../policy/packet-set.js';
import { routePackets } from '../../policy/route-packets.js';
import { hopsOnRoute } from '../../policy/routes.js';
import { pairsBetween, routeOf, Sorter, type Alike, type Pair } from '../alike.js';
import type { Group } from './groups.js';

/** What one group may send to another over one IP version. */
export interface Passing {
  readonly version: 4 | 6;
  /** What some pair may, and what all may. What no workload may send, whatever policies say, counts as allowed beside other traffic. */
  readonly some: PacketSet;
  readonly all: PacketSet;
}

/** That a group may send something to another. */
export interface Connection {
  readonly from: Group;
  readonly to: Group;
  readonly passing: readonly Passing[];
}

const VERSIONS = [4, 6] as const;

/** Everything that groups may send to each other and into themselves; not what passes between two of which policies know neither. */
export function connectionsOf(model: Model, groups: readonly Group[]): readonly Connection[] {
  const answers = new HookAnswers(model);
  const sorter = new Sorter(model, groups.flatMap(({ ends }) => ends.flatMap(({ nets = [] }) => nets)));
  const sorted = new Map(groups.map((group) => [group, new Map(VERSIONS.map((version) => [version, sorter.alike(group.ends, version)]))]));
  const alike = (group: Group, version: 4 | 6): readonly Alike[] => sorted.get(group)!.get(version)!;
  return groups.flatMap((from) => groups.filter((to) => isKnown(from) || isKnown(to)).flatMap((to) => {
    const passing = VERSIONS.flatMap((version) => passingOf(model, answers, version, pairsBetween(alike(from, version), alike(to, version))));
    return passing.length === 0 ? [] : [{ from, to, passing }];
  }));
}

function isKnown({ kind }: Group): boolean {
  return kind === 'workload' || kind === 'host';
}

function passingOf(model: Model, answers: HookAnswers, version: 4 | 6, pairs: readonly Pair[]): readonly Passing[] {
  let [some, all] = [NO_PACKETS, allPackets(version)];
  for (const pair of pairs) {
    const allowed = allowedOf(model, answers, version, pair);
    some = join(some, allowed);
    all = overlap(all, allowed);
  }
  return some.length === 0 ? [] : [{ version, some, all }];
}

function allowedOf(model: Model, answers: HookAnswers, version: 4 | 6, pair: Pair): PacketSet {
  const route = routeOf(pair);
  const ends = { version, source: model.address(route.src), destination: model.address(route.dst) };
  const outcomes = routePackets(model, answers, hopsOnRoute(model, route), ends, allPackets(version));
  const allowed = outcomes.filter(({ verdict }) => verdict === 'allow').reduce<PacketSet>((set, { packets }) => join(set, packets), NO_PACKETS);
  const impossible = outcomes.filter(({ by }) => by === 'encapsulation').reduce<PacketSet>((set, { packets }) => join(set, packets), NO_PACKETS);
  // Nothing but what nobody may send is missing.
  return without(allPackets(version), join(allowed, impossible)).length === 0 ? allPackets(version) : allowed;
}
