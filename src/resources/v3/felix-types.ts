import type { Data } from '../../base/data.js';
import { parseCidrOrIp } from '../../net/address.js';
import { listOf, mapOf } from '../fields/collections.js';
import { describe, field, wrongType, wrongValue, type FieldType } from '../fields/field.js';
import { objectOf } from '../fields/object.js';
import { integer, text } from '../fields/scalars.js';
import { duration } from '../fields/duration.js';
import { cidrOrAddressText } from './networks.js';
import { rulePort } from './ports.js';
import { CIDR_OF, eitherCase, IPV4, NOT_NEGATIVE, PORT, whole } from '../fields/patterns.js';
import { demanded } from '../fields/json-rules.js';

/** Limits of an unsigned 32-bit number. */
export const WORD = { minimum: 0, maximum: 4294967295 };

/** Names with values, between commas. */
export function featureList(pattern: RegExp, example: string): FieldType<string> {
  return text({ name: 'a list of features', pattern, rule: `such as ${example}` });
}

export const logPrefix = text({ name: 'a log prefix', pattern: /^[a-zA-Z0-9%: /_-]*$/, rule: 'letters, digits, spaces and % : / _ - are allowed' });

export const logActionRateLimit = text({ name: 'a rate limit', pattern: /^[1-9]\d{0,3}\/(second|minute|hour|day)$/, rule: 'such as 10/second, up to 9999, per second, minute, hour or day' });

export const prometheusHost = text({ name: 'a host to bind to', pattern: /^[a-zA-Z0-9:._+-]{1,64}$/, rule: 'an address, or a name of up to 64 characters' });

export const interfaceFilter = text({
  name: 'the name of an interface',
  checkEmpty: true,
  pattern: /^[a-zA-Z0-9:._+-]{1,15}$/,
  rule: 'up to 15 letters, digits and : . _ + - are allowed; + at the end stands for any characters',
});

export const wireguardInterface = text({ name: 'the name of an interface', pattern: /^([a-zA-Z0-9_.-]{1,15}|\*)$/, rule: 'up to 15 letters, digits, "_", "." and "-" are allowed' });

