import type { Notify } from '../base/notice.js';
import type { InsightNotice } from './notices.js';
import { groupedBy } from '../base/grouped-by.js';
import { addressClasses, type AddressClass } from '../policy/address-classes.js';
import { hostsAskNothing } from '../policy/changed-blocks.js';
import { HookAnswers } from '../policy/hook-answers.js';
import type { Endpoint } from '../policy/known-objects.js';
import { DIRECTIONS, type Model } from '../policy/model.js';
import { join, NO_PACKETS, overlap, packetsKey, without, type PacketSet } from '../policy/packet-set.js';
import { outcomesOn } from '../policy/reach.js';
import { isWithinHost, routesBetween, type Route } from '../policy/routes.js';
import type { Direction } from '../policy/rule.js';
import { WorkloadPairs } from '../policy/workload-pairs.js';
import type { RowExample, Where } from './changed-rows.js';
import { ClassMembers } from './class-members.js';
import type { Directory } from './directory.js';
import { EndNamer, groupKey, sizeOf, type EndGroup, type NamedExample } from './ends.js';
import { betterExample } from './examples.js';
import { namespaceOf } from './groups.js';
import { toldPackets, type ToldPackets } from './packet-groups.js';
import { acrossNamespaces, type Receiver } from './reached.js';

/** That everybody of one group gets to everybody of another with some packets. */
export interface Exposed {
  readonly to: EndGroup;
  readonly from: EndGroup;
  readonly versions: readonly (4 | 6)[];
  /** Where it is so only between ends on one host, or on different ones. */
  readonly where: Where | undefined;
  readonly packets: ToldPackets;
  readonly example: NamedExample;
}

/** Endpoints without policies. */
export interface Unpoliced {
  readonly name: string;
  readonly endpoints: readonly Endpoint[];
  /** In which directions; their profiles alone decide there. */
  readonly directions: readonly Direction[];
}

/** Who can be reached by whom, and who has no policies. */
export interface Exposure {
  /** From addresses that no workload and no host has. */
  readonly fromOutside: readonly Exposed[];
  /** Of workloads, from workloads of other namespaces; undefined where there are too many kinds of workloads to compare each with each. */
  readonly fromOtherNamespaces: readonly Exposed[] | undefined;
  /** How many kinds of workloads policies tell apart. */
  readonly kinds: number;
  readonly withoutPolicies: readonly Unpoliced[];
  /** Hosts without a host endpoint: nothing is asked about their packets. */
  readonly openHosts: readonly string[];
}

/** Some seconds, of a core of today: each of them is compared with each; where hosts are asked, one pair takes much longer. */
const MOST_KINDS = 4000;
const MOST_KINDS_WITH_HOSTS = 600;

/** Works out what is exposed in a network: of all packets, not by examples. */
export function exposureOf(model: Model, directory: Directory, notify?: Notify<InsightNotice>): Exposure {
  const namer = new EndNamer([model], directory);
  const found = ([4, 6] as const).map((version) => new Exposing(model, version, namer, notify));
  const kinds = Math.max(...found.map((each) => each.kinds));
  const workloads = model.parts.endpoints.filter(({ kind }) => kind === 'workload');
  return {
    fromOutside: told(found.flatMap((each) => each.fromOutside())),
    fromOtherNamespaces: kinds > (hostsAskNothing(model) ? MOST_KINDS : MOST_KINDS_WITH_HOSTS) ? undefined : told(found.flatMap((each) => each.fromOtherNamespaces())),
    kinds,
    withoutPolicies: withoutPolicies(model, workloads, namer),
    openHosts: [...model.parts.hosts.values()].filter(({ interfaces }) => [...interfaces.values()].flat().length > 0).filter(({ name }) => !model.parts.endpoints.some(({ kind, node }) => kind === 'host' && node === name)).map(({ name }) => name).sort(),
  };
}

/** Some who are of one class of addresses. */
interface Unit extends Receiver {
  readonly of: AddressClass;
  /** Workloads of the namespace, and the hosts that they are on; absent for all who are of the class. */
  readonly some?: { readonly endpoints: readonly Endpoint[]; readonly nodes: ReadonlySet<string> };
}

/** What gets from one class to another within a host, and from one host to another; undefined where there is no such way. */
type Between = Readonly<Record<Where, PacketSet | undefined>>;

/** What gets from somebody to somebody, wherever they are or not. */
interface Piece {
  readonly from: Unit;
  readonly packets: PacketSet;
  readonly where: Where | undefined;
}

const NO_PIECES: readonly Piece[] = [];

class Exposing {
  private readonly classes: readonly AddressClass[];
  private readonly members: ClassMembers;
  private readonly answers: HookAnswers;
  private readonly known = new Map<AddressClass, Map<AddressClass, Between>>();
  private readonly better: ReturnType<typeof betterExample>;
  /** Where no host is asked on the way from workload to workload. */
  private readonly pairs: WorkloadPairs | undefined;

