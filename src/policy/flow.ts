import { InvalidRequest } from '../base/errors.js';
import type { Model } from './model.js';
import type { ConnectionState, Packet } from './packet.js';
import { protocolNumber } from './protocol-number.js';

/** An interface of a host. */
export interface InterfaceOf {
  readonly node: string;
  readonly interface: string;
}

/** A question to `evaluate`: one packet, as the golden data writes it. */
export interface Flow {
  readonly src: string;
  readonly dst: string;
  /** A name or a number. */
  readonly protocol: string | number;
  readonly sport?: number;
  readonly dport?: number;
  /** The ICMP type and code. */
  readonly type?: number;
  readonly code?: number;
  /** The interface towards the network that each host uses for it, by the host's name; otherwise its network interface. */
  readonly via?: Readonly<Record<string, string>>;
  /** Where it enters or leaves a host, whatever its addresses say. */
  readonly from?: InterfaceOf;
  readonly to?: InterfaceOf;
  /** What connection tracking says of it; otherwise it is new. */
  readonly state?: ConnectionState;
}

/** The packet of a flow. Throws InvalidRequest where addresses or protocol cannot be read. */
export function packetOf(model: Model, flow: Flow): Packet {
  const source = model.address(flow.src);
  const destination = model.address(flow.dst);
  const protocol = protocolNumber(flow.protocol);
  if (protocol === undefined) throw new InvalidRequest(`${JSON.stringify(flow.protocol)} is not a protocol`, 'give tcp, udp, sctp, udplite, icmp, icmpv6 or a number');
  if (source.ip.version !== destination.ip.version) throw new InvalidRequest(`${flow.src} and ${flow.dst} are not of one IP version`);
  return {
    version: source.ip.version, protocol, source, destination,
    sourcePort: flow.sport, destinationPort: flow.dport, type: flow.type, code: flow.code,
    state: flow.state ?? 'new',
  };
}
