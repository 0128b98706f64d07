import { formatIp, sameIp, type Ip } from '../net/address.js';
import { anotherOnHost, type AddressClass } from './address-classes.js';
import type { Flow, InterfaceOf } from './flow.js';
import type { Model } from './model.js';
import { hopsOf, type Hop } from './path.js';
import { hostSignature } from './signatures.js';

/** A way between two classes of addresses, by an example: everything of a flow but its protocol. */
export type Route = Pick<Flow, 'src' | 'dst' | 'via' | 'from' | 'to'>;

/** The hosts that a route crosses in a model. */
export function hopsOnRoute(model: Model, route: Route): readonly Hop[] {
  return hopsOf(model, { ...route, protocol: 0 }, { source: model.address(route.src), destination: model.address(route.dst) });
}

/**
 * The ways between two classes that policies may tell apart in any of the models: on one host or between two, through network
 * interfaces that different host endpoints govern, and between two networks of a host where both ends are outside in all models.
 * A way within one host has two addresses, but where the classes are one and have no more than one.
 */
export function* routesBetween(models: readonly Model[], from: AddressClass, to: AddressClass): Generator<Route> {
  const known = new Set<string>();
  for (const source of from.representatives) {
    for (const destination of to.representatives) {
      const nodes = models.map((model) => [nodeOf(model, source), nodeOf(model, destination)] as const);
      const relation = nodes.map(([left, right]) => left === right).join();
      if (known.has(relation)) continue;
      const other = sameIp(source, destination) ? anotherOnHost(models, to, source) : destination;
      // Nothing goes from an address to itself. Only where a class has no more than one, that stands for others that are like it.
      if (other === undefined && to.representatives.length > 1) continue;
      known.add(relation);
      const [src, dst] = [formatIp(source), formatIp(other ?? destination)];
      for (const via of choices(models, [...new Set(nodes.flat().filter((node) => node !== undefined))])) yield { src, dst, ...(Object.keys(via).length > 0 && { via }) };
      if (nodes.flat().every((node) => node === undefined)) for (const gates of transits(models)) yield { src, dst, ...gates };
    }
  }
}

/** Whether both ends of a route are on one host, in every model that has both. */
export function isWithinHost(models: readonly Model[], { src, dst }: Route): boolean {
  const pairs = models.map((model) => [src, dst].map((text) => model.address(text).place?.node)).filter((nodes) => !nodes.includes(undefined));
  return pairs.length > 0 && pairs.every(([source, destination]) => source === destination);
}

function nodeOf(model: Model, ip: Ip): string | undefined {
  return model.addressOf(ip).place?.node;
}

/** Each choice of one network interface for each host. */
function choices(models: readonly Model[], nodes: readonly string[]): readonly Readonly<Record<string, string>>[] {
  return nodes.reduce<readonly Readonly<Record<string, string>>[]>((all, node) => networkInterfaces(models, node).flatMap((name) => all.map((each) => ({ ...each, [node]: name }))), [{}]);
}

/** Interfaces towards networks: one for each host endpoint, or for none, that governs some. */
export function networkInterfaces(models: readonly Model[], node: string): readonly string[] {
  const names = new Set(models.flatMap((model) => [...model.host(node).interfaces.keys()]));
  const byGovernor = new Map<string, string>();
  for (const name of names.size === 0 ? ['eth0'] : names) {
    const governor = models.map((model) => model.host(node).governs(name)?.id ?? '').join(' ');
    if (!byGovernor.has(governor)) byGovernor.set(governor, name);
  }
  return [...byGovernor.values()];
}

/** From one network to another, through one host of each kind that has host endpoints. */
export function* transits(models: readonly Model[]): Generator<{ readonly from: InterfaceOf; readonly to: InterfaceOf }> {
  const known = new Set<string>();
  for (const node of new Set(models.flatMap((model) => [...model.parts.hosts.keys()]))) {
    const signature = models.map((model) => hostSignature(model, node)).join(' ');
    if (known.has(signature)) continue;
    known.add(signature);
    for (const entered of networkInterfaces(models, node)) for (const left of networkInterfaces(models, node)) yield { from: { node, interface: entered }, to: { node, interface: left } };
  }
}
