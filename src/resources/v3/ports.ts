import { isMap } from '../../base/data.js';
import { describe, field, wrongType, wrongValue, type FieldType } from '../fields/field.js';
import { integer, text } from '../fields/scalars.js';
import { plainText } from '../plain-text.js';
import { portHint } from '../port-hint.js';
import { endpointProtocol } from './protocol.js';
import { PORT, whole } from '../fields/patterns.js';

/** A port of a rule: a number, a range `low:high`, or the name of an endpoint's port. */
export type Port = number | string;

const HIGHEST_PORT = 65535;
const LONGEST_NAME = 15;
const PORT_NAME = '(?=.{1,15}$)(?=[^a-z]*[a-z])[a-z0-9]+(?:-[a-z0-9]+)*';
const NAME_CHARACTERS = /^[-a-z0-9]+$/;
const RANGE = /^(\d+):(\d+)$/;
const RULE_PORT = 'a port: a number from 1 to 65535, a range such as "8000:8100", or the name of a port';

/** What is wrong with the name of a port (Kubernetes' rule for service port names), or undefined. */
export function portNameProblem(name: string): string | undefined {
  if (name.length > LONGEST_NAME) return `a port's name has at most ${LONGEST_NAME} characters, ${describe(name)} has ${name.length}`;
  if (NAME_CHARACTERS.test(name) && /[a-z]/.test(name) && !name.includes('--') && !name.startsWith('-') && !name.endsWith('-')) return undefined;
  return `${describe(name)} is not the name of a port: lower-case letters, digits and single "-" between them are allowed, with at least one letter`;
}

/** A port of a rule. Digits in quotes become a number, as does a range of one port (reference/storage 3.0). */
export const rulePort: FieldType<Port> = {
  name: RULE_PORT,
  standIn: 0,
  json: { type: ['integer', 'string'], minimum: 1, maximum: HIGHEST_PORT, pattern: whole(`${PORT}(?::${PORT})?|${PORT_NAME}`) },
  isZero: () => false,
  decode(raw, path, to) {
    if (typeof raw !== 'string' && typeof raw !== 'number' && typeof raw !== 'bigint') return wrongType(rulePort, raw, path, to, wrappedNumberHint(raw));
    const read = typeof raw === 'string' ? portOf(raw) : numberOf(Number(raw));
    return 'problem' in read ? wrongValue(read.problem, path, to, typeof raw === 'string' ? portHint(raw) : undefined) : read.port;
  },
};

/** What to write for a port in a map, as some tools show it (`int: 3306`) and as Kubernetes has it (`port: 80, protocol: TCP`); undefined for anything else. */
export function wrappedNumberHint(raw: unknown): string | undefined {
  if (!isMap(raw)) return undefined;
  const { min, max, endPort = max, protocol } = raw;
  const key = Object.keys(raw).find((each) => /^(int|intval|port|number|min)$/i.test(each));
  const number = key === undefined ? min : raw[key];
  if (typeof number !== 'number' && typeof number !== 'string') return undefined;
  const port = endPort === undefined ? `only the number: ${number}` : `the range: "${number}:${plainText(endPort)}"`;
  return `write ${port}${typeof protocol === 'string' ? `, and protocol: ${protocol} in the rule` : ''}`;
}

type Read = { readonly port: Port } | { readonly problem: string };

function portOf(raw: string): Read {
  if (/^\d+$/.test(raw)) return numberOf(Number(raw));
  const range = RANGE.exec(raw);
  if (range !== null) return rangeOf(raw, Number(range[1]), Number(range[2]));
  if (raw.includes(':') || raw === '') return { problem: `${describe(raw)} is not ${RULE_PORT}` };
  const problem = portNameProblem(raw);
  return problem === undefined ? { port: raw } : { problem };
}

function numberOf(value: number): Read {
  return isPort(value) ? { port: value } : { problem: `${value} is not a port: a whole number from 1 to ${HIGHEST_PORT}` };
}

function rangeOf(raw: string, low: number, high: number): Read {
  if (!isPort(low) || !isPort(high)) return { problem: `${describe(raw)} is not a range of ports: both ends are numbers from 1 to ${HIGHEST_PORT}` };
  if (low > high) return { problem: `the range of ports ${describe(raw)} ends below its start` };
  return { port: low === high ? low : `${low}:${high}` };
}

function isPort(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= HIGHEST_PORT;
}

/** The number of a port, 1 to 65535. */
export const portNumber = integer({ name: 'a port number', minimum: 1, maximum: HIGHEST_PORT });

/** The number of a port where 0 stands for none. */
export const optionalPortNumber = integer({ name: 'a port number', minimum: 0, maximum: HIGHEST_PORT });

/** Name, protocol and number of an endpoint's port, in the order in which they are stored. `named` ports must have a name. */
export function endpointPortFields(named: boolean) {
  const name = text({ name: 'the name of a port', problem: portNameProblem, json: { pattern: whole(PORT_NAME) }, checkEmpty: named });
  return [
    field('name', name, { write: 'always', ...(named ? { required: 'a port needs a name' } : {}) }),
    field('protocol', endpointProtocol, { write: 'always', required: 'a port needs a protocol: TCP, UDP or SCTP' }),
    field('port', portNumber, { write: 'always', required: 'a port needs its number' }),
  ];
}