  constructor(
    private readonly model: Model,
    private readonly version: 4 | 6,
    private readonly namer: EndNamer,
    private readonly notify?: Notify<InsightNotice>,
  ) {
    this.classes = addressClasses([model], version);
    this.members = new ClassMembers([model], this.classes, version);
    this.answers = new HookAnswers(model);
    this.better = betterExample([model]);
    this.pairs = hostsAskNothing(model) ? new WorkloadPairs(model, this.answers, version, this.classes) : undefined;
  }

  /** How many classes of addresses are workloads. */
  get kinds(): number {
    return this.classes.filter((each) => this.members.of(each).kind === 'workloads').length;
  }

  fromOutside(): readonly Exposed[] {
    const kindOf = (each: AddressClass): string => this.members.of(each).kind;
    const unit = (of: AddressClass): Unit => ({ of });
    const outside = this.classes.filter((each) => ['sets', 'others'].includes(kindOf(each))).map(unit);
    const inside = this.classes.filter((each) => ['workloads', 'hosts'].includes(kindOf(each))).map(unit);
    return this.exposed(inside, () => outside);
  }

  fromOtherNamespaces(): readonly Exposed[] {
    const units = this.classes.flatMap((of): Unit[] => {
      const members = this.members.of(of);
      if (members.kind !== 'workloads') return [];
      return [...groupedBy(members.endpoints, (each) => namespaceOf(each))].map(([namespace, endpoints]) => ({ of, namespace, some: { endpoints, nodes: new Set(endpoints.map(({ node }) => node)) } }));
    });
    const others = new Map([...new Set(units.map(({ namespace }) => namespace))].map((namespace) => [namespace, units.filter((each) => each.namespace !== namespace)]));
    return this.exposed(units, ({ namespace }) => others.get(namespace) ?? []);
  }

  /** Who of them is reached from whom: in one row those for whom all of that is the same. */
  private exposed(units: readonly Unit[], sources: (unit: Unit) => readonly Unit[]): readonly Exposed[] {
    const numbers = new Map<Unit, number>();
    const numberOf = (unit: Unit): number => numbers.get(unit) ?? (numbers.set(unit, numbers.size), numbers.size - 1);
    const alike = new Map<string, { readonly receivers: Unit[]; readonly byPackets: ReadonlyMap<string, ReadonlyMap<Unit, Piece>> }>();
    for (const [at, to] of units.entries()) {
      this.notify?.({ code: 'insight.progress', did: 'compared', count: at, of: units.length });
      const byPackets = groupedBy(sources(to).flatMap((from) => this.pieces(from, to)), ({ where, packets }) => `${where ?? ''} ${packetsKey(packets)}`);
      const key = [...byPackets].map(([text, pieces]) => `${text}: ${pieces.map(({ from }) => numberOf(from)).join()}`).join('\n');
      const known = alike.get(key);
      if (known === undefined) alike.set(key, { receivers: [to], byPackets: new Map([...byPackets].map(([text, pieces]) => [text, new Map(pieces.map((piece) => [piece.from, piece]))])) });
      else known.receivers.push(to);
    }
    return acrossNamespaces([...alike.values()]).flatMap(({ receivers, byPackets }) => {
      const to = this.groupOf(receivers);
      return [...byPackets.values()].flatMap((found): readonly Exposed[] => {
        const pieces = [...found.values()];
        const { packets, where } = pieces[0]!;
        const example = this.exampleOf(pieces, receivers);
        return example === undefined ? [] : [{ to, from: this.groupOf(pieces.map(({ from }) => from)), versions: [this.version], where, packets: toldPackets(this.version, packets), example: this.namer.example(example) }];
      });
    });
  }

  /** What gets from some to others: wherever they are, and what only within a host or between two. */
  private pieces(from: Unit, to: Unit): readonly Piece[] {
    const allowed = this.pairs?.allowed(from.of, to.of);
    if (allowed !== undefined) return allowed.length === 0 ? NO_PIECES : [{ from, packets: allowed, where: undefined }];
    const between = this.between(from.of, to.of);
    const within = mayBeOnOneHost(from, to) ? between['one host'] : undefined;
    const away = mayBeOnTwoHosts(from, to) ? between['different hosts'] : undefined;
    if (within === undefined || away === undefined || packetsKey(within) === packetsKey(away)) return [{ from, packets: within ?? away ?? NO_PACKETS, where: undefined }].filter(isSome);
    return [
      { from, packets: overlap(within, away), where: undefined },
      { from, packets: without(within, away), where: 'one host' as const },
      { from, packets: without(away, within), where: 'different hosts' as const },
    ].filter(isSome);
  }

