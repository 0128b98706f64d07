import { isMap } from '../../base/data.js';
import type { Entry, Range, Store } from '../../datastore/store.js';
import { DOCKER_NETWORK_PREFIX, dockerHostPrefix } from '../../resources/docker-keys.js';
import type { NetworkSpec } from '../engine-network.js';

/** A network that all hosts are to have. */
export interface SharedNetwork {
  readonly entry: Entry;
  readonly spec: NetworkSpec;
}

/** A network that a host has had. */
export interface HostNetwork {
  readonly entry: Entry;
  readonly name: string;
  /** The id that the engine of the host gave it; empty from before it is made until it is. */
  readonly id: string;
}

/** The networks of all hosts, and those of one. */
export interface KeptNetworks {
  readonly shared: ReadonlyMap<string, SharedNetwork>;
  readonly own: ReadonlyMap<string, HostNetwork>;
  /** Names of networks of which nothing can be said: their values cannot be read. */
  readonly unreadable: ReadonlySet<string>;
}

/** All that a node reads of Docker's networks. */
export function keptRanges(node: string): readonly Range[] {
  return [{ prefix: DOCKER_NETWORK_PREFIX }, { prefix: dockerHostPrefix(node) }];
}

/** Reads it, at one revision. Throws DatastoreError. */
export async function readKeptNow(store: Store, node: string): Promise<KeptNetworks> {
  const { ranges } = await store.snapshot(keptRanges(node));
  return readKept(ranges.flat(), node);
}

/** The stored form of a network. */
export function encodeNetwork({ name, subnets, ipv4, ipv6, labels }: NetworkSpec, { node, time }: { readonly node: string; readonly time: string }): string {
  return JSON.stringify({ name, subnets, ipv4, ipv6, labels: sorted(labels), createdOn: node, created: time });
}

/** The stored form of what a host has. */
export function encodeHostNetwork(id: string): string {
  return JSON.stringify({ id });
}

/** Reads what is kept, of the entries below both prefixes. */
export function readKept(entries: Iterable<Entry>, node: string): KeptNetworks {
  const [shared, own, unreadable] = [new Map<string, SharedNetwork>(), new Map<string, HostNetwork>(), new Set<string>()];
  for (const entry of entries) {
    const isShared = entry.key.startsWith(DOCKER_NETWORK_PREFIX);
    const name = entry.key.slice((isShared ? DOCKER_NETWORK_PREFIX : dockerHostPrefix(node)).length);
    const value = parsed(entry);
    const spec = isShared ? specOf(name, value) : undefined;
    if (spec !== undefined) shared.set(name, { entry, spec });
    else if (!isShared && isMap(value) && typeof value['id'] === 'string') own.set(name, { entry, name, id: value['id'] });
    else unreadable.add(name);
  }
  return { shared, own, unreadable };
}

/** Whether networks are the same but for what each engine adds. Subnets count in their order, in which addresses are looked for. */
export function sameSpec(a: NetworkSpec, b: NetworkSpec): boolean {
  const text = ({ name, subnets, ipv4, ipv6, labels }: NetworkSpec): string => JSON.stringify([name, subnets, ipv4, ipv6, sorted(labels)]);
  return text(a) === text(b);
}

function specOf(name: string, value: unknown): NetworkSpec | undefined {
  if (!isMap(value) || value['name'] !== name) return undefined;
  const { subnets, labels, ipv4 = true, ipv6 = false } = value;
  const isRight = Array.isArray(subnets) && subnets.every((each) => typeof each === 'string') && isMap(labels) && Object.values(labels).every((each) => typeof each === 'string');
  return isRight && typeof ipv4 === 'boolean' && typeof ipv6 === 'boolean' ? { name, subnets: subnets, ipv4, ipv6, labels: labels as Record<string, string> } : undefined;
}

function parsed({ value, invalid }: Entry): unknown {
  try {
    return invalid === true ? undefined : JSON.parse(value);
  } catch {
    return undefined;
  }
}

function sorted(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}
