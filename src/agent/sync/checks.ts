import { isMap, type Data } from '../../base/data.js';
import { parseCidr, parseCidrOrIp } from '../../net/address.js';
import type { StoredKind, StoredObject } from '../../resources/kind.js';
import { Problems, pathText } from '../../resources/problem.js';
import { plainText } from '../../resources/plain-text.js';
import { parseSelector } from '../../selector/parse.js';

/** What is to be made of an object: what is wrong with all of it, or with its labels alone. */
export interface Check {
  readonly problem?: string;
  readonly labelsProblem?: string;
}

const POLICIES: readonly string[] = ['GlobalNetworkPolicy', 'NetworkPolicy', 'StagedGlobalNetworkPolicy', 'StagedNetworkPolicy'];
const PORT = /^(\d{1,5}(:\d{1,5})?|[a-zA-Z0-9_.-]{1,128})$/;
const PROTOCOL = /^(tcp|udp|icmp|icmpv6|sctp|udplite|\d{1,3})$/i;
const INTERFACE = /^[a-zA-Z0-9_.-]{1,15}$/;
const ANY_INTERFACE = '*';

/**
 * What Felix would say of an object (reference/felix 2.2). Policies, rules of profiles and endpoints are looked at less closely than
 * clients do: what they refuse may be programmed all the same. A profile is looked at twice, since its labels go another way.
 */
export function checkObject(kind: StoredKind | undefined, object: StoredObject): Check {
  const problem = problemOf(object);
  if (problem !== undefined) return { problem };
  const labelsProblem = object.kind === 'Profile' && kind !== undefined ? strictProblem(kind, object) : undefined;
  return labelsProblem === undefined ? {} : { labelsProblem };
}

function problemOf({ kind, spec }: StoredObject): string | undefined {
  if (POLICIES.includes(kind)) return selectorProblem(spec, ['selector', 'namespaceSelector', 'serviceAccountSelector']) ?? rulesProblem(spec);
  switch (kind) {
    case 'Profile':
      return rulesProblem(spec);
    case 'WorkloadEndpoint':
      return interfaceProblem(spec['interfaceName'], false) ?? networkProblem('ipNetworks', spec['ipNetworks']);
    case 'HostEndpoint':
      return interfaceProblem(spec['interfaceName'] ?? '', true);
    case 'IPPool':
      return parseCidr(plainText(spec['cidr'])) === undefined ? `spec.cidr: ${JSON.stringify(spec['cidr'])} is not a network` : undefined;
    default:
      return undefined;
  }
}

function interfaceProblem(name: unknown, orAny: boolean): string | undefined {
  const isRight = typeof name === 'string' && (INTERFACE.test(name) || (orAny && (name === '' || name === ANY_INTERFACE)));
  return isRight ? undefined : `spec.interfaceName: ${JSON.stringify(name)} is not the name of an interface`;
}

function rulesProblem(spec: Data): string | undefined {
  return firstOf(['ingress', 'egress'], (direction) => firstOf(listOf(spec[direction]), (rule) => {
    if (!isMap(rule)) return `spec.${direction}: a rule is no map`;
    const problem = ruleProblem(rule);
    return problem && `spec.${direction}: ${problem}`;
  }));
}

function ruleProblem(rule: Data): string | undefined {
  for (const name of ['protocol', 'notProtocol']) {
    const protocol = plainText(rule[name]);
    if (protocol !== '' && !(PROTOCOL.test(protocol) && !(Number(protocol) > 255))) return `${name}: ${JSON.stringify(rule[name])} is not a protocol`;
  }
  return firstOf(['source', 'destination'], (side) => {
    const entity = rule[side];
    if (!isMap(entity)) return undefined;
    const problem = entityProblem(entity);
    return problem && `${side}.${problem}`;
  });
}

function entityProblem(entity: Data): string | undefined {
  const accounts = isMap(entity['serviceAccounts']) ? selectorProblem(entity['serviceAccounts'], ['selector']) : undefined;
  return (
    selectorProblem(entity, ['selector', 'notSelector', 'namespaceSelector']) ??
    accounts ??
    firstOf(['nets', 'notNets'], (name) => networkProblem(name, entity[name])) ??
    firstOf(['ports', 'notPorts'], (name) => firstOf(listOf(entity[name]), (port) => (isPort(port) ? undefined : `${name}: ${JSON.stringify(port)} is not a port`)))
  );
}

function isPort(port: unknown): boolean {
  const text = typeof port === 'number' || typeof port === 'string' ? String(port) : '';
  if (!PORT.test(text)) return false;
  const [low = '', high = low] = text.split(':');
  return !/^\d+$/.test(low) || (Number(low) <= Number(high) && Number(high) <= 65535);
}

function selectorProblem(map: Data, names: readonly string[]): string | undefined {
  return firstOf(names, (name) => {
    const text = map[name];
    if (typeof text !== 'string' || text === '') return undefined;
    const parsed = parseSelector(text, 'v3');
    return parsed.ok ? undefined : `${name}: ${parsed.message}`;
  });
}

function networkProblem(name: string, networks: unknown): string | undefined {
  return firstOf(listOf(networks), (net) => (parseCidrOrIp(plainText(net)) === undefined ? `${name}: ${JSON.stringify(net)} is not a network` : undefined));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function firstOf<T>(each: readonly T[], ask: (one: T) => string | undefined): string | undefined {
  for (const one of each) {
    const answer = ask(one);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

/** What the rules of the v3 API say against a spec. */
function strictProblem(kind: StoredKind, { spec }: StoredObject): string | undefined {
  const problems = new Problems();
  kind.spec.decode(spec, ['spec'], { problems, coerce: false, unknown: new Problems() });
  const first = problems.list.find(({ severity }) => severity === 'error');
  return first && `${pathText(first.path)}: ${first.message}`;
}
