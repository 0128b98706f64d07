import type { Flow } from '../../../src/policy/flow.js';
import type { StoredObject } from '../../../src/resources/kind.js';
import { keyOf } from '../../../src/resources/keys.js';
import { STORED_KINDS } from '../../../src/resources/registry.js';
import { randomFlow, randomNetwork } from '../policy/random-network.js';
import type { Random } from '../policy/random.js';
import type { PacketNetwork, PlacedWorkload } from './network.js';

const FLOWS = 80;
const TRIES = 2000;
const SECOND = /^(?:10\.19\.0\.|fd19::)[12]$/;
const HOST = /^(?:10\.1?9\.0\.|fd[01]9::)[12]$/;
const FAILSAFES = ['failsafeInboundHostPorts', 'failsafeOutboundHostPorts'];

/** A network as the packets can be sent in it: hosts always reach the datastore. */
export function networkOf(random: Random, number: number): readonly StoredObject[] {
  const objects = randomNetwork(random).map((object) => (object.kind === 'FelixConfiguration' ? { ...object, spec: { ...object.spec, ...Object.fromEntries(FAILSAFES.filter((name) => Array.isArray(object.spec[name])).map((name) => [name, [...(object.spec[name] as unknown[]), { protocol: 'TCP', port: 2379 }]])) } } : object));
  const base = (kind: string, spec: Record<string, unknown>): StoredObject => ({ kind, apiVersion: 'projectcalico.org/v3', metadata: { name: 'default' }, spec });
  return [...objects, base('ClusterInformation', { clusterGUID: '0123456789abcdef0123456789abcdef', datastoreReady: true }), base('BGPConfiguration', { serviceLoadBalancerIPs: [{ cidr: markOf(number) }] })];
}

/** A network that nobody asks about: where its rule is, all that was stored with it is. */
export function markOf(number: number): string {
  return `10.254.${number % 250}.0/24`;
}

/** What is stored of objects, by key. */
export function entriesOf(objects: readonly StoredObject[]): ReadonlyMap<string, string> {
  return new Map(objects.map((object) => {
    const kind = STORED_KINDS.find(({ kind }) => kind === object.kind)!;
    return [keyOf(kind, object.metadata.name, object.metadata.namespace), JSON.stringify(object)];
  }));
}

/** Where the workloads of a network are. */
export function workloadsIn(objects: readonly StoredObject[]): readonly PlacedWorkload[] {
  return objects.filter(({ kind }) => kind === 'WorkloadEndpoint').map(({ spec }, index) => ({
    place: `w${index}`, node: spec['node'] as string, interfaceName: spec['interfaceName'] as string, addresses: (spec['ipNetworks'] as string[]).map((each) => each.split('/')[0]!),
  }));
}

/** Whether it is the second address of a host, from which nothing is answered. */
export function isSecond(address: string): boolean {
  return SECOND.test(address);
}

/** From one host to the second address of the other: on the hosts that the engine is told of it has a wire of its own, here it has not. */
function isBySecondWire({ src, dst }: Flow): boolean {
  return HOST.test(src) && HOST.test(dst) && [src, dst].some(isSecond);
}

/** Flows that can be sent: of TCP and UDP, between two places, each once. Of untracked connections only the first packet is asked about. */
export function flowsIn(random: Random, objects: readonly StoredObject[], network: PacketNetwork): readonly Flow[] {
  const isUntracked = objects.some(({ spec }) => spec['doNotTrack'] === true);
  const unused = new Set(Array.from({ length: 6 }, (_, index) => [`10.65.0.${index + 1}`, `fd65::${index + 1}`]).flat().filter((address) => network.placeOf(address) === 'world'));
  const flows = new Map<string, Flow>();
  for (let tries = 0; tries < TRIES && flows.size < FLOWS; tries++) {
    const { via: _via, ...flow } = randomFlow(random);
    const canBeSent = ['tcp', 'udp'].includes(String(flow.protocol)) && !(isUntracked && flow.protocol === 'tcp') && !isBySecondWire(flow) && network.placeOf(flow.src) !== network.placeOf(flow.dst) && !unused.has(flow.src) && !unused.has(flow.dst);
    // The kernel does not let two connections share a port of one address.
    const numbered = flow.protocol === 'tcp' ? { ...flow, sport: 20_000 + flows.size } : flow;
    // An answer would be let through.
    if (canBeSent) flows.set([numbered.protocol, ...[`${numbered.src} ${numbered.sport}`, `${numbered.dst} ${numbered.dport}`].sort()].join(' '), numbered);
  }
  return [...flows.values()];
}
