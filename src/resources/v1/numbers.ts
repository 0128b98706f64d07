import { describe, wrongType, wrongValue, type Decoding, type FieldType } from '../fields/field.js';
import { listWords } from '../fields/scalars.js';
import { similar } from '../../text/similar.js';
import { portHint } from '../port-hint.js';
import type { Path } from '../problem.js';
import { wrappedNumberHint } from '../v3/ports.js';
import { BYTE, PORT, whole } from '../fields/patterns.js';

/** A port or a range of ports as it was read; 0 is read, and refused later (reference/classic 1.2). */
export interface PortRange {
  readonly low: number;
  readonly high: number;
}

const HIGHEST_PORT = 65535;
const PORT_TEXT = /^(\d+)(?::(\d+))?$/;

/** Reads a port: a number, its text, or `LOW:HIGH` with LOW not above HIGH; undefined for anything else. */
export function portRange(raw: unknown): PortRange | undefined {
  if (typeof raw === 'number') return isPort(raw) ? { low: raw, high: raw } : undefined;
  const [, low, high = low] = (typeof raw === 'string' && PORT_TEXT.exec(raw)) || [];
  if (low === undefined) return undefined;
  const range = { low: Number(low), high: Number(high) };
  return isPort(range.low) && isPort(range.high) && range.low <= range.high ? range : undefined;
}

function isPort(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= HIGHEST_PORT;
}

/** A port as manifests show it: a number, or `LOW:HIGH`. */
export function portText({ low, high }: PortRange): number | string {
  return low === high ? low : `${low}:${high}`;
}

/** A port as a number or a range; what to know where somebody writes a name. */
export function portWithoutName(advice: string): FieldType<number | string> {
  const type: FieldType<number | string> = {
    name: 'a port: a number from 1 to 65535, or a range such as "8000:8100"',
    standIn: 0,
    json: { type: ['integer', 'string'], minimum: 1, maximum: HIGHEST_PORT, pattern: whole(`${PORT}(?::${PORT})?`) },
    isZero: () => false,
    decode(raw, path, to) {
      if (typeof raw !== 'number' && typeof raw !== 'string' && typeof raw !== 'bigint') return wrongType(type, raw, path, to, wrappedNumberHint(raw));
      const range = portRange(raw);
      if (range !== undefined && range.low > 0) return portText(range);
      const hint = typeof raw === 'string' ? (portHint(raw) ?? (/^[a-z]/i.test(raw) ? advice : undefined)) : undefined;
      return wrongValue(`${describe(raw)} is not ${type.name}`, path, to, hint);
    },
  };
  return type;
}

/** A port of a rule. */
export const port = portWithoutName('v1 has no named ports: write the number');

export const PROTOCOL_NAMES: readonly string[] = ['tcp', 'udp', 'icmp', 'icmpv6', 'sctp', 'udplite'];

const HIGHEST_PROTOCOL = 255;

/** Reads a protocol: a number from 0 to 255 or its text, or any other text as a name; undefined for anything else. */
export function protocolValue(raw: unknown): number | string | undefined {
  if (typeof raw === 'number') return isProtocol(raw) ? raw : undefined;
  if (typeof raw !== 'string') return undefined;
  return /^\d+$/.test(raw) && isProtocol(Number(raw)) ? Number(raw) : raw;
}

function isProtocol(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= HIGHEST_PROTOCOL;
}

/** A protocol of a rule, named in lower case or numbered. */
export const protocol: FieldType<number | string> = {
  name: `a protocol: ${listWords(PROTOCOL_NAMES)}, or a number from 1 to 255`,
  standIn: '',
  json: { type: ['integer', 'string'], minimum: 1, maximum: HIGHEST_PROTOCOL, pattern: whole(`${PROTOCOL_NAMES.join('|')}|${BYTE}`) },
  isZero: () => false,
  decode(raw, path, to) {
    if (typeof raw !== 'number' && typeof raw !== 'string' && typeof raw !== 'bigint') return wrongType(protocol, raw, path, to);
    const value = protocolValue(raw);
    if (typeof value === 'number' ? value > 0 : value !== undefined && PROTOCOL_NAMES.includes(value)) return value;
    return unknownProtocol(raw, path, to);
  },
};

function unknownProtocol(raw: string | number | bigint, path: Path, to: Decoding): undefined {
  const near = typeof raw === 'string' ? similar(raw, PROTOCOL_NAMES) : undefined;
  const any = typeof raw === 'string' && /^(any|all|ip)$/i.test(raw) ? 'leave the field out to match every protocol' : undefined;
  return wrongValue(`${describe(raw)} is not ${protocol.name}`, path, to, any ?? (near === undefined ? undefined : `did you mean ${near}?`));
}

const WITH_PORTS: readonly unknown[] = ['tcp', 'udp', 6, 17];

/** Whether rules for a protocol may name ports: only TCP and UDP, by name or number (reference/classic 1.10). */
export function supportsPorts(value: unknown): boolean {
  return WITH_PORTS.includes(value);
}
