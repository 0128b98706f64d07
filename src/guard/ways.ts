import { addressWithPort } from '../bgp/peer-name.js';
import { Topology } from '../bgp/topology.js';
import type { BgpNetwork } from '../bgp/network.js';
import { formatIp, type Ip } from '../net/address.js';
import { PORTS } from '../net/ports.js';
import type { Flow } from '../policy/flow.js';
import { hostWith, type Host } from './hosts.js';

/** A way that the network lives by. It is open while one of its flows is allowed. */
export interface Way {
  readonly what: 'etcd' | 'bgp' | 'ssh' | 'kubelet' | 'typha';
  /** From whom to whom, for people: `host/rack1`, an address. */
  readonly from: string;
  readonly to: string;
  readonly flows: Iterable<Flow>;
}

/** What is known besides what is stored. */
export interface Surroundings {
  /** Where etcd is. */
  readonly etcd: readonly { readonly ip: Ip; readonly port: number }[];
  /** The addresses of this machine. */
  readonly own: readonly Ip[];
  /** From where whoever gives the command is logged in by SSH to this machine. */
  readonly sshClient?: Ip | undefined;
}

/** A port that clients are given. */
const CLIENT_PORT = 40_000;

/**
 * The ways of a network that policies of hosts can close: each protected host to etcd, and everybody to an etcd on a protected host;
 * BGP sessions; SSH to protected hosts; kubelet and Typha of hosts of Kubernetes.
 * @param outside one address of each kind of addresses that are no host's, worked out when they are asked for
 */
export function* waysOf(hosts: readonly Host[], bgp: BgpNetwork, around: Surroundings, outside: () => Iterable<Ip>): Generator<Way> {
  // Nothing that a host endpoint sees comes from a loopback address.
  const surroundings = { ...around, own: around.own.filter((ip) => !isLoopback(ip)) };
  const clients = surroundings.sshClient === undefined ? [] : [surroundings.sshClient];
  yield* waysToEtcd(hosts, surroundings);
  for (const host of hosts.filter(({ isProtected }) => isProtected)) {
    const others = hosts.filter((each) => each !== host).flatMap(({ addresses }) => addresses);
    const kubernetes = hosts.filter((each) => each !== host && each.isOfKubernetes).flatMap(({ addresses }) => addresses);
    if (clients.length > 0 && surroundings.own.some((ip) => hostWith([host], ip) !== undefined)) yield { what: 'ssh', from: `${formatIp(clients[0]!)}, where you are logged in`, to: `host/${host.name}`, flows: toPort(host, clients, PORTS.ssh) };
    yield { what: 'ssh', from: 'anywhere', to: `host/${host.name}`, flows: toPort(host, anybody([...clients, ...surroundings.own, ...others].filter((ip) => hostWith([host], ip) === undefined), outside), PORTS.ssh) };
    if (!host.isOfKubernetes || kubernetes.length === 0) continue;
    yield { what: 'kubelet', from: 'any host of Kubernetes', to: `host/${host.name}`, flows: toPort(host, kubernetes, PORTS.kubelet) };
    yield { what: 'typha', from: 'any host of Kubernetes', to: `host/${host.name}`, flows: toPort(host, kubernetes, PORTS.typha) };
  }
  yield* sessions(hosts, bgp);
}

/** Both hosts and this machine have to reach etcd; from hosts that nothing protects only what is on protected ones is in question. */
function* waysToEtcd(hosts: readonly Host[], { etcd, own }: Surroundings): Generator<Way> {
  // What this machine calls loopback the others know by its other addresses.
  const known = etcd.flatMap(({ ip, port }) => (isLoopback(ip) ? own.filter((each) => hostWith(hosts, each) !== undefined) : [ip]).map((each) => ({ ip: each, port })));
  for (const { ip, port } of known) {
    const server = hostWith(hosts, ip);
    const to = `etcd at ${addressWithPort({ address: formatIp(ip), port })}`;
    for (const { name, addresses, isProtected } of hosts.filter((each) => each !== server)) {
      const from = addresses.filter(({ version }) => version === ip.version);
      if (from.length > 0 && (isProtected || server?.isProtected === true)) yield { what: 'etcd', from: `host/${name}`, to, flows: from.map((each) => tcp(formatIp(each), formatIp(ip), port)) };
    }
    const mine = own.filter((each) => each.version === ip.version && hostWith(hosts, each) === undefined);
    if (mine.length > 0 && server?.isProtected === true) yield { what: 'etcd', from: `this machine (${formatIp(mine[0]!)})`, to, flows: mine.map((each) => tcp(formatIp(each), formatIp(ip), port)) };
  }
}

/** Either side of a session may open it. */
function* sessions(hosts: readonly Host[], network: BgpNetwork): Generator<Way> {
  const topology = new Topology(network);
  const isProtected = new Map(hosts.map((host) => [host.name, host.isProtected]));
  const ports = new Map(network.nodes.map(({ name, listenPort }) => [name, listenPort]));
  const seen = new Set<string>();
  for (const node of network.nodes) {
    const portOf = (name: string | undefined): number => (name === undefined ? undefined : ports.get(name)) ?? network.listenPort ?? PORTS.bgp;
    for (const peer of topology.expectedPeers(node)) {
      const own = node.addresses[peer.family];
      if (own === undefined || !(isProtected.get(node.name) === true || isProtected.get(peer.node ?? '') === true)) continue;
      const pair = own < peer.address ? `${own} ${peer.address}` : `${peer.address} ${own}`;
      if (seen.has(pair)) continue;
      seen.add(pair);
      const to = peer.node === undefined ? peer.address : `host/${peer.node}`;
      yield { what: 'bgp', from: `host/${node.name}`, to, flows: [tcp(own, peer.address, peer.tcpPort ?? peer.port ?? portOf(peer.node)), tcp(peer.address, own, portOf(node.name))] };
    }
  }
}

/** Made anew whenever they are asked for: addresses from outside only when no nearer one was enough. */
function toPort({ addresses }: Host, clients: Iterable<Ip>, port: number): Iterable<Flow> {
  return {
    *[Symbol.iterator]() {
      for (const client of clients) for (const own of addresses) if (own.version === client.version) yield tcp(formatIp(client), formatIp(own), port);
    },
  };
}

function anybody(near: readonly Ip[], outside: () => Iterable<Ip>): Iterable<Ip> {
  return {
    *[Symbol.iterator]() {
      yield* near;
      yield* outside();
    },
  };
}

function tcp(src: string, dst: string, port: number): Flow {
  return { src, dst, protocol: 'tcp', sport: CLIENT_PORT, dport: port };
}

function isLoopback(ip: Ip): boolean {
  const text = formatIp(ip);
  return text === '::1' || text.startsWith('127.');
}
