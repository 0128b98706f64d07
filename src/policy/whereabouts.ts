import { formatIp, parseCidrOrIp, parseIp, type Ip } from '../net/address.js';
import { InvalidRequest } from '../base/errors.js';
import { Host } from './host.js';
import type { Endpoint, KnownObject } from './known-objects.js';
import { NetworkIndex } from './network-index.js';
import type { Address } from './packet.js';
import { workloadAmong, type Place } from './place.js';

const CACHED_ADDRESSES = 200_000;

const NOWHERE = new Host('', new Map(), []);

/** Who has which address, and where: what models of one network with other policies have in common. */
export class Whereabouts {
  readonly endpoints: readonly Endpoint[];
  readonly hosts: ReadonlyMap<string, Host>;
  private readonly byText = new Map<string, Address>();
  /** By number: those of the two families are of different types. */
  private readonly byValue = new Map<Ip['value'], Address>();
  private readonly networks = new NetworkIndex<KnownObject>();
  private readonly byInterface = new Map<string, Endpoint>();
  private readonly hostOfAddress = new Map<Ip['value'], string>();
  private readonly byId = new Map<string, Endpoint>();

  /** @param hostsOf the hosts, given all endpoints */
  constructor(
    readonly objects: readonly KnownObject[],
    hostsOf: (endpoints: readonly Endpoint[]) => ReadonlyMap<string, Host>,
  ) {
    this.endpoints = objects.filter(isEndpoint);
    this.hosts = hostsOf(this.endpoints);
    for (const object of objects) for (const net of object.nets) this.networks.add(net, object);
    for (const endpoint of this.endpoints) {
      this.byId.set(endpoint.id, endpoint);
      if (endpoint.kind !== 'workload') continue;
      const at = `${endpoint.node}\0${endpoint.interfaceName}`;
      const other = this.byInterface.get(at);
      if (other === undefined || endpoint.identity < other.identity) this.byInterface.set(at, endpoint);
    }
    for (const { name, interfaces } of this.hosts.values()) {
      for (const ip of [...interfaces.values()].flat()) this.hostOfAddress.set(ip.value, name);
    }
  }

  /** The endpoint of an id (`wep:NAMESPACE/NAME`, `hep:NAME`). */
  endpoint(id: string): Endpoint | undefined {
    return this.byId.get(id);
  }

  /** Reads an address. Throws InvalidRequest where the text is none. */
  address(text: string): Address {
    const known = this.byText.get(text);
    if (known !== undefined) return known;
    // The data that our answers are compared with has addresses such as fd65::0:4.
    const ip = parseIp(text) ?? parseCidrOrIp(text)?.address;
    if (ip === undefined) throw new InvalidRequest(`${JSON.stringify(text)} is not an address`);
    const found = this.addressOf(ip);
    return remember(this.byText, text, found.text === text ? found : { ...found, text });
  }

  /** The same of an address that was read before. */
  addressOf(ip: Ip): Address {
    const known = this.byValue.get(ip.value);
    if (known !== undefined) return known;
    const objects = this.networks.find(ip);
    return remember(this.byValue, ip.value, { text: formatIp(ip), ip, objects, place: this.placeOf(ip, workloadAmong(objects)) });
  }

  /** The workload endpoint whose rules are programmed for an interface: the first of several (reference/policy 1). */
  workloadAt(node: string, interfaceName: string): Endpoint | undefined {
    return this.byInterface.get(`${node}\0${interfaceName}`);
  }

  /** A host; one that nobody knows has neither interfaces nor host endpoints. */
  host(node: string): Host {
    return this.hosts.get(node) ?? NOWHERE;
  }

  /** At a workload, on a host, or outside. */
  private placeOf({ value }: Ip, workload: Endpoint | undefined): Place | undefined {
    if (workload !== undefined) return { node: workload.node, gate: { kind: 'workload', endpoint: this.workloadAt(workload.node, workload.interfaceName) } };
    const node = this.hostOfAddress.get(value);
    return node === undefined ? undefined : { node, gate: { kind: 'self' } };
  }
}

function remember<K>(addresses: Map<K, Address>, key: K, address: Address): Address {
  if (addresses.size >= CACHED_ADDRESSES) addresses.clear();
  addresses.set(key, address);
  return address;
}

function isEndpoint(object: KnownObject): object is Endpoint {
  return object.kind !== 'set';
}
