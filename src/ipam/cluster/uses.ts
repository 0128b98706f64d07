import type { Entry, Store } from '../../datastore/store.js';
import { mayHoldOneOf } from '../../text/search.js';
import { formatIp, parseCidrOrIp, type Ip } from '../../net/address.js';
import { isUnreadable, type Unreadable } from '../records/block-codec.js';
import type { AsStored } from '../../resources/fields/field.js';
import type { NodeBgp, NodeSpec } from '../../resources/v3/node.js';
import { ENDPOINT_PREFIX, NODE_PREFIX, readResource, type StoredText } from './resources.js';
import { readEndpoint } from './endpoint-text.js';
import { tunnelFields, type Tunnel } from './owners.js';
import { StoredFields } from './stored-fields.js';
import { NOT_UTF8, type UnreadableKey } from './unreadable.js';

/** Who uses an address. A node's own address is in use too, but is nothing that address management gave out. */
export interface Use {
  readonly kind: 'workload' | 'tunnel' | 'node';
  /** A node, or `namespace/name` of a workload endpoint. */
  readonly name: string;
  readonly node: string;
  /** Of which tunnel it is the address; only where `kind` is `tunnel`. */
  readonly tunnel?: Tunnel;
}

/** An address and one who uses it. */
export interface UseOf {
  readonly ip: Ip;
  readonly use: Use;
}

/** The user in the words of the official report: `Node(n)`, `Workload(ns/name)`. */
export function ownerText({ kind, name }: Use): string {
  return kind === 'workload' ? `Workload(${name})` : `Node(${name})`;
}

/** The addresses of a stored workload endpoint. */
export function usesOfEndpoint({ key, value, invalid }: StoredText): UseOf[] | Unreadable {
  const endpoint = invalid ? NOT_UTF8 : readEndpoint(value);
  if (isUnreadable(endpoint)) return endpoint;
  const { networks, node } = endpoint;
  const found = uses(networks, { kind: 'workload', name: key.slice(ENDPOINT_PREFIX.length), node });
  if (found.length === networks.length) return found;
  const index = networks.findIndex((text) => parseCidrOrIp(text) === undefined);
  return { problem: oddAddress(`spec.ipNetworks[${index}]`, networks[index]!).join(' ') };
}

/** The tunnel addresses of a stored node, of both families, and its own addresses. */
export function usesOfNode({ key, value, invalid }: StoredText): UseOf[] | Unreadable {
  const name = key.slice(NODE_PREFIX.length);
  const resource = invalid ? NOT_UTF8 : readResource('Node', value);
  if (isUnreadable(resource)) return resource;
  const { spec } = resource;
  const fields = new StoredFields();
  const bgp: AsStored<NodeBgp> = fields.object(spec.bgp, 'spec.bgp');
  const tunnels = tunnelFields(spec, bgp, fields.object(spec.wireguard, 'spec.wireguard'));
  const given = Object.entries(tunnels).flatMap(([tunnel, [path, stored]]) => {
    const text = fields.text(stored, path);
    const found = uses([text], { kind: 'tunnel', name, node: name, tunnel: tunnel as Tunnel });
    if (found.length === 0 && text !== '') fields.odd(...oddAddress(path, text));
    return found;
  });
  // One address may stand in several fields: the one for BGP is among those of Kubernetes as a rule. Address management gave out none of them.
  const own = uses(ownTexts(fields, spec, bgp), { kind: 'node', name, node: name });
  return fields.problem === undefined ? [...given, ...new Map(own.map((each) => [formatIp(each.ip), each])).values()] : { problem: fields.problem };
}

/** The texts of a node's own addresses. */
function ownTexts(fields: StoredFields, spec: AsStored<NodeSpec>, bgp: AsStored<NodeBgp>): string[] {
  return [
    fields.text(bgp.ipv4Address, 'spec.bgp.ipv4Address'),
    fields.text(bgp.ipv6Address, 'spec.bgp.ipv6Address'),
    ...fields.objects(spec.addresses, 'spec.addresses').map(({ address }) => fields.text(address, 'spec.addresses.address')),
    ...fields.objects(spec.interfaces, 'spec.interfaces').flatMap(({ addresses }) => fields.texts(addresses, 'spec.interfaces.addresses')),
  ];
}

