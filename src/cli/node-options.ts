import { InvalidRequest } from '../base/errors.js';
import { checkMethod } from '../host/addresses/autodetect.js';
import { refuseOldName } from '../host/engine/image-version.js';
import { formatIp, parseIp } from '../net/address.js';
import { asNumberOf, HIGHEST_AS_NUMBER } from '../net/as-number.js';
import { AUTODETECT, BACKENDS, DEFAULT_INTERFACE_PREFIX, hostPath, type AddressSource, type Backend, type DockerNetworking, type NodeOptions } from '../node/options.js';
import { hostNameProblem } from '../resources/node-name.js';
import { isPlainWhole } from '../text/number-form.js';

/** The flags of `node run` as they were given (reference/node 1). */
export interface GivenOptions {
  readonly name?: string | undefined;
  readonly as?: string | undefined;
  readonly ip?: string | undefined;
  readonly ip6?: string | undefined;
  readonly 'ip-autodetection-method': string;
  readonly 'ip6-autodetection-method': string;
  readonly 'log-dir': string;
  readonly 'node-image': string;
  readonly force?: boolean;
  readonly backend: string;
  readonly 'no-default-ippools': boolean;
  readonly 'felix-config'?: string | undefined;
  readonly 'disable-docker-networking': boolean;
  readonly 'docker-networking-ifprefix': string;
  readonly 'use-docker-networking-container-labels': boolean;
}

const IMAGE = /^[a-zA-Z0-9][a-zA-Z0-9_.:/@-]*$/;

const ORIGINS: NodeOptions['origins'] = {
  ip: '--ip', ip6: '--ip6', method: '--ip-autodetection-method', method6: '--ip6-autodetection-method', logDir: '--log-dir', felixConfig: '--felix-config',
};

/**
 * Checks the options in the order of the official tool; the first that is wrong is told (reference/node 1). Throws InvalidRequest, or CalicoError
 * where a name cannot be resolved or an image is too old, or the reason of the signal. `hostName` is what the system says.
 */
export async function readNodeOptions(given: GivenOptions, hostName: string, signal?: AbortSignal): Promise<NodeOptions> {
  const ip = addressSource(ORIGINS.ip, 4, given.ip);
  const ip6 = addressSource(ORIGINS.ip6, 6, given.ip6);
  const asNumber = given.as === undefined ? undefined : readAsNumber(given.as);
  const backend = backendOf(given.backend);
  const method = await checkMethod(ORIGINS.method, given['ip-autodetection-method'], 4, signal);
  const method6 = await checkMethod(ORIGINS.method6, given['ip6-autodetection-method'], 6, signal);
  const name = nodeName(given.name, hostName);
  return {
    ...name, backend, method, method6, origins: ORIGINS,
    ...(asNumber !== undefined && { asNumber }), ...(ip !== undefined && { ip }), ...(ip6 !== undefined && { ip6 }),
    noDefaultPools: given['no-default-ippools'],
    logDir: hostPath(ORIGINS.logDir, given['log-dir']),
    ...(given['felix-config'] !== undefined && { felixConfig: hostPath(ORIGINS.felixConfig, given['felix-config']) }),
    image: imageOf(given['node-image'], given.force === true),
  };
}

/** Checks the options of Docker's networking, which 3.32 does not have. Throws InvalidRequest. */
export function readDockerNetworking(given: GivenOptions, dialect: 'v1' | 'v3'): DockerNetworking {
  const interfacePrefix = given['docker-networking-ifprefix'];
  const labels = given['use-docker-networking-container-labels'];
  const disabled = given['disable-docker-networking'];
  if (!/^[a-zA-Z0-9]+$/.test(interfacePrefix)) throw new InvalidRequest(`--docker-networking-ifprefix: ${JSON.stringify(interfacePrefix)} is not a prefix of interface names`, 'letters and digits only');
  if (disabled && labels) throw new InvalidRequest('--use-docker-networking-container-labels has no effect with --disable-docker-networking', 'leave out one of the two');
  if (dialect === 'v3' && (disabled || labels || interfacePrefix !== DEFAULT_INTERFACE_PREFIX)) {
    throw new InvalidRequest("the Docker networking options belong to classic Calico: version 3 has no plugin for it", 'leave them out, or use --dialect v1');
  }
  return { enabled: dialect === 'v1' && !disabled, interfacePrefix, labels };
}

function addressSource(option: string, version: 4 | 6, given: string | undefined): AddressSource | undefined {
  if (given === undefined || given === AUTODETECT) return given;
  const ip = parseIp(given);
  if (ip === undefined) throw new InvalidRequest(`${option}: ${JSON.stringify(given)} is not an IP address`, `write an IPv${version} address without a prefix length, or ${AUTODETECT}`);
  if (ip.version !== version) throw new InvalidRequest(`${option}: ${given} is an IPv${ip.version} address, expected IPv${version}`, version === 4 ? 'IPv6 addresses go with --ip6' : 'IPv4 addresses go with --ip');
  return formatIp(ip);
}

/** Decimal, or the dotted form of two numbers up to 65535. */
function readAsNumber(given: string): number {
  const value = given.split('.').every(isPlainWhole) ? asNumberOf(given) : undefined;
  if (value !== undefined && value <= HIGHEST_AS_NUMBER) return value;
  throw new InvalidRequest(`--as: ${JSON.stringify(given)} is not an AS number`, `write a number from 0 to ${HIGHEST_AS_NUMBER} without leading zeros, or two numbers up to 65535 such as 1.10`);
}

function backendOf(given: string): Backend {
  const backend = BACKENDS.find((each) => each === given);
  if (backend === undefined) throw new InvalidRequest(`--backend: ${JSON.stringify(given)} is not a BGP backend`, `known: ${BACKENDS.join(', ')}`);
  return backend;
}

function nodeName(given: string | undefined, hostName: string): { name: string; nameOrigin: string } {
  if (given !== undefined) {
    const problem = hostNameProblem(given);
    if (problem !== undefined) throw new InvalidRequest(`--name: ${problem.message}`, problem.hint);
    return { name: given, nameOrigin: '--name' };
  }
  const name = hostName.trim().toLowerCase();
  if (hostNameProblem(name) !== undefined) throw new InvalidRequest(`the host name ${JSON.stringify(hostName)} cannot be the name of a node`, 'give one with --name');
  return { name, nameOrigin: name === hostName ? 'the host name' : `the host name ${hostName}, in lower case` };
}

function imageOf(given: string, force: boolean): string {
  if (!IMAGE.test(given)) throw new InvalidRequest(`--node-image: ${JSON.stringify(given)} is not the name of an image`, 'write for example quay.io/calico/node:latest');
  if (!force) refuseOldName(given);
  return given;
}
