import { asNumberOf, HIGHEST_AS_NUMBER } from '../../net/as-number.js';
import { formatCidr, formatIp, parseCidrOrIp, parseIp, type Cidr } from '../../net/address.js';
import { describe, wrongType, wrongValue, type FieldType } from './field.js';
import { CIDR_OR_IP, IP, IPV4, IPV6, MAC, whole } from './patterns.js';

/** An IP address in canonical text. An empty text counts as absent unless `checkEmpty`. Never coerced from a number. */
export function ipAddress(options: { readonly version?: 4 | 6; readonly checkEmpty?: boolean } = {}): FieldType<string> {
  const name = options.version === undefined ? 'an IP address' : `an IPv${options.version} address`;
  const pattern = options.version === undefined ? IP : options.version === 4 ? IPV4 : IPV6;
  const type: FieldType<string> = {
    name,
    standIn: '',
    json: { type: 'string', pattern: whole(options.checkEmpty ? pattern : `|${pattern}`) },
    isZero: (value) => value === '',
    decode(raw, path, to) {
      if (typeof raw !== 'string') return wrongType(type, raw, path, to);
      if (raw === '' && !options.checkEmpty) return raw;
      const ip = parseIp(raw);
      if (ip !== undefined && (options.version === undefined || ip.version === options.version)) return formatIp(ip);
      return wrongValue(`${describe(raw)} is not ${name}`, path, to, ip === undefined ? ipHint(raw) : undefined);
    },
  };
  return type;
}

function ipHint(raw: string): string | undefined {
  if (raw.includes('/')) return 'leave out the prefix length';
  return /(^|\.)0\d/.test(raw) ? 'write the octets without leading zeros' : undefined;
}

/** A network or an address, in canonical text with its prefix length; host bits are kept. Never coerced from a number. */
export function cidr(options: { readonly name?: string; readonly checkEmpty?: boolean; readonly pattern?: string; readonly problem?: (value: Cidr) => string | undefined; readonly hint?: string } = {}): FieldType<string> {
  const { pattern = CIDR_OR_IP } = options;
  const type: FieldType<string> = {
    name: options.name ?? 'a network such as 10.0.0.0/16',
    standIn: '',
    json: { type: 'string', pattern: whole(options.checkEmpty ? pattern : `|${pattern}`) },
    isZero: (value) => value === '',
    decode(raw, path, to) {
      if (typeof raw !== 'string') return wrongType(type, raw, path, to);
      if (raw === '' && !options.checkEmpty) return raw;
      const parsed = parseCidrOrIp(raw);
      const problem = parsed === undefined ? `${describe(raw)} is not ${type.name}` : options.problem?.(parsed);
      return problem === undefined ? formatCidr(parsed as Cidr) : wrongValue(problem, path, to, options.hint);
    },
  };
  return type;
}

/** The address family of a canonical address or network text. */
export function familyOf(text: string): 4 | 6 {
  return text.includes(':') ? 6 : 4;
}

/** An AS number: a number, its text, or the dotted form "1.10" (= 65546); read as a number (reference/classic 1.2, reference/storage 3.0). */
export const asNumber: FieldType<number> = {
  name: 'an AS number (0 to 4294967295, or "1.10")',
  standIn: 0,
  json: { type: ['integer', 'string'], minimum: 0, maximum: HIGHEST_AS_NUMBER, pattern: '^[0-9]+(?:\\.[0-9]+)?$' },
  isZero: (value) => value === 0,
  decode(raw, path, to) {
    if (typeof raw === 'number' && !Number.isInteger(raw)) return wrongType(asNumber, raw, path, to, asNumberOf(String(raw)) === undefined ? undefined : 'put the dotted form in quotes');
    if (typeof raw !== 'number' && typeof raw !== 'string' && typeof raw !== 'bigint') return wrongType(asNumber, raw, path, to);
    const value = typeof raw === 'string' ? asNumberOf(raw) : Number(raw);
    if (value !== undefined && value >= 0 && value <= HIGHEST_AS_NUMBER) return value;
    return wrongValue(`${describe(raw)} is not ${asNumber.name}`, path, to);
  },
};

const CANONICAL_MAC = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/;

/** A MAC address of 6, 8 or 20 octets, in any of the usual spellings; read in lower case with colons (reference/classic 1.2). An empty text counts as absent. */
export const mac: FieldType<string> = {
  name: 'a MAC address such as ca:fe:1d:52:bb:e9',
  standIn: '',
  json: { type: 'string', pattern: whole(`|${MAC}`) },
  isZero: (value) => value === '',
  decode(raw, path, to) {
    if (typeof raw !== 'string') return wrongType(mac, raw, path, to);
    const canonical = raw === '' ? raw : canonicalMac(raw);
    return canonical ?? wrongValue(`${describe(raw)} is not ${mac.name}`, path, to);
  },
};

/** A MAC address in lower case with colons; undefined for what is none. */
export function canonicalMac(text: string): string | undefined {
  if (CANONICAL_MAC.test(text)) return text;
  return macDigits(text)?.toLowerCase().match(/../g)?.join(':');
}

function macDigits(raw: string): string | undefined {
  const separated = /^[0-9a-f]{2}([:-])[0-9a-f]{2}(\1[0-9a-f]{2})*$/i.test(raw) || /^[0-9a-f]{4}(\.[0-9a-f]{4})+$/i.test(raw);
  const digits = raw.replace(/[:.-]/g, '');
  return separated && [12, 16, 40].includes(digits.length) ? digits : undefined;
}