function oddAddress(path: string, text: string): [path: string, problem: string] {
  return [path, `is ${JSON.stringify(text)}, which is not an address`];
}

/**
 * Who uses each of the addresses (their texts), from the nodes and endpoints as they are now. Reads the endpoints of
 * one namespace where it is given, else all. Those that cannot be read are passed over: for who may do nothing wrong by that.
 */
export async function readUses(store: Store, addresses: ReadonlySet<string>, namespace?: string): Promise<Map<string, Use[]>> {
  const found = new Map<string, Use[]>();
  if (addresses.size === 0) return found;
  const mayHold = searchFor(addresses);
  const prefix = namespace === undefined ? ENDPOINT_PREFIX : `${ENDPOINT_PREFIX}${namespace}/`;
  await eachUse(store, { prefix, asks: ({ value }) => mayHold(value) }, noted(found, addresses));
  return found;
}

/** Who uses addresses, by their texts, and the endpoints and nodes that cannot be read, any of which may have them. */
export interface Users {
  readonly uses: ReadonlyMap<string, readonly Use[]>;
  readonly unreadable: readonly UnreadableKey[];
}

/** The same with the endpoints and nodes that cannot be read, any of which may have the addresses; for that every one is looked at. */
export async function readUsers(store: Store, addresses: ReadonlySet<string>): Promise<Users> {
  const uses = new Map<string, Use[]>();
  const unreadable: UnreadableKey[] = [];
  await eachUse(store, { asks: () => true }, noted(uses, addresses), (each) => unreadable.push(each));
  return { uses, unreadable };
}

/** The endpoints and nodes that cannot be read. */
export async function readUnknownUsers(store: Store): Promise<readonly UnreadableKey[]> {
  return (await readUsers(store, new Set())).unreadable;
}

/** Notes those of the uses that are of one of the addresses. */
function noted(found: Map<string, Use[]>, addresses: ReadonlySet<string>): (use: UseOf) => void {
  return ({ ip, use }) => {
    const address = formatIp(ip);
    if (addresses.has(address)) found.set(address, [...(found.get(address) ?? []), use]);
  };
}

/** Which uses are asked for: as of a revision, else as they are; of endpoints below a prefix, and those of them that `asks` picks. */
interface Asked {
  readonly revision?: string;
  readonly prefix?: string;
  asks(endpoint: Entry): boolean;
}

/** Tells of every use of an address: first of those by nodes and their tunnels, then of those by endpoints; `refuse` hears of those that cannot be read. */
export async function eachUse(store: Store, { revision, prefix = ENDPOINT_PREFIX, asks }: Asked, tell: (use: UseOf) => void, refuse?: (unreadable: UnreadableKey) => void): Promise<void> {
  const at = revision === undefined ? {} : { revision };
  const take = (key: string, found: UseOf[] | Unreadable): void => {
    if (isUnreadable(found)) refuse?.({ key, problem: found.problem });
    else found.forEach(tell);
  };
  for await (const { entries } of store.list(NODE_PREFIX, at)) for (const entry of entries) take(entry.key, usesOfNode(entry));
  for await (const { entries } of store.list(prefix, at)) for (const entry of entries) if (asks(entry)) take(entry.key, usesOfEndpoint(entry));
}

/** Whether a value may hold one of a few addresses, without parsing it. Only IPv4 has one way to be written. */
function searchFor(addresses: ReadonlySet<string>): (value: string) => boolean {
  const texts = [...addresses];
  return texts.some((text) => text.includes(':')) ? () => true : mayHoldOneOf(texts);
}

function uses(texts: readonly string[], use: Use): UseOf[] {
  const found: UseOf[] = [];
  for (const text of texts) {
    const cidr = parseCidrOrIp(text);
    if (cidr !== undefined) found.push({ ip: cidr.address, use });
  }
  return found;
}
