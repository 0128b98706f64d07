import { ListedError } from '../base/errors.js';
import { isMap, type Data } from '../base/data.js';
import { parseCidrOrIp, parseIp } from '../net/address.js';
import type { Flow } from '../policy/flow.js';
import { protocolNumber } from '../policy/protocol-number.js';

/** Of a file that is wrong throughout only the first faults are told. */
const MOST_FAULTS = 20;

/**
 * Reads flows, one JSON object a line, in the form of `Flow` (docs/policy.md). Empty lines count for nothing.
 * @param name what the text is called in messages
 * @throws ListedError with every line that holds none
 */
export function readFlows(name: string, text: string): readonly Flow[] {
  const flows: Flow[] = [];
  const faults: string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const fault = faultOf(line, flows);
    if (fault !== undefined) faults.push(`${name}:${index + 1}: ${fault}`);
    if (faults.length === MOST_FAULTS) break;
  }
  if (faults.length > 0) throw new ListedError('invalid-document', faults, { hint: 'each line is a flow such as {"src": "10.0.0.1", "dst": "10.0.0.2", "protocol": "tcp", "sport": 40000, "dport": 80}' });
  return flows;
}

/** Takes the flow of a line; returns what is wrong with it. */
function faultOf(line: string, flows: Flow[]): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return `this is not JSON: ${(error as Error).message}`;
  }
  if (!isMap(value)) return 'this is not a JSON object';
  const fault = wrongField(value) ?? (addressOf(value['src'])?.version === addressOf(value['dst'])?.version ? undefined : 'src and dst are not of one IP version');
  if (fault === undefined) flows.push(value as unknown as Flow);
  return fault;
}

const number = (most: number) => (value: unknown): boolean => typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most;
const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isGate = (value: unknown): boolean => isMap(value) && isText(value['node']) && isText(value['interface']);

/** What each field may be, in words, and how that is found out. */
const FIELDS: Readonly<Record<string, { readonly wants: string; readonly fits: (value: unknown) => boolean; readonly needed?: true }>> = {
  src: { wants: 'an address', fits: (value) => addressOf(value) !== undefined, needed: true },
  dst: { wants: 'an address', fits: (value) => addressOf(value) !== undefined, needed: true },
  protocol: { wants: 'tcp, udp, sctp, udplite, icmp, icmpv6 or a number', fits: (value) => protocolNumber(value) !== undefined, needed: true },
  sport: { wants: 'a port', fits: number(65_535) },
  dport: { wants: 'a port', fits: number(65_535) },
  type: { wants: 'an ICMP type', fits: number(255) },
  code: { wants: 'an ICMP code', fits: number(255) },
  via: { wants: 'an interface for each host', fits: (value) => isMap(value) && Object.values(value).every(isText) },
  from: { wants: 'a node and an interface', fits: isGate },
  to: { wants: 'a node and an interface', fits: isGate },
  state: { wants: 'new, established, related or invalid', fits: (value) => ['new', 'established', 'related', 'invalid'].includes(value as string) },
};

function wrongField(flow: Data): string | undefined {
  for (const [name, value] of Object.entries(flow)) {
    const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
    if (field === undefined) return `unknown field ${JSON.stringify(name)}: the fields are ${Object.keys(FIELDS).join(', ')}`;
    if (!field.fits(value)) return `${name}: expected ${field.wants}, found ${JSON.stringify(value)}`;
  }
  const missing = Object.keys(FIELDS).find((name) => FIELDS[name]?.needed === true && flow[name] === undefined);
  return missing === undefined ? undefined : `${missing} is missing`;
}

function addressOf(value: unknown): { readonly version: 4 | 6 } | undefined {
  return typeof value === 'string' ? (parseIp(value) ?? parseCidrOrIp(value)?.address) : undefined;
}
