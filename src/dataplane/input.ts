import type { StoredObject } from '../resources/kind.js';

/** A network interface of the host, as the kernel has it now. */
export interface Link {
  readonly name: string;
  readonly index: number;
  /** Whether it is up and operational: flags UP and RUNNING. */
  readonly isUp: boolean;
  readonly mac?: string | undefined;
  readonly mtu: number;
  /** With their prefix lengths, as `ip` prints them. */
  readonly addresses: readonly string[];
}

/** A block of addresses, and whose it is. */
export interface BlockOwner {
  readonly cidr: string;
  /** The node of `affinity: host:NODE`; undefined where it has none. */
  readonly node: string | undefined;
  /** Addresses in it that workloads of other nodes have, by node. */
  readonly borrowed: ReadonlyMap<string, readonly string[]>;
}

/** Stored objects by kind. One that did not change is the same object in the next input: what was made of it may be kept. */
export type ObjectsByKind = ReadonlyMap<string, readonly StoredObject[]>;
