import { isMasked, type Cidr } from '../../ipam/address.js';
import type { FieldType } from '../fields/field.js';
import { cidr, ipAddress, mac } from '../fields/network.js';

/** The same type with the value kept in the document's own words, as Calico stores it. */
export function verbatim(type: FieldType<string>): FieldType<string> {
  return {
    ...type,
    decode: (raw, path, to) => (type.decode(raw, path, to) === undefined ? undefined : (raw as string)),
  };
}

/** An IP address, in the document's spelling. */
export function addressText(options: { readonly version?: 4 | 6; readonly checkEmpty?: boolean } = {}): FieldType<string> {
  return verbatim(ipAddress(options));
}

/** A network or an address, with no bit set right of the prefix length; in the document's spelling. */
export function networkText(options: { readonly checkEmpty?: boolean } = {}): FieldType<string> {
  return verbatim(cidr({ ...options, problem: maskProblem }));
}

/** An address with its network, or an address alone; of one family if `version` says so; in the document's spelling. */
export function interfaceAddressText(version?: 4 | 6): FieldType<string> {
  const name = version === undefined ? 'an IP address or network' : `an IPv${version} address, with or without its network`;
  return verbatim(
    cidr({
      name,
      problem: (value) => (version === undefined || value.address.version === version ? undefined : `this is not ${name}`),
    }),
  );
}

/** A MAC address, in the document's spelling. */
export const macText = verbatim(mac);

/** What is wrong with a network that has bits set right of its prefix length, or undefined. */
export function maskProblem(value: Cidr): string | undefined {
  return isMasked(value) ? undefined : `the network has bits set beyond its prefix length ${value.length}`;
}
