import { isMap, type Data } from '../base/data.js';
import { containsIp, parseCidrOrIp, type Cidr } from '../net/address.js';
import type { Direction } from './rule.js';
import type { Packet } from './packet.js';
import { IPIP, protocolNumber, TCP, UDP } from './protocol-number.js';

/** A port that policies of host endpoints never close. */
interface Failsafe {
  readonly protocol: number | undefined;
  readonly port: number;
  /** The far addresses it is open for; without it, all. */
  readonly net: Cidr | undefined;
}

/** What the Felix configuration of a host says about policies (reference/policy 6, 7, 8). */
export interface FelixSettings {
  readonly failsafe: Readonly<Record<Direction, readonly Failsafe[]>>;
  readonly dropsWorkloadToHost: boolean;
  readonly dropsInvalid: boolean;
  readonly dropsIpip: boolean;
  /** The UDP port of VXLAN that workloads may not send to; undefined where they may. */
  readonly droppedVxlanPort: number | undefined;
  readonly workloadPrefixes: readonly string[];
}

const BUILT_IN: Readonly<Record<Direction, readonly Failsafe[]>> = {
  ingress: failsafePorts([22, 179, 2379, 2380, 5473, 6443, 6666, 6667], [68]),
  egress: failsafePorts([179, 2379, 2380, 5473, 6443, 6666, 6667], [53, 67]),
};

/** Reads the spec of FelixConfiguration `default`, overlaid with that of `node.HOST`. */
export function felixSettings(spec: Data): FelixSettings {
  const action = String(spec['defaultEndpointToHostAction'] ?? 'Drop').toLowerCase();
  const { vxlanPort, interfacePrefix } = spec;
  return {
    failsafe: { ingress: readFailsafe(spec['failsafeInboundHostPorts']) ?? BUILT_IN.ingress, egress: readFailsafe(spec['failsafeOutboundHostPorts']) ?? BUILT_IN.egress },
    dropsWorkloadToHost: action === 'drop' || action === 'reject',
    dropsInvalid: spec['disableConntrackInvalidCheck'] !== true,
    dropsIpip: spec['allowIPIPPacketsFromWorkloads'] !== true,
    droppedVxlanPort: spec['allowVXLANPacketsFromWorkloads'] === true ? undefined : typeof vxlanPort === 'number' ? vxlanPort : 4789,
    workloadPrefixes: (typeof interfacePrefix === 'string' && interfacePrefix !== '' ? interfacePrefix : 'cali').split(','),
  };
}

/** Whether a packet goes to or comes from a failsafe port. In the untracked hook answers count as well. */
export function isFailsafe({ failsafe }: FelixSettings, direction: Direction, withAnswers: boolean, packet: Packet): boolean {
  const far = direction === 'ingress' ? packet.source : packet.destination;
  const isOpen = (entries: readonly Failsafe[], port: number | undefined): boolean =>
    entries.some((entry) => entry.port === port && entry.protocol === packet.protocol && (entry.net === undefined || containsIp(entry.net, far.ip)));
  if (isOpen(failsafe[direction], packet.destinationPort)) return true;
  return withAnswers && isOpen(failsafe[direction === 'ingress' ? 'egress' : 'ingress'], packet.sourcePort);
}

/** Whether a packet wraps another one, as workloads may not send. */
export function isEncapsulation({ dropsIpip, droppedVxlanPort }: FelixSettings, { protocol, destinationPort }: Packet): boolean {
  return (protocol === IPIP && dropsIpip) || (protocol === UDP && destinationPort !== undefined && destinationPort === droppedVxlanPort);
}

function failsafePorts(tcp: readonly number[], udp: readonly number[]): readonly Failsafe[] {
  return [...tcp.map((port) => ({ protocol: TCP, port, net: undefined })), ...udp.map((port) => ({ protocol: UDP, port, net: undefined }))];
}

/** An empty list closes all of them. */
function readFailsafe(stored: unknown): readonly Failsafe[] | undefined {
  if (!Array.isArray(stored)) return undefined;
  return stored.filter(isMap).map(({ protocol, port, net }) => ({
    protocol: protocolNumber(protocol === undefined || protocol === '' ? 'tcp' : protocol),
    port: typeof port === 'number' ? port : -1,
    net: typeof net === 'string' && net !== '' ? parseCidrOrIp(net) : undefined,
  }));
}
