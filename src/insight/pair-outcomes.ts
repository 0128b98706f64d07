import type { HookAnswers } from '../policy/hook-answers.js';
import type { Model } from '../policy/model.js';
import type { PacketSet } from '../policy/packet-set.js';
import { hopsBetween, placeAt } from '../policy/path.js';
import type { Gate, Place } from '../policy/place.js';
import { RouteOutcomes, type Between, type Listener, type Mark, type Spot, type Stage, type Way } from '../policy/route-outcomes.js';
import { pairCount, pairsBetween, type Alike, type EndAddress, type Pair } from './alike.js';

/** An address of an end, where it is, and what is asked on its host of packets that it sends and gets. */
interface Side {
  readonly spot: Spot;
  readonly place: Place | undefined;
  /** Of packets to other hosts, and from there. */
  readonly out: Way;
  readonly in: Way;
  /** Of packets to another workload of its host, and from one; undefined for what is no workload. */
  readonly entering: Way | undefined;
  readonly leaving: Way | undefined;
  /** Whether its own policies are all that is asked, and so on one host and on two the same. */
  readonly isPlain: boolean;
}

/** What becomes of packets between very many pairs of ends. Stages are the same for all pairs of which hooks say the same. */
export class PairOutcomes {
  private readonly routes: RouteOutcomes;
  private readonly listens: boolean;
  private readonly sides = new Map<EndAddress, Side>();
  private readonly starts = new Map<PacketSet, Stage>();

  /** @param mark what of deciders counts */
  constructor(
    private readonly model: Model,
    answers: HookAnswers,
    mark: Mark,
    listener?: Listener,
  ) {
    this.listens = listener !== undefined;
    this.routes = new RouteOutcomes(model, answers, mark, listener);
  }

  /** Where packets come to an end between all pairs of two groups, as `pairsBetween` has them: for each stage the first pair, with how many there are. */
  between(from: readonly Alike[], to: readonly Alike[], packets: PacketSet): ReadonlyMap<Stage, Pair> {
    const found = new Map<Stage, { from: EndAddress; to: EndAddress; count: number }>();
    const note = (stage: Stage, count: number, example: () => Pair): void => {
      const known = found.get(stage);
      if (known === undefined) found.set(stage, { ...example(), count });
      else known.count += count;
    };
    const [senders, receivers] = [from, to].map((all) => all.map((alike) => this.side(firstOf(alike))));
    for (let first = 0; first < from.length; first += AT_ONCE) {
      const received = this.received(senders!.slice(first, first + AT_ONCE), receivers!);
      for (const [at, source] of from.slice(first, first + AT_ONCE).entries()) {
        const sender = senders![first + at]!;
        for (const [other, destination] of to.entries()) {
          const receiver = receivers![other]!;
          if (!sender.isPlain || !receiver.isPlain) {
            for (const pair of pairsBetween([source], [destination])) note(this.of(pair, packets), pair.count, () => pair);
            continue;
          }
          const count = pairCount(source, destination);
          if (count === 0) continue;
          const stage = this.listens ? this.onTwoHosts(sender, receiver, packets) : this.routes.afterSaid(this.routes.afterSaid(this.start(packets), this.routes.said(sender.out, betweenOf(sender, receiver))), received[at * to.length + other]!);
          note(stage, count, () => pairsBetween([source], [destination]).next().value as Pair);
        }
      }
    }
    return found;
  }

  /** What receivers say of senders, one receiver after the other, so that what is known of it is at hand. */
  private received(senders: readonly Side[], receivers: readonly Side[]): Int32Array {
    const said = new Int32Array(senders.length * receivers.length);
    receivers.forEach((receiver, at) => senders.forEach((sender, from) => {
      if (sender.isPlain && receiver.isPlain) said[from * receivers.length + at] = this.routes.said(receiver.in, betweenOf(sender, receiver));
    }));
    return said;
  }

  private of({ from, to }: Pair, packets: PacketSet): Stage {
    const [sender, receiver] = [this.side(from), this.side(to)];
    if (from.node !== to.node && [from, to].every(isOwnWay)) return this.onTwoHosts(sender, receiver, packets);
    const between = betweenOf(sender, receiver);
    if (from.node === to.node && sender.entering !== undefined && receiver.leaving !== undefined) return this.routes.after(this.routes.after(this.start(packets), sender.entering, between), receiver.leaving, between);
    const hops = hopsBetween(sender.place, receiver.place, (node) => this.network(node, to, from));
    return this.routes.after(this.start(packets), this.routes.way(hops, from.ip.version), between);
  }

  private onTwoHosts(sender: Side, receiver: Side, packets: PacketSet): Stage {
    const between = betweenOf(sender, receiver);
    return this.routes.after(this.routes.after(this.start(packets), sender.out, between), receiver.in, between);
  }

  private start(packets: PacketSet): Stage {
    let start = this.starts.get(packets);
    if (start === undefined) this.starts.set(packets, (start = this.routes.start(packets)));
    return start;
  }

  private side(of: EndAddress): Side {
    let side = this.sides.get(of);
    if (side === undefined) this.sides.set(of, (side = this.newSide(of)));
    return side;
  }

  private newSide(of: EndAddress): Side {
    const address = this.model.address(of.text);
    const { version } = of.ip;
    const place = of.end.gate === undefined ? address.place : placeAt(this.model, of.end.gate);
    const way = (from: Place | undefined, to: Place | undefined): Way => this.routes.way(hopsBetween(from, to, (node) => this.network(node, of)), version);
    const [out, into] = [way(place, undefined), way(undefined, place)];
    const isWorkload = place?.gate.kind === 'workload';
    return {
      spot: this.routes.spot(address), place, out, in: into,
      entering: isWorkload ? this.routes.entering(place.node, place.gate, version) : undefined,
      leaving: isWorkload ? this.routes.leaving(place.node, place.gate, version) : undefined,
      isPlain: isOwnWay(of) && (place === undefined || (isWorkload && place.gate.endpoint !== undefined && out.length === 2 && into.length === 2)),
    };
  }

  /** The gate of a host towards the network: the one that an end says, the first that says one. */
  private network(node: string, ...ends: readonly EndAddress[]): Gate {
    const via = ends.map(({ end }) => end.via).find((each) => each?.node === node);
    return { kind: 'network', interfaceName: via?.interface ?? this.model.host(node).networkInterface };
  }
}

/** Of how many senders it is found out at once what receivers say of them. */
const AT_ONCE = 64;

function betweenOf({ spot: source }: Side, { spot: destination }: Side): Between {
  return { version: source.address.ip.version, source, destination };
}

function firstOf({ byNode }: Alike): EndAddress {
  return [...byNode.values()][0]![0]!;
}

/** Whether an end says nothing of hosts but its own. */
function isOwnWay({ end: { via }, node }: EndAddress): boolean {
  return via === undefined || via.node === node;
}