  /** What gets from an address of one class to one of another, on one interface or another. */
  private between(from: AddressClass, to: AddressClass): Between {
    const known = this.known.get(from) ?? new Map<AddressClass, Between>();
    this.known.set(from, known);
    let found = known.get(to);
    if (found === undefined) known.set(to, (found = this.findBetween(from, to)));
    return found;
  }

  private findBetween(from: AddressClass, to: AddressClass): Between {
    const found: Record<Where, PacketSet | undefined> = { 'one host': undefined, 'different hosts': undefined };
    for (const route of routesBetween([this.model], from, to)) {
      const where = isWithinHost([this.model], route) ? 'one host' : 'different hosts';
      found[where] = join(found[where] ?? NO_PACKETS, this.allowedOn(route));
    }
    return found;
  }

  private allowedOn(route: Route): PacketSet {
    return outcomesOn(this.model, this.answers, this.version, route).filter(({ verdict }) => verdict === 'allow').reduce<PacketSet>((set, { packets }) => join(set, packets), NO_PACKETS);
  }

  /** The best example among the first pairs of a sender and a receiver that have one; undefined where all have one address, and the same. */
  private exampleOf(pieces: readonly Piece[], receivers: readonly Unit[]): RowExample | undefined {
    const found: RowExample[] = [];
    for (const [at, { from, packets, where }] of pieces.entries()) {
      for (const [number, to] of receivers.entries()) {
        if (found.length > 0 && (at >= MOST_TRIED || number >= MOST_TRIED)) break;
        if (from.some !== undefined && from.namespace === to.namespace) continue;
        for (const route of routesBetween([this.model], this.classOf(from), this.classOf(to))) {
          const isMeant = where === undefined || isWithinHost([this.model], route) === (where === 'one host');
          if (route.src !== route.dst && isMeant) found.push(...[{ route, packets: overlap(this.allowedOn(route), packets) }].filter(isSome));
        }
      }
    }
    return found.length === 0 ? undefined : found.reduce(this.better);
  }

  /** The addresses of a unit, as a class of addresses. */
  private classOf({ of, some }: Unit): AddressClass {
    if (some === undefined) return of;
    const own = some.endpoints.map((endpoint) => ({ node: endpoint.node, ranges: this.members.rangesOf(of, endpoint) }));
    return { version: of.version, ranges: own.flatMap(({ ranges }) => ranges), representatives: [...new Map(own.map(({ node, ranges }) => [node, ranges[0]![0]])).values()] };
  }

  private groupOf(units: readonly Unit[]): EndGroup {
    const classes = [...new Set(units.map(({ of }) => of))];
    if (units.every(({ some }) => some === undefined)) return this.namer.of(classes, this.members);
    const byClass = groupedBy(units, ({ of }) => of);
    return this.namer.of(classes, this.members, classes.map((each) => ({ kind: 'workloads', endpoints: byClass.get(each)!.flatMap(({ some }) => some?.endpoints ?? []) })));
  }
}

/** Of so many senders and receivers the best example is looked for. */
const MOST_TRIED = 3;

function isSome({ packets }: { readonly packets: PacketSet }): boolean {
  return packets.length > 0;
}

function mayBeOnOneHost({ some: from }: Unit, { some: to }: Unit): boolean {
  return from === undefined || to === undefined || [...from.nodes].some((node) => to.nodes.has(node));
}

function mayBeOnTwoHosts({ some: from }: Unit, { some: to }: Unit): boolean {
  return from === undefined || to === undefined || new Set([...from.nodes, ...to.nodes]).size > 1;
}

/** Both IP versions in one row where they are alike; those that are about most ends come first. */
function told(all: readonly Exposed[]): readonly Exposed[] {
  const equal = groupedBy(all, ({ to, from, where, packets }) => JSON.stringify([groupKey(to), groupKey(from), where, packets]));
  const rows = [...equal.values()].map((same) => ({ ...same[0]!, versions: [...new Set(same.flatMap(({ versions }) => versions))] }));
  const weight = ({ from, to }: Exposed): number => sizeOf(from) * sizeOf(to);
  return rows.sort((left, right) => weight(right) - weight(left));
}

function withoutPolicies(model: Model, workloads: readonly Endpoint[], namer: EndNamer): readonly Unpoliced[] {
  const directionsOf = ({ group }: Endpoint): readonly Direction[] => DIRECTIONS.filter((direction) => model.tiers(group, 'normal', direction).length === 0);
  const groups = groupedBy(workloads.filter((each) => directionsOf(each).length > 0), (each) => directionsOf(each).join());
  return [...groups.values()].map((endpoints) => ({ name: namer.ofWorkloads(endpoints), endpoints, directions: directionsOf(endpoints[0]!) }));
}
