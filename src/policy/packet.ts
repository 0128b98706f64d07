import type { Ip } from '../net/address.js';
import type { KnownObject } from './known-objects.js';
import type { Place } from './place.js';

/** An address as policies see it: with all objects whose networks hold it. */
export interface Address {
  readonly text: string;
  readonly ip: Ip;
  readonly objects: readonly KnownObject[];
  /** Where packets with this address come from or go to; undefined for outside. */
  readonly place: Place | undefined;
}

/** What connection tracking says of a packet. */
export type ConnectionState = 'new' | 'established' | 'related' | 'invalid';

/** What rules look at. Ports and ICMP types are there where the protocol has them. */
export interface Packet {
  readonly version: 4 | 6;
  readonly protocol: number;
  readonly source: Address;
  readonly destination: Address;
  readonly sourcePort: number | undefined;
  readonly destinationPort: number | undefined;
  readonly type: number | undefined;
  readonly code: number | undefined;
  readonly state: ConnectionState;
}
