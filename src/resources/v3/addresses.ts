import { bits, formatCidr, isMasked, network, parseCidr, parseCidrOrIp, parseIp, type Cidr } from '../../net/address.js';
import { describe, wrongType, wrongValue, type FieldType } from '../fields/field.js';
import { ipAddress, mac } from '../fields/network.js';
import { text } from '../fields/scalars.js';
import { CIDR, CIDR_OR_IP, IPV4, IPV6, whole } from '../fields/patterns.js';

/** The same type with the value kept in the document's own words, as Calico stores it. */
function verbatim(type: FieldType<string>): FieldType<string> {
  return {
    ...type,
    decode: (raw, path, to) => (type.decode(raw, path, to) === undefined ? undefined : (raw as string)),
  };
}

/** An IP address, in the document's spelling. */
export function ipText(options: { readonly version?: 4 | 6; readonly checkEmpty?: boolean } = {}): FieldType<string> {
  return verbatim(ipAddress(options));
}

/** A MAC address, in the document's spelling. */
export const macText = verbatim(mac);

/** What is wrong with a text, and what to write. */
export interface TextProblem {
  readonly problem: string;
  readonly hint?: string;
}

/** Text that has to be an address, a network or either, in the document's spelling. */
function cidrText(name: string, pattern: string, finding: (value: Cidr | undefined, raw: string) => TextProblem | undefined, checkEmpty: boolean): FieldType<string> {
  const plain = text({ name, checkEmpty });
  return {
    ...plain,
    json: { type: 'string', pattern: whole(checkEmpty ? pattern : `|${pattern}`) },
    decode(raw, path, to) {
      // No number is an address, in quotes or without.
      const value = typeof raw === 'string' ? plain.decode(raw, path, to) : wrongType(plain, raw, path, to);
      if (value === undefined || (value === '' && !checkEmpty)) return value;
      const found = finding(parseCidrOrIp(value), value);
      return found === undefined ? value : wrongValue(found.problem, path, to, found.hint);
    },
  };
}

function unmasked(value: Cidr, raw: string): TextProblem | undefined {
  if (isMasked(value)) return undefined;
  return { problem: `${raw} has bits set after its prefix length`, hint: `write ${formatCidr(network(value))}, or ${formatCidr({ ...value, length: bits(value.address) })}` };
}

const EITHER = 'an IP address, alone or with a prefix length';

/** An address, or a network without bits after its prefix length; in the document's spelling. An empty element of a list is wrong if `checkEmpty`. */
export function networkText(options: { readonly checkEmpty?: boolean } = {}): FieldType<string> {
  return cidrText(EITHER, CIDR_OR_IP, (value, raw) => (value === undefined ? { problem: `${describe(raw)} is not ${EITHER}` } : unmasked(value, raw)), options.checkEmpty ?? false);
}

const RULE_NETWORK = 'a network such as 10.0.0.0/16';

/** A network of a rule: never an address alone, and with no bits after its prefix length (reference/storage 3.4). */
export function ruleNetwork(finding?: (value: Cidr) => TextProblem | undefined): FieldType<string> {
  return cidrText(RULE_NETWORK, CIDR, (value, raw) => notRuleNetwork(value, raw) ?? finding?.(value as Cidr), true);
}

function notRuleNetwork(value: Cidr | undefined, raw: string): TextProblem | undefined {
  if (value !== undefined && parseCidr(raw) !== undefined) return unmasked(value, raw);
  return { problem: `${describe(raw)} is not ${RULE_NETWORK}`, ...(value === undefined ? {} : { hint: `write ${formatCidr(value)}` }) };
}

/** An address of one family, alone or with the network it is in; in the document's spelling. */
export function interfaceAddress(version: 4 | 6): FieldType<string> {
  const name = `an IPv${version} address, alone or with a prefix length`;
  // Of an IPv4-mapped address the length may leave too little to be a network of IPv4; the address is one nevertheless.
  const isOne = (value: Cidr | undefined, raw: string): boolean => value !== undefined && parseIp(raw.split('/', 1)[0]!)?.version === version;
  const pattern = `${version === 4 ? IPV4 : IPV6}(?:/[0-9]+)?`;
  return cidrText(name, pattern, (value, raw) => (isOne(value, raw) ? undefined : { problem: `${describe(raw)} is not ${name}` }), false);
}
