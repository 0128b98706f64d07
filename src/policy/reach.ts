import type { Cidr } from '../net/address.js';
import { containsIp } from '../net/address.js';
import { addressClasses, type AddressClass } from './address-classes.js';
import { HookAnswers } from './hook-answers.js';
import type { Model } from './model.js';
import { allPackets } from './packet-set.js';
import { routePackets, type Outcome } from './route-packets.js';
import { hopsOnRoute, routesBetween, type Route } from './routes.js';

/** A question to `reach`: between which addresses. Without a list, all addresses. */
export interface ReachQuestion {
  readonly version: 4 | 6;
  readonly from?: readonly Cidr[];
  readonly to?: readonly Cidr[];
}

/** What becomes of all new packets between two classes of addresses on one way. */
export interface Reached {
  readonly from: AddressClass;
  readonly to: AddressClass;
  /** The way, by an example. */
  readonly route: Route;
  /** Disjoint, and together all packets. */
  readonly outcomes: readonly Outcome[];
}

/** What becomes of every new packet between addresses, worked out for classes of packets that policies cannot tell apart. */
export function* reach(model: Model, { version, from, to }: ReachQuestion): Generator<Reached> {
  const classes = addressClasses([model], version, [...(from ?? []), ...(to ?? [])]);
  const answers = new HookAnswers(model);
  const sources = classesWithin(classes, from);
  const destinations = classesWithin(classes, to);
  for (const source of sources) {
    for (const destination of destinations) {
      for (const route of routesBetween([model], source, destination)) yield { from: source, to: destination, route, outcomes: outcomesOn(model, answers, version, route) };
    }
  }
}

/** What becomes of all packets between the ends of a route. */
export function outcomesOn(model: Model, answers: HookAnswers, version: 4 | 6, route: Route): readonly Outcome[] {
  const ends = { version, source: model.address(route.src), destination: model.address(route.dst) };
  return routePackets(model, answers, hopsOnRoute(model, route), ends, allPackets(version));
}

function classesWithin(classes: readonly AddressClass[], nets: readonly Cidr[] | undefined): readonly AddressClass[] {
  return nets === undefined ? classes : classes.filter(({ ranges: [range] }) => nets.some((net) => containsIp(net, range![0])));
}