export const openstackRegion = text({
  name: 'the name of a region',
  // The region becomes part of the name of a namespace.
  pattern: /^(?=.{1,46}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  rule: 'up to 46 lower-case letters, digits and "-", with a letter or digit at both ends',
});

export const healthTimeoutOverrides = listOf(
  objectOf('a health timeout', [
    field('name', text({ name: 'the name of a component', checkEmpty: true, pattern: /^[a-zA-Z0-9_ -]+$/, rule: 'letters, digits, spaces, "_" and "-" are allowed' }), {
      write: 'always',
      required: 'a health timeout needs the name of a component',
    }),
    field('timeout', { ...duration, json: { type: 'string', pattern: whole(NOT_NEGATIVE) }, decode: notNegative }, { write: 'always' }),
  ]),
);

function notNegative(...[raw, path, to]: Parameters<FieldType['decode']>): string | undefined {
  const value = duration.decode(raw, path, to);
  return value?.startsWith('-') ? wrongValue(`a timeout cannot be negative: ${value}`, path, to) : value;
}

/** Ports that stay open whatever policy says. Calico accepts any text as protocol and net, and port 0. */
export const failsafePorts = listOf(
  objectOf('a failsafe port', [
    field('protocol', text({ name: 'a protocol' })),
    field('port', integer({ name: 'a port', minimum: 0, maximum: 65535 }), { write: 'always' }),
    field('net', text({ name: 'a network' })),
  ]),
);

const MOST_NODE_PORT_RANGES = 7;

export const nodePortRanges = listOf(
  {
    ...rulePort,
    json: { type: ['integer', 'string'], minimum: 1, maximum: 65535, pattern: whole(`${PORT}(?::${PORT})?`) },
    decode(raw, path, to) {
      const value = rulePort.decode(raw, path, to);
      const named = typeof value === 'string' && !value.includes(':');
      return named ? wrongValue(`${describe(value)} is not a port or range such as 30000:32767`, path, to) : value;
    },
  },
  {
    json: { maxItems: MOST_NODE_PORT_RANGES },
    check(value, path, to) {
      if (value.length > MOST_NODE_PORT_RANGES) wrongValue(`at most ${MOST_NODE_PORT_RANGES} ranges are allowed, not ${value.length}`, path, to);
    },
  },
);

export const networks = listOf(cidrOrAddressText);

/** Outside nodes have IPv4 networks only. */
export const externalNodes = listOf(
  text({
    name: 'an IPv4 network or address',
    json: { pattern: whole(`${CIDR_OF[4]}|${IPV4}`) },
    checkEmpty: true,
    problem: (value) => (parseCidrOrIp(value)?.address.version === 4 ? undefined : `${describe(value)} is not an IPv4 network or address`),
  }),
);

const conntrackTimeout = text({ name: 'a timeout', checkEmpty: true, pattern: /^(((\d*(\.\d*)?(ms|s|h|m|us))+)|Auto)$/, rule: 'a duration such as 20s, or Auto' });

/** How long eBPF remembers connections, by their state. */
export const conntrackTimeouts = objectOf('conntrack timeouts', [
  field('creationGracePeriod', conntrackTimeout, { write: 'given' }),
  field('tcpSynSent', conntrackTimeout, { write: 'given', goName: 'TCPSynSent' }),
  field('tcpEstablished', conntrackTimeout, { write: 'given', goName: 'TCPEstablished' }),
  field('tcpFinsSeen', conntrackTimeout, { write: 'given', goName: 'TCPFinsSeen' }),
  field('tcpResetSeen', conntrackTimeout, { write: 'given', goName: 'TCPResetSeen' }),
  field('udpTimeout', conntrackTimeout, { write: 'given', goName: 'UDPTimeout' }),
  field('genericTimeout', conntrackTimeout, { write: 'given' }),
  field('icmpTimeout', conntrackTimeout, { write: 'given', goName: 'ICMPTimeout' }),
]);

/** Filters in tcpdump's language by interface; `all`, `weps` and `heps` stand for several. */
export const logFilters = mapOf(text({ name: 'a filter' }), {
  name: 'a map of filters by interface',
  keyJson: { pattern: '^[a-zA-Z0-9_.-]{1,15}$' },
  keyProblem: (key) => (/^[a-zA-Z0-9_.-]{1,15}$/.test(key) ? undefined : `${describe(key)} is not the name of an interface, all, weps or heps`),
});

const tableNumber = integer({ name: 'a route table' });
const rangeFields = [field('min', tableNumber, { write: 'always' }), field('max', tableNumber, { write: 'always' })];

/** What JSON Schema can say of the ends of a range. */
function endsUpTo(maximum: number): Data {
  return { ...demanded('min', 'max'), properties: { min: { minimum: 1, maximum }, max: { minimum: 1, maximum } } };
}

const HIGHEST_ROUTE_TABLE = 250;

/** The one range of route tables of older Calico. */
export const routeTableRange = objectOf('a range of route tables', rangeFields, {
  json: endsUpTo(HIGHEST_ROUTE_TABLE),
  check({ min, max }, path, to) {
    if (min === undefined || max === undefined || (min >= 1 && min <= max && max <= HIGHEST_ROUTE_TABLE)) return;
    wrongValue(`${min} to ${max} is not a range of route tables within 1 to ${HIGHEST_ROUTE_TABLE}`, path, to);
  },
});

const MOST_ROUTE_TABLES = 65535;

/** Ranges of route tables, 65535 tables in all. */
export const routeTableRanges = listOf(
  objectOf('a range of route tables', rangeFields, {
    json: endsUpTo(WORD.maximum),
    check({ min, max }, path, to) {
      if (min === undefined || max === undefined) return;
      if (min < 1) wrongValue(`route tables are counted from 1, this range starts at ${min}`, path, to);
      else if (min > max) wrongValue(`the range ends at ${max}, below its start ${min}`, path, to);
      else if (max > WORD.maximum) wrongValue(`the highest route table is ${WORD.maximum}, this range ends at ${max}`, path, to);
    },
  }),
  {
    check(value, path, to) {
      const tables = value.reduce((sum, { min = 0, max = 0 }) => sum + max - min + 1, 0);
      if (tables > MOST_ROUTE_TABLES) wrongValue(`the ranges may have ${MOST_ROUTE_TABLES} route tables in all, these have ${tables}`, path, to);
    },
  },
);

const DSCP_NAMES = /^(DF|EF|AF[1-4][1-3]|CS[0-6])$/;
const DSCP = 'a DSCP mark: a number from 0 to 63, or a name such as EF, AF11 or CS0';

/** The mark of a class of traffic: its number or its name. */
export const dscpMark: FieldType<number | string> = {
  name: DSCP,
  standIn: 0,
  json: { type: ['integer', 'string'], minimum: 0, maximum: 63, pattern: whole(`0*(?:[0-9]|[1-5][0-9]|6[0-3])|\\s*(?:${eitherCase(DSCP_NAMES.source.slice(1, -1))})\\s*`) },
  isZero: () => false,
  decode(raw, path, to) {
    if (typeof raw !== 'string' && typeof raw !== 'number') return wrongType(dscpMark, raw, path, to);
    const value = typeof raw === 'string' && /^\d+$/.test(raw) ? Number(raw) : raw;
    const right = typeof value === 'number' ? Number.isInteger(value) && value >= 0 && value <= 63 : DSCP_NAMES.test(value.trim().toUpperCase());
    return right ? value : wrongValue(`${describe(raw)} is not ${DSCP}`, path, to);
  },
};

/** The number of a class of traffic that is stored by its number or its name (RFC 2474, 2597, 3246); undefined for what is neither. */
export function dscpNumber(stored: unknown): number | undefined {
  const word = typeof stored === 'string' ? stored.trim().toUpperCase() : stored;
  const number = typeof word === 'string' && /^\d+$/.test(word) ? Number(word) : word;
  if (typeof number === 'number') return Number.isInteger(number) && number >= 0 && number <= 63 ? number : undefined;
  if (typeof word !== 'string' || !DSCP_NAMES.test(word)) return undefined;
  if (word === 'DF') return 0;
  if (word === 'EF') return 46;
  const [first, second] = [Number(word[2]), Number(word[3])];
  return word.startsWith('AF') ? 8 * first + 2 * second : 8 * first;
}
