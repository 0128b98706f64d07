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

/** The bridge and its namespace stand for all that is between hosts, and for what is outside of the network. */
export const UNDERLAY = { bridge: 'br0', ipv4: '172.28.0.1', ipv6: 'fd00:172:28::1', length4: 24, length6: 64 } as const;
/** Where etcd listens for the hosts. */
export const ETCD_ENDPOINT = `http://${UNDERLAY.ipv4}:2379`;
/** The word that stands for the outside where a host or a workload can be named. */
export const OUTSIDE = 'outside';

/** The addresses of a host on the bridge. */
export function hostAddresses({ number }: LabHost): { readonly ipv4: string; readonly ipv6: string } {
  return { ipv4: `172.28.0.${10 + number}`, ipv6: `fd00:172:28::${10 + number}` };
}

/** The bridge's end of the cable to a host. */
export function portOf({ number }: LabHost): string {
  return `host${number}`;
}

/** Why a word is no name for a lab, or undefined. It is the name of a folder, and of a context. */
export function labNameProblem(name: string): string | undefined {
  return /^[a-z0-9](?:[a-z0-9-]{0,22}[a-z0-9])?$/.test(name) ? undefined : `${JSON.stringify(name)} is no name for a lab: use small letters, digits and "-" between them, at most 24`;
}
