import { describe, wrongType, wrongValue, type FieldType } from '../fields/field.js';
import { listWords } from '../fields/scalars.js';
import { similar } from '../../text/similar.js';
import { BYTE, whole } from '../fields/patterns.js';
import type { Data } from '../../base/data.js';

/** The protocols that have names, in the spelling in which they are stored. */
export const PROTOCOL_NAMES = ['TCP', 'UDP', 'ICMP', 'ICMPv6', 'SCTP', 'UDPLite'] as const;

/** An IP protocol: its number, or one of the names. */
export type Protocol = number | (typeof PROTOCOL_NAMES)[number];

const HIGHEST_NUMBER = 255;
const WITH_PORTS: readonly Protocol[] = ['TCP', 'UDP', 'SCTP', 6, 17, 132];

/** Whether packets of a protocol carry ports (reference/storage 3.0). */
export function supportsPorts(protocol: Protocol): boolean {
  return WITH_PORTS.includes(protocol);
}

function protocolThat(name: string, allowed: (protocol: Protocol) => boolean, hint: (raw: string) => string | undefined): FieldType<Protocol> {
  const type: FieldType<Protocol> = {
    name,
    standIn: 0,
    json: { type: ['integer', 'string'], ...protocolSchema(allowed) },
    isZero: () => false,
    decode(raw, path, to) {
      if (typeof raw !== 'string' && typeof raw !== 'number' && typeof raw !== 'bigint') return wrongType(type, raw, path, to);
      const value = protocolOf(raw);
      if (value !== undefined && allowed(value)) return value;
      return wrongValue(`${describe(raw)} is not ${name}`, path, to, typeof raw === 'string' ? hint(raw) : undefined);
    },
  };
  return type;
}

/** Numbers may be in quotes. */
function protocolSchema(allowed: (protocol: Protocol) => boolean): Data {
  const numbers = Array.from({ length: HIGHEST_NUMBER }, (_, index) => index + 1).filter(allowed);
  const names = PROTOCOL_NAMES.filter(allowed);
  if (numbers.length < HIGHEST_NUMBER) return { enum: [...names, ...numbers, ...numbers.map(String)] };
  return { minimum: 1, maximum: HIGHEST_NUMBER, pattern: whole(`${names.join('|')}|${BYTE}`) };
}

function protocolOf(raw: string | number | bigint): Protocol | undefined {
  if (typeof raw === 'string' && !/^\d+$/.test(raw)) return PROTOCOL_NAMES.find((name) => name === raw);
  const number = Number(raw);
  return Number.isInteger(number) && number >= 1 && number <= HIGHEST_NUMBER ? number : undefined;
}

function nearest(raw: string, names: readonly string[]): string | undefined {
  const near = PROTOCOL_NAMES.some((name) => name === raw) ? undefined : similar(raw, names);
  return near === undefined ? undefined : `did you mean "${near}"?`;
}

function ruleHint(raw: string): string | undefined {
  return /^(any|all|ip)$/i.test(raw) ? 'leave the field out to match every protocol' : nearest(raw, PROTOCOL_NAMES);
}

const NAMES_WITH_PORTS = PROTOCOL_NAMES.filter(supportsPorts);

/** The protocol of a rule. Digits in quotes are read as the number (reference/storage 3.0). */
export const ruleProtocol = protocolThat(`a protocol: ${listWords(PROTOCOL_NAMES)}, or a number from 1 to 255`, () => true, ruleHint);

/** The protocol of a port of a workload or host endpoint: one that has ports. */
export const endpointProtocol = protocolThat(`a protocol that has ports: ${listWords(NAMES_WITH_PORTS)}`, supportsPorts, (raw) => nearest(raw, NAMES_WITH_PORTS));
