import { CalicoError } from '../base/errors.js';
import { overlaps, parseCidr, type Cidr } from '../net/address.js';

/** How packets of workloads travel between the hosts of a lab. */
export type Encapsulation = 'routed' | 'vxlan';

/** A host of a lab. */
export interface LabHost {
  readonly name: string;
  /** Its place, from 1: its addresses follow from it. */
  readonly number: number;
}

/** What a lab is to be; written down before anything of it is made. */
export interface LabPlan {
  readonly name: string;
  /** No other lab has it, so that its processes are known by it. */
  readonly id: string;
  /** When it was begun, as text. */
  readonly begun: string;
  readonly encapsulation: Encapsulation;
  /** The network of its bridge: the first three numbers of it. */
  readonly network: string;
  readonly hosts: readonly LabHost[];
  /** The words that start this program. */
  readonly program: readonly string[];
  /** Where programs are looked for. */
  readonly searchPath: string;
  /** Where what a lab is made of came from; undefined for the tenant network. */
  readonly from?: string | undefined;
}

/** Hosts of one lab at most: more of them than a person looks at, and each takes some 100 MB. */
export const MOST_HOSTS = 20;

/** The name of the bridge, and the lengths of its networks. */
export const BRIDGE = { name: 'br0', length4: 24, length6: 64 } as const;
/** Networks of /24 that the bridge may have, by their first three numbers: the first that nothing in the lab is in. */
const BRIDGE_NETWORKS = ['172.28.0', '10.254.28', '192.168.254', '198.18.28'] as const;
const BRIDGE_NETWORK_6 = 'fd00:172:28:';

/** The network of the bridge of a lab that has these networks itself. Throws CalicoError where all that there are overlap with one of them. */
export function freeNetwork(used: readonly Cidr[]): string {
  const free = BRIDGE_NETWORKS.find((network) => !used.some((each) => overlaps(each, parseCidr(`${network}.0/${BRIDGE.length4}`)!)));
  if (free === undefined) throw new CalicoError('exhausted', `the networks of this lab leave none for its hosts: ${BRIDGE_NETWORKS.map((network) => `${network}.0/${BRIDGE.length4}`).join(', ')} are all in use`);
  return free;
}

/** The addresses of the bridge, which stands for all that is between hosts, and for what is outside of the network. */
export function bridgeAddresses({ network }: LabPlan): Addresses {
  return { ipv4: `${network}.1`, ipv6: `${BRIDGE_NETWORK_6}:1` };
}

/** Where etcd listens for the hosts. */
export function etcdEndpoint(plan: LabPlan): string {
  return `http://${bridgeAddresses(plan).ipv4}:2379`;
}

/** The word that stands for the outside where a host or a workload can be named. */
export const OUTSIDE = 'outside';

/** An address of each family. */
export interface Addresses {
  readonly ipv4: string;
  readonly ipv6: string;
}

/** The addresses of a host on the bridge. */
export function hostAddresses({ network }: LabPlan, { number }: LabHost): Addresses {
  return { ipv4: `${network}.${10 + number}`, ipv6: `${BRIDGE_NETWORK_6}:${10 + number}` };
}

/** The bridge's end of the cable to a host. */
export function portOf({ number }: LabHost): string {
  return `host${number}`;
}

/** Why a word is no name for a lab, or undefined. It is the name of a folder, and of a context. */
export function labNameProblem(name: string): string | undefined {
  return /^[a-z0-9](?:[a-z0-9-]{0,22}[a-z0-9])?$/.test(name) ? undefined : `${JSON.stringify(name)} is no name for a lab: use small letters, digits and "-" between them, at most 24`;
}
