import { CalicoError } from '../../base/errors.js';
import { parseCidr } from '../../net/address.js';
import { detectByName, detectByRoute, FIRST_FOUND, type Detection, type MethodByName, type Version } from '../../host/addresses/autodetect.js';
import type { HostInterface } from '../../host/addresses/interfaces.js';
import type { AgentContext } from '../part.js';
import type { Host } from './host.js';

/** What finding an address needs to know. */
export interface Search {
  readonly version: Version;
  /** How to find one, as IP_AUTODETECTION_METHOD says; empty where it does not. */
  readonly method: string;
  readonly interfaces: readonly HostInterface[];
  readonly host: Pick<Host, 'sourceTo'>;
  readonly signal: AbortSignal;
}

const BY_NAME = ['interface', 'skip-interface', 'cidr'] as const;

/**
 * Finds the address of this node by the method that is given (reference/node-agent 4), with its prefix length; undefined, told in
 * the log, where there is none. Throws CalicoError for a method that there is not.
 */
export async function detect(search: Search, log: AgentContext['log']): Promise<string | undefined> {
  const { version, method } = search;
  const detection = await find(search);
  if (!detection.found) {
    log.warning(`no IPv${version} address was found: ${detection.reason}${detection.passedOver.length === 0 ? '' : `; passed over: ${detection.passedOver.join(', ')}`}`);
    return undefined;
  }
  log.info(`found the IPv${version} address ${detection.address} on ${detection.interface} by ${method === '' ? FIRST_FOUND : method}`);
  return detection.address;
}

async function find(search: Search): Promise<Detection> {
  const { method } = search;
  if (method === '' || method === FIRST_FOUND) return byName({ kind: FIRST_FOUND }, search);
  const equals = method.indexOf('=');
  const [kind, value] = [method.slice(0, Math.max(equals, 0)), method.slice(equals + 1)];
  if (kind === 'can-reach') return byRoute(value, search);
  const named = BY_NAME.find((each) => each === kind);
  if (named !== undefined) return listed(named, value.split(/\s*,\s*/), search);
  if (method.startsWith('kubernetes-internal-ip')) return nothing(`${method} needs Kubernetes, and there is none here`);
  throw new CalicoError('invalid-request', `${JSON.stringify(method)} is not a method of finding an address`);
}

function listed(kind: (typeof BY_NAME)[number], texts: readonly string[], search: Search): Detection {
  if (kind !== 'cidr') return byName({ kind, patterns: texts }, search);
  const networks = texts.map(parseCidr);
  const wrong = texts.find((_, index) => networks[index] === undefined);
  if (wrong !== undefined) return nothing(`${JSON.stringify(wrong)} is not a network`);
  return byName({ kind, networks: networks.filter((each) => each !== undefined) }, search);
}

function byName(method: MethodByName, { interfaces, version }: Search): Detection {
  return detectByName(method, interfaces, version) ?? nothing(`one of ${'patterns' in method ? method.patterns.join(', ') : ''} is no regular expression that can be read`);
}

async function byRoute(target: string, { host, version, interfaces, signal }: Search): Promise<Detection> {
  try {
    return detectByRoute(target, await host.sourceTo(target, version, signal), interfaces, version);
  } catch (error) {
    if (!(error instanceof CalicoError)) throw error;
    return nothing(error.message);
  }
}

function nothing(reason: string): Detection {
  return { found: false, reason, passedOver: [] };
}
