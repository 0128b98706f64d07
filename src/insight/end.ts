import { CalicoError, InvalidRequest } from '../base/errors.js';
import { isMap } from '../base/data.js';
import { containsIp, formatIp, parseCidrOrIp, type Cidr, type Ip } from '../net/address.js';
import { EXAMPLE_ADDRESSES } from '../net/example-addresses.js';
import type { InterfaceOf } from '../policy/flow.js';
import type { Endpoint } from '../policy/known-objects.js';
import { networks, texts } from '../policy/known-objects.js';
import type { Model } from '../policy/model.js';
import type { Rule } from '../policy/rule.js';
import { DIRECTIONS } from '../policy/model.js';
import type { Dialect, StoredObject } from '../resources/kind.js';
import { engineId } from './directory.js';
import { endName, findNamed } from './find-named.js';
import type { WantedEnd } from './wanted-end.js';

/** An end of a flow, found. */
export interface End {
  /** What it is called: a resource, `host/n1`, an address, `internet`. */
  readonly name: string;
  /** Its addresses: of a set one of each of its networks. */
  readonly addresses: readonly Ip[];
  /** The endpoint, where it is one. */
  readonly endpoint?: Endpoint;
  /** Where packets enter or leave its host, whoever else has the address. */
  readonly gate?: InterfaceOf;
  /** The interface of its host that they take towards the network. */
  readonly via?: InterfaceOf;
  readonly isSet?: true;
  /** The networks of a set, whole. */
  readonly nets?: readonly Cidr[];
}

/**
 * Finds an end of a flow.
 * @throws CalicoError where nothing is called so, or it has no address; InvalidRequest where several are
 */
export function endOf(wanted: WantedEnd, resources: readonly StoredObject[], model: Model, dialect: Dialect): End {
  if (wanted.by === 'internet') return { name: 'internet', addresses: [outside(model, 4), outside(model, 6)] };
  if (wanted.by === 'address') return { name: formatIp(wanted.ip), addresses: [wanted.ip] };
  if (wanted.by === 'host' && !resources.some(({ kind, metadata }) => kind === 'Node' && metadata.name === wanted.name) && model.parts.hosts.has(wanted.name)) return hostEnd(wanted.name, model);
  return endOfObject(findNamed(wanted, resources, dialect), model, dialect);
}

/** The end that a resource is. Throws CalicoError where it has no address. */
export function endOfObject(object: StoredObject, model: Model, dialect: Dialect): End {
  const name = endName(object, dialect);
  switch (object.kind) {
    case 'Node':
      return hostEnd(object.metadata.name, model);
    case 'WorkloadEndpoint':
      return workloadEnd(name, model.endpoint(engineId(object)!));
    case 'HostEndpoint':
      return hostEndpointEnd(name, model.endpoint(engineId(object)!)!, model);
    default:
      return setEnd(name, networks(object.spec['nets']));
  }
}

function workloadEnd(name: string, endpoint: Endpoint | undefined): End {
  if (endpoint === undefined) throw new CalicoError('precondition', `${name} has no ipNetworks: for Calico it does not exist, and its packets are dropped as those of an unknown interface`, { hint: 'give it an address' });
  const gate = { node: endpoint.node, interface: endpoint.interfaceName };
  return { name, endpoint, addresses: endpoint.nets.map(({ address }) => address), ...(endpoint.interfaceName !== '' && { gate }) };
}

function hostEndpointEnd(name: string, endpoint: Endpoint, model: Model): End {
  const host = model.host(endpoint.node);
  const [governed] = host.governedBy(endpoint);
  const via = governed === undefined || governed === '*' ? host.networkInterface : governed;
  const addresses = [...endpoint.nets.map(({ address }) => address), ...(host.interfaces.get(via) ?? [])];
  if (addresses.length === 0) throw noAddress(name, endpoint.node);
  return { name, endpoint, addresses, via: { node: endpoint.node, interface: via } };
}

function hostEnd(node: string, model: Model): End {
  const addresses = [...model.host(node).interfaces.values()].flat();
  if (addresses.length === 0) throw noAddress(`host/${node}`, node);
  return { name: `host/${node}`, addresses };
}

function noAddress(name: string, node: string): CalicoError {
  return new CalicoError('precondition', `no address of ${name} is known: the Node resource of ${node} has none`, { hint: 'say its addresses with --hosts FILE' });
}

function setEnd(name: string, nets: readonly Cidr[]): End {
  if (nets.length === 0) throw new CalicoError('precondition', `${name} has no nets: no packet is of it`);
  return { name, addresses: nets.map(({ address }) => address), isSet: true, nets };
}

/** An address that stands for the internet: no object has it, and no network of a rule that is less than half of all. */
function outside(model: Model, version: 4 | 6): Ip {
  const nets = rulesOf(model).flatMap(netsOf).filter(({ address, length }) => address.version === version && length > 1);
  const candidates = EXAMPLE_ADDRESSES[version];
  return candidates.find((ip) => model.addressOf(ip).objects.length === 0 && !nets.some((net) => containsIp(net, ip))) ?? candidates[0]!;
}

function rulesOf({ parts: { policies, profiles } }: Model): readonly Rule[] {
  return [...policies.policies, ...profiles.values()].flatMap((owner) => DIRECTIONS.flatMap((direction) => owner.rules(direction)));
}

function netsOf({ stored: { source, destination } }: Rule): readonly Cidr[] {
  return [source, destination].filter(isMap).flatMap(({ nets, notNets }) => [...texts(nets), ...texts(notNets)].flatMap((text) => parseCidrOrIp(text) ?? []));
}

/** The first addresses of two ends that are of one IP version. Throws InvalidRequest where there are none. */
export function addressesBetween(from: End, to: End): readonly [source: Ip, destination: Ip] {
  for (const version of [4, 6]) {
    const [source, destination] = [from, to].map(({ addresses }) => addresses.find((ip) => ip.version === version));
    if (source !== undefined && destination !== undefined) return [source, destination];
  }
  throw new InvalidRequest(`${from.name} and ${to.name} have no addresses of one IP version`, 'no packet goes from one to the other');
}
