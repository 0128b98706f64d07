/** What the keeper of a lab is asked for. */
export type LabRequest =
  /** To make the bridge, etcd, and the way to it. */
  | { readonly do: 'network' }
  /** To make a host and start what runs there. */
  | { readonly do: 'start'; readonly host: string }
  /** To have a host fail. */
  | { readonly do: 'stop'; readonly host: string }
  /** To cut connections between hosts: all that are cut from now on. */
  | { readonly do: 'cut'; readonly cuts: readonly Cut[] }
  /** To stay when whoever started it ends. */
  | { readonly do: 'keep' }
  | { readonly do: 'tell' };

/** Hosts that the others cannot reach: at all, or not for etcd or BGP. */
export interface Cut {
  readonly hosts: readonly string[];
  readonly of: CutOf;
}
export const CUT_OF = ['all', 'etcd', 'bgp'] as const;
export type CutOf = (typeof CUT_OF)[number];

/** A program that the keeper keeps running. */
export interface ServiceState {
  readonly name: string;
  readonly runs: boolean;
  readonly starts: number;
}

export interface HostState {
  readonly name: string;
  /** Its first process, as the keeper sees it; undefined while it is stopped. */
  readonly pid?: number | undefined;
  readonly services: readonly ServiceState[];
}

/** What a keeper tells of its lab. */
export interface LabState {
  /** Whether it stays when whoever started it ends: all of it was made. */
  readonly kept: boolean;
  /** The port on the machine's loopback that leads to etcd. */
  readonly port?: number | undefined;
  /** A process in the namespace of the bridge. */
  readonly underlay?: number | undefined;
  readonly etcd?: ServiceState | undefined;
  readonly hosts: readonly HostState[];
  readonly cuts: readonly Cut[];
}

/** What the keeper answers: how the lab is then, or why what was asked for failed. */
export type LabAnswer = { readonly state: LabState } | { readonly failed: string };
