import { parseCidrOrIp } from '../../net/address.js';
import type { AsStored } from '../fields/field.js';
import { plainText } from '../plain-text.js';
import type { FelixConfigurationSpec } from './felix-configuration.js';

/** A setting that Calico takes and that its Felix cannot live with. */
export interface Risk {
  readonly field: string;
  readonly message: string;
  readonly hint: string;
}

type Spec = AsStored<FelixConfigurationSpec>;

interface Check {
  readonly field: keyof Spec;
  readonly isRisky: (value: unknown, spec: Spec) => boolean;
  readonly message: string;
  readonly hint: string;
}

const NO_START = 'Felix 3.32 does not start with this';
const IPTABLES_BITS = 5;

/** What Felix was seen to do (reference/node 12), and what its parser ends the process for (felix/config/config_params.go: die-on-fail). */
const CHECKS: readonly Check[] = [
  {
    field: 'iptablesFilterDenyAction',
    isRisky: (value) => value === 'Reject',
    message: 'Felix 3.32 restarts again and again with Reject: it also uses it in the raw table, where the kernel refuses it',
    hint: 'write Drop',
  },
  {
    field: 'kubeNodePortRanges',
    isRisky: () => true,
    message: 'Felix 3.32 cannot read this list from the datastore and goes on with 30000:32767',
    hint: 'set FELIX_KUBENODEPORTRANGES in the environment of Felix instead',
  },
  {
    field: 'endpointReportingDelay',
    isRisky: (value) => value === '0s',
    message: 'Felix 3.32 crashes at its start with a delay of 0 where endpointReportingEnabled is true',
    hint: 'write a longer delay, such as 1s',
  },
  {
    field: 'iptablesNATOutgoingInterfaceFilter',
    isRisky: (value, { nftablesMode }) => nftablesMode === 'Enabled' && plainText(value).includes('+'),
    message: 'Felix 3.32 restarts again and again with "+" in this filter while nftablesMode is Enabled: nftables refuses it',
    hint: 'name one interface',
  },
  ...(['iptablesMarkMask', 'nftablesMarkMask'] as const).map((field) => ({
    field,
    isRisky: (value: unknown) => typeof value === 'number' && value.toString(2).replaceAll('0', '').length < IPTABLES_BITS,
    message: `${NO_START}: it needs a mask of at least ${IPTABLES_BITS} bits`,
    hint: 'write a mask such as 4294901760, which is 0xffff0000',
  })),
  {
    field: 'metadataPort',
    isRisky: (value) => typeof value === 'number' && (value < 0 || value > 65535),
    message: `${NO_START}: it is not a port`,
    hint: 'write a number from 0 to 65535',
  },
  {
    field: 'metadataAddr',
    isRisky: (value) => !/^[a-zA-Z0-9_.-]+$/.test(plainText(value)),
    message: `${NO_START}: it is neither an IPv4 address nor the name of a host`,
    hint: 'write an IPv4 address, a name, or None',
  },
  {
    field: 'interfacePrefix',
    isRisky: (value) => !/^[a-zA-Z0-9_-]{1,15}(,[a-zA-Z0-9_-]{1,15})*$/.test(plainText(value)) || /^none$/i.test(plainText(value)),
    message: `${NO_START}: a prefix has 1 to 15 letters, digits, "_" and "-"; several are separated by commas without spaces`,
    hint: 'write cali, or cali,tap',
  },
  ...(['failsafeInboundHostPorts', 'failsafeOutboundHostPorts'] as const).map((field) => ({
    field,
    isRisky: (value: unknown) => Array.isArray(value) && value.some(isUnreadablePort),
    message: `${NO_START}: it cannot read one of these ports`,
    hint: 'the protocol is TCP, UDP or SCTP, and net an address or a network',
  })),
];

function isUnreadablePort(port: { readonly protocol?: unknown; readonly net?: unknown }): boolean {
  const unknown = port.protocol !== undefined && !/^(tcp|udp|sctp)$/i.test(plainText(port.protocol));
  return unknown || (port.net !== undefined && parseCidrOrIp(plainText(port.net)) === undefined);
}

/** The settings of a spec that Felix cannot live with, each with the reason and what to write. */
export function felixRisks(spec: Spec): readonly Risk[] {
  return CHECKS.filter(({ field, isRisky }) => spec[field] !== undefined && isRisky(spec[field], spec));
}
