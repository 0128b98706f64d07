import { containsIp, parseCidrOrIp, type Cidr } from '../net/address.js';
import type { FailsafePort } from '../resources/felix/forms.js';
import { readFelixValues, type FelixLayer } from '../resources/felix/values.js';
import type { Direction } from './rule.js';
import type { Packet } from './packet.js';
import { IPIP, TCP, UDP } from './protocol-number.js';

/** A port that policies of host endpoints never close. */
interface Failsafe {
  readonly protocol: number;
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

/** What Felix makes of these settings of a host; the first layer that has one counts. */
export function felixSettings(layers: readonly FelixLayer[]): FelixSettings {
  const { values } = readFelixValues(layers);
  return {
    failsafe: { ingress: values.failsafeInboundHostPorts.map(failsafe), egress: values.failsafeOutboundHostPorts.map(failsafe) },
    dropsWorkloadToHost: values.defaultEndpointToHostAction === 'Drop',
    dropsInvalid: !values.disableConntrackInvalidCheck,
    dropsIpip: !values.allowIPIPPacketsFromWorkloads,
    droppedVxlanPort: values.allowVXLANPacketsFromWorkloads ? undefined : values.vxlanPort,
    workloadPrefixes: values.interfacePrefix,
  };
}

function failsafe({ protocol, port, net }: FailsafePort): Failsafe {
  return { protocol: protocol === 'tcp' ? TCP : UDP, port, net: net === undefined ? undefined : parseCidrOrIp(net) };
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
