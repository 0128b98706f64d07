import { formatCidr, isMasked, network, parseCidr, parseCidrOrIp } from '../../net/address.js';
import { describe, type FieldType } from '../fields/field.js';
import { text } from '../fields/scalars.js';
import { CIDR, CIDR_OF, CIDR_OR_IP, whole } from '../fields/patterns.js';

const NETWORK = 'a network such as 10.0.0.0/16';

/** A network with its prefix length, kept as it was written; bits right of the length may be set. */
export const cidrText: FieldType<string> = text({
  name: NETWORK,
  json: { pattern: whole(CIDR) },
  problem: (value) => (parseCidr(value) === undefined ? `${describe(value)} is not ${NETWORK}` : undefined),
});

/** A network with its prefix length and no bit set right of it, of one family if `version` says so; kept as it was written. */
export function maskedCidrText(version?: 4 | 6): FieldType<string> {
  const name = version === undefined ? NETWORK : `an IPv${version} network`;
  return text({
    name,
    json: { pattern: whole(version === undefined ? CIDR : CIDR_OF[version]) },
    problem(value) {
      const cidr = parseCidr(value);
      if (cidr === undefined || (version !== undefined && cidr.address.version !== version)) return `${describe(value)} is not ${name}`;
      return isMasked(cidr) ? undefined : `${value} has bits set after its prefix length: the network is ${formatCidr(network(cidr))}`;
    },
  });
}

/** A network or an address, kept as it was written. An empty element of a list passes, as in Calico. */
export const cidrOrAddressText: FieldType<string> = text({
  name: 'a network or an IP address',
  json: { pattern: whole(CIDR_OR_IP) },
  problem: (value) => (parseCidrOrIp(value) === undefined ? `${describe(value)} is neither ${NETWORK} nor an IP address` : undefined),
});
