import type { HookAnswers } from '../policy/hook-answers.js';
import type { Model } from '../policy/model.js';
import type { PacketSet } from '../policy/packet-set.js';
import { hopsBetween, placeAt } from '../policy/path.js';
import type { Gate, Place } from '../policy/place.js';
import { RouteOutcomes, type Listener, type Mark, type Spot, type Stage, type Way } from '../policy/route-outcomes.js';
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
  private readonly sides = new Map<EndAddress, Side>();
  private readonly starts = new Map<PacketSet, Stage>();

  /** @param mark what of deciders counts */
  constructor(
    private readonly model: Model,
    answers: HookAnswers,
    mark: Mark,
    listener?: Listener,
  ) {
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
    const sides = new Map([...from, ...to].map((alike) => [alike, this.side(firstOf(alike))]));
    for (const source of from) {
      const sender = sides.get(source)!;
      for (const destination of to) {
        const receiver = sides.get(destination)!;
        if (sender.isPlain && receiver.isPlain) {
          const count = pairCount(source, destination);
          if (count > 0) note(this.onTwoHosts(sender, receiver, packets), count, () => pairsBetween([source], [destination]).next().value as Pair);
        } else for (const pair of pairsBetween([source], [destination])) note(this.of(pair, packets), pair.count, () => pair);
      }
    }
    return found;
  }

  private of({ from, to }: Pair, packets: PacketSet): Stage {
    const [sender, receiver] = [this.side(from), this.side(to)];
    if (from.node !== to.node && [from, to].every(isOwnWay)) return this.onTwoHosts(sender, receiver, packets);
    const { version } = from.ip;
    const between = { version, source: sender.spot, destination: receiver.spot };
    if (from.node === to.node && sender.entering !== undefined && receiver.leaving !== undefined) return this.routes.after(this.routes.after(this.start(packets), sender.entering, between), receiver.leaving, between);
    const hops = hopsBetween(sender.place, receiver.place, (node) => this.network(node, to, from));
    return this.routes.after(this.start(packets), this.routes.way(hops, version), between);
  }

  private onTwoHosts(sender: Side, receiver: Side, packets: PacketSet): Stage {
    const between = { version: sender.spot.address.ip.version, source: sender.spot, destination: receiver.spot };
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

function firstOf({ byNode }: Alike): EndAddress {
  return [...byNode.values()][0]![0]!;
}

/** Whether an end says nothing of hosts but its own. */
function isOwnWay({ end: { via }, node }: EndAddress): boolean {
  return via === undefined || via.node === node;
}
