import { containsIp, parseCidrOrIp, type Cidr } from '../../../src/net/address.js';
import { givesLabels } from '../../../src/policy/accepted.js';
import type { HostInterfaces } from '../../../src/policy/host.js';
import type { StoredObject } from '../../../src/resources/kind.js';

export type Labels = Readonly<Record<string, string>>;

/** An endpoint or a set, as section 1 of the semantics describes it. */
export interface Thing {
  readonly id: string;
  readonly kind: string;
  readonly labels: Labels;
  readonly nets: readonly string[];
  readonly ports: readonly { readonly name: string; readonly protocol: string; readonly port: number }[];
  readonly profiles: readonly string[];
  readonly node: string;
  readonly interface: string;
}

export interface Network {
  readonly objects: readonly StoredObject[];
  readonly hosts: HostInterfaces;
  readonly things: readonly Thing[];
}

/** Reads resources with no more than the text says. */
export function networkOf(objects: readonly StoredObject[], hosts: HostInterfaces): Network {
  const profiles = new Map(objects.filter((each) => each.kind === 'Profile' && givesLabels(each)).map((each) => [each.metadata.name, (each.spec['labelsToApply'] ?? {}) as Labels]));
  return { objects, hosts, things: objects.flatMap((object) => thing(object, profiles)) };
}

function thing({ kind, metadata: { name, namespace, labels = {} }, spec }: StoredObject, known: ReadonlyMap<string, Labels>): readonly Thing[] {
  const list = <T>(field: string): readonly T[] => (spec[field] ?? []) as readonly T[];
  let own: Record<string, string> = { ...labels };
  let parents: readonly string[] = [];
  if (kind === 'WorkloadEndpoint') {
    own = Object.fromEntries(Object.entries(own).filter(([key]) => !key.startsWith('pcns.') && !key.startsWith('pcsa.')));
    if (spec['serviceAccountName']) own['projectcalico.org/serviceaccount'] = spec['serviceAccountName'] as string;
    parents = list('profiles');
  } else if (kind === 'HostEndpoint') parents = list('profiles');
  else if (kind === 'NetworkSet') {
    own['projectcalico.org/namespace'] = namespace!;
    parents = [`kns.${namespace!}`];
  } else if (kind !== 'GlobalNetworkSet') return [];
  const inherited = [...parents].reverse().map((parent) => known.get(parent) ?? {});
  const ids: Record<string, string> = { WorkloadEndpoint: `wep:${namespace!}/${name}`, HostEndpoint: `hep:${name}`, NetworkSet: `NetworkSet:${namespace!}/${name}`, GlobalNetworkSet: `NetworkSet:${name}` };
  const nets = list<string>(kind === 'WorkloadEndpoint' ? 'ipNetworks' : kind === 'HostEndpoint' ? 'expectedIPs' : 'nets');
  if (kind === 'WorkloadEndpoint' && nets.length === 0) return [];
  return [{
    id: ids[kind]!, kind, nets, labels: Object.assign({}, ...inherited, own) as Labels, ports: list<Thing['ports'][number]>('ports').filter((port) => port.name !== ''),
    profiles: list('profiles'), node: (spec['node'] ?? '') as string, interface: (spec['interfaceName'] ?? '') as string,
  }];
}

/** Whether an address lies in one of the networks. */
export function lies(address: string, nets: readonly string[]): boolean {
  return nets.some((net) => containsIp(parsed(net), parsed(address).address));
}

const PARSED = new Map<string, Cidr>();

/** A network, or an address as one, read once. */
export function parsed(text: string): Cidr {
  let net = PARSED.get(text);
  if (net === undefined) PARSED.set(text, (net = parseCidrOrIp(text)!));
  return net;
}

export function thingsAt({ things }: Network, address: string): readonly Thing[] {
  return things.filter(({ nets }) => lies(address, nets));
}
