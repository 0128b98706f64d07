import { parseCidr, parseCidrOrIp } from '../../ipam/address.js';
import type { FieldType } from '../fields/field.js';
import { text } from '../fields/scalars.js';

/** A network with its prefix length, kept as it was written. */
export const networkText: FieldType<string> = text({
  name: 'a network such as 10.0.0.0/16',
  problem: (value) => (parseCidr(value) === undefined ? `${JSON.stringify(value)} is not a network such as 10.0.0.0/16` : undefined),
});

/** A network or an address, kept as it was written. An empty element of a list passes, as in Calico. */
export const networkOrAddressText: FieldType<string> = text({
  name: 'a network or an IP address',
  problem: (value) => (parseCidrOrIp(value) === undefined ? `${JSON.stringify(value)} is neither a network such as 10.0.0.0/16 nor an IP address` : undefined),
});
