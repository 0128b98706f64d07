import { parseDuration } from '../../go/duration.js';
import { goRegexp } from '../../go/regexp.js';
import { formatCidr, formatIp, network, parseCidrOrIp, parseIp } from '../../net/address.js';

/**
 * The ways in which Felix reads the text of a setting, the same for its environment, its file and what is stored
 * (reference/felix 1.3). Each gives undefined for what it cannot read.
 */
export type Form<T> = (text: string) => T | undefined;

/** A port, or several in a row. */
export interface PortRange {
  readonly min: number;
  readonly max: number;
}

/** A port that policies of host endpoints never close; without a network it is open to all. */
export interface FailsafePort {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  /** In canonical form. */
  readonly net?: string | undefined;
}

const TRUE: readonly string[] = ['true', '1', 'yes', 'y', 't'];
const FALSE: readonly string[] = ['false', '0', 'no', 'n', 'f'];
const HIGHEST_PORT = 65535;
const FEWEST_MARK_BITS = 2;

export const bool: Form<boolean> = (text) => {
  const lower = text.toLowerCase();
  return TRUE.includes(lower) ? true : FALSE.includes(lower) ? false : undefined;
};

/** Any text that matches as a whole. */
export function matching(pattern: RegExp): Form<string> {
  return (text) => (pattern.test(text) ? text : undefined);
}

export const anyText: Form<string> = (text) => text;

/** A whole number in any of Go's bases, within limits. */
export function whole(minimum = Number.MIN_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER): Form<number> {
  return (text) => {
    const value = goInteger(text);
    return value !== undefined && value >= minimum && value <= maximum ? value : undefined;
  };
}

/** `-12`, `0x1f`, `0b11`, `0o17`, and `017`, which is octal too. */
function goInteger(text: string): number | undefined {
  const [, sign = '', digits = ''] = /^([+-]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9]\d*)$/.exec(text) ?? [];
  if (digits === '') return undefined;
  const value = /^0[0-7]/.test(digits) ? parseInt(digits, 8) : Number(digits);
  return sign === '-' ? -value : value;
}

/** A mask that has room for the marks that cannot be done without. */
export const markMask: Form<number> = (text) => {
  const value = text.startsWith('+') || text.startsWith('-') ? undefined : goInteger(text);
  if (value === undefined || value > 0xffff_ffff) return undefined;
  return [...value.toString(2)].filter((bit) => bit === '1').length >= FEWEST_MARK_BITS ? value : undefined;
};

/** Milliseconds of a number of seconds, or of what `unit` is in milliseconds. */
export function lengthOfTime(unit = 1000): Form<number> {
  return (text) => (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) * unit : undefined);
}

/** One of a few words in any letter case; given in this spelling. */
export function word<const Word extends string>(...words: readonly Word[]): Form<Word> {
  return (text) => words.find((each) => each.toLowerCase() === text.toLowerCase());
}

/** An address of a family, in canonical form. */
export function address(version: 4 | 6): Form<string> {
  return (text) => {
    const ip = parseIp(text);
    return ip?.version === version ? formatIp(ip) : undefined;
  };
}

/** Names between commas. */
export const interfacePrefixes: Form<readonly string[]> = (text) => (/^[a-zA-Z0-9_-]{1,15}(,[a-zA-Z0-9_-]{1,15})*$/.test(text) ? text.split(',') : undefined);

/** Names of interfaces between commas, and patterns between slashes. */
export const interfacePatterns: Form<readonly RegExp[]> = (text) => every(text.split(','), (part) => {
  if (/^\/\S+\/$/.test(part)) return goRegexp(part.slice(1, -1));
  return /^[a-zA-Z0-9_-]{1,15}$/.test(part) ? new RegExp(`^${part}$`) : undefined;
});

export const pattern: Form<RegExp> = goRegexp;

/** `tcp:22`, `udp:10.0.0.0/8:53`, `tcp:[fd00::/8]:22`, or a port alone, which is one of TCP. */
export const failsafePorts: Form<readonly FailsafePort[]> = (text) => every(partsOf(text), (part) => {
  const [, protocol = 'tcp', inBrackets, plain, digits = ''] = /^(?:(tcp|udp):)?(?:\[([^\]]+)\]:|([\d./]+):)?(\d+)$/i.exec(part) ?? [];
  const port = digits === '' ? undefined : Number(digits);
  if (port === undefined || port > HIGHEST_PORT) return undefined;
  const given = inBrackets ?? plain;
  const net = given === undefined ? undefined : parseCidrOrIp(given);
  if (given !== undefined && net === undefined) return undefined;
  return { protocol: protocol.toLowerCase() as FailsafePort['protocol'], port, ...(net && { net: formatCidr(network(net)) }) };
});

/** `80` or `30000:32767`. */
export const portRange: Form<PortRange> = (text) => {
  const [, low = '', high = low] = /^(\d+)(?::(\d+))?$/.exec(text) ?? [];
  const range = { min: Number(low), max: Number(high) };
  return low !== '' && range.min <= range.max && range.max <= HIGHEST_PORT ? range : undefined;
};

export const portRanges: Form<readonly PortRange[]> = (text) => every(text.split(','), portRange);

/** Networks of IPv4 between commas; an address is one of its own. */
export const networks: Form<readonly string[]> = (text) => every(partsOf(text), (part) => {
  const cidr = parseCidrOrIp(part);
  return cidr?.address.version === 4 ? formatCidr(network(cidr)) : undefined;
});

/** `Name=value` between commas. */
export const pairs: Form<ReadonlyMap<string, string>> = (text) => mapOf(text, (value) => value);

/** `name=duration` between commas, in milliseconds. */
export const timeouts: Form<ReadonlyMap<string, number>> = (text) => mapOf(text, (value) => {
  const nanoseconds = parseDuration(value);
  return nanoseconds === undefined ? undefined : Number(nanoseconds) / 1e6;
});

function mapOf<T>(text: string, read: (value: string) => T | undefined): ReadonlyMap<string, T> | undefined {
  const entries = every(partsOf(text), (part) => {
    const at = part.indexOf('=');
    const value = at < 1 ? undefined : read(part.slice(at + 1).trim());
    return value === undefined ? undefined : ([part.slice(0, at).trim(), value] as const);
  });
  return entries && new Map(entries);
}

function partsOf(text: string): readonly string[] {
  return text.split(',').map((part) => part.trim()).filter((part) => part !== '');
}

/** What all of them are read as; undefined where one cannot be read. */
function every<T>(parts: readonly string[], read: (part: string) => T | undefined): readonly T[] | undefined {
  const values: T[] = [];
  for (const part of parts) {
    const value = read(part);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}
