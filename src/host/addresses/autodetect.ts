import { CalicoError, InvalidRequest } from '../../base/errors.js';
import { containsIp, formatIp, type Cidr, type Ip, type Ipv4, type Ipv6 } from '../../net/address.js';
import { goRegexp, goRegexpProblem } from '../../go/regexp.js';
import type { HostAddress, HostInterface } from './interfaces.js';

export const FIRST_FOUND = 'first-found';
export type Version = 4 | 6;

/** A way to find a node's address (reference/node 1.1, reference/node 8). */
export type Method =
  | { readonly kind: 'first-found' }
  | { readonly kind: 'can-reach'; readonly target: string }
  | { readonly kind: 'interface' | 'skip-interface'; readonly patterns: readonly string[] }
  /** Which the options of `node run` refuse and the node agent knows. */
  | { readonly kind: 'cidr'; readonly networks: readonly Cidr[] };

/** How methods are written. */
export const METHOD_WORDS: readonly string[] = [FIRST_FOUND, 'can-reach=ADDRESS-OR-NAME', 'interface=REGEX,...', 'skip-interface=REGEX,...'];

/** What a method came to: the address and why, or why there is none. */
export type Detection =
  | { readonly found: true; readonly interface: string; readonly address: string; readonly reason: string; readonly passedOver: readonly string[] }
  | { readonly found: false; readonly reason: string; readonly passedOver: readonly string[] };

/** Interfaces that first-found and skip-interface leave out, by the beginnings of their names (3.32). */
const EXCLUDED = [
  'docker', 'cbr', 'dummy', 'virbr', 'lxcbr', 'veth', 'lo', 'cali', 'tunl', 'flannel', 'kube-ipvs', 'podman', 'br-', 'cni', 'vxlan.calico', 'vxlan-v6.calico',
  'wireguard.cali', 'wg-v6.cali', 'nodelocaldns',
];

/** Takes a method apart. Throws InvalidRequest. `option` is the flag it was given with. */
export function parseMethod(option: string, text: string): Method {
  if (text === FIRST_FOUND) return { kind: FIRST_FOUND };
  const equals = text.indexOf('=');
  const [kind, value] = equals < 0 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)];
  if (/[\x00-\x1f\x7f]/.test(text)) throw new InvalidRequest(`${option}: ${JSON.stringify(text)} holds a control character`);
  if (kind === 'can-reach' && value !== '') return { kind, target: value };
  if ((kind === 'interface' || kind === 'skip-interface') && value !== '') {
    const patterns = value.split(',');
    for (const pattern of patterns) {
      const problem = goRegexpProblem(pattern);
      if (problem !== undefined) throw new InvalidRequest(`${option}: ${JSON.stringify(pattern)} is not a regular expression of interface names: ${problem}`);
    }
    return { kind, patterns };
  }
  throw new InvalidRequest(`${option}: ${JSON.stringify(text)} is not a method of finding addresses`, `known: ${METHOD_WORDS.join(', ')}`);
}

/** Checks a method as the official tool does, names resolved, and returns its text. Throws InvalidRequest, CalicoError, or the reason of the signal. */
export async function checkMethod(option: string, text: string, version: Version, signal?: AbortSignal): Promise<string> {
  const method = parseMethod(option, text);
  if (method.kind === 'can-reach') await resolveTarget(option, method.target, version, signal);
  return text;
}

/** The address of the family that a name or address stands for. Throws CalicoError, or the reason of the signal. */
export async function resolveTarget(option: string, target: string, version: Version, signal?: AbortSignal): Promise<string> {
  const [{ NameError, resolveName }, { isIP }] = await Promise.all([import('../../dns/resolve.js'), import('node:net')]);
  const found = await resolveName(target, { signal }).catch((error: unknown) => {
    if (!(error instanceof NameError)) throw error;
    throw new CalicoError('failed', `${option}: can-reach=${target} cannot be resolved to an address${error.kind === 'unknown' ? '' : `: ${error.message}`}`);
  });
  const address = found.find((each) => isIP(each) === version);
  if (address === undefined) throw new CalicoError('failed', `${option}: can-reach=${target} has no IPv${version} address`);
  return address;
}

/** A way to find an address among the interfaces alone. */
export type MethodByName = Exclude<Method, { kind: 'can-reach' }>;

/**
 * Walks the interfaces as the container does: highest index first, by name, then the first global address. The expressions of
 * `interface` are tried one after the other. Where one is written so that only Go can read it, returns undefined: the container decides.
 */
export function detectByName(method: MethodByName, interfaces: readonly HostInterface[], version: Version): Detection | undefined {
  const patterns = 'patterns' in method ? method.patterns.map(goRegexp) : [];
  if (patterns.includes(undefined)) return undefined;
  const readable = patterns as readonly RegExp[];
  const rounds = method.kind === 'interface' ? readable.map((pattern) => [pattern]) : [readable];
  const walked = rounds.map((round) => walk(method, round, interfaces, version));
  const found = walked.find((round) => round.found);
  if (found !== undefined) return found;
  const passedOver = [...new Set(walked.flatMap((round) => round.passedOver))];
  return { found: false, reason: `no interface has a global IPv${version} address and a name that ${method.kind} accepts`, passedOver };
}

function walk(method: MethodByName, patterns: readonly RegExp[], interfaces: readonly HostInterface[], version: Version): Detection {
  const passedOver: string[] = [];
  for (const { name, addresses } of [...interfaces].sort((a, b) => b.index - a.index)) {
    const suits = (ip: Ip): boolean => ip.version === version && isGlobalUnicast(ip) && (method.kind !== 'cidr' || method.networks.some((network) => containsIp(network, ip)));
    const address = addresses.find((each) => suits(each.ip));
    const objection = objectionTo(name, method.kind, patterns) ?? (address === undefined ? `no global IPv${version} address${method.kind === 'cidr' ? ' in these networks' : ''}` : undefined);
    if (address !== undefined && objection === undefined) return { found: true, interface: name, address: cidrText(address), reason: REASONS[method.kind], passedOver };
    passedOver.push(`${name} (${objection})`);
  }
  return { found: false, reason: '', passedOver };
}

const REASONS = {
  'first-found': 'first-found: the interface with the highest index whose name is not excluded',
  interface: 'interface: the one with the highest index whose name matches',
  'skip-interface': 'skip-interface: the one with the highest index that neither the default nor the given names exclude',
  cidr: 'cidr: the one with the highest index that has an address in these networks and whose name is not excluded',
} as const;

/** The address from which the kernel sends to a target, and its interface. */
export function detectByRoute(target: string, source: string | undefined, interfaces: readonly HostInterface[], version: Version): Detection {
  if (source === undefined) return { found: false, reason: `the kernel has no IPv${version} route to ${target}`, passedOver: [] };
  const place = interfaceOf(source, interfaces);
  if (place === undefined) return { found: false, reason: `the kernel sends to ${target} from ${source}, which no interface has`, passedOver: [] };
  return { found: true, interface: place.interface, address: place.address, reason: `can-reach: the kernel sends to ${target} from there`, passedOver: [] };
}

/** The interface that has an address, and the address with its prefix length. */
export function interfaceOf(text: string, interfaces: readonly HostInterface[]): { readonly interface: string; readonly address: string } | undefined {
  for (const { name, addresses } of interfaces) {
    const address = addresses.find(({ ip }) => formatIp(ip) === text);
    if (address !== undefined) return { interface: name, address: cidrText(address) };
  }
  return undefined;
}

function objectionTo(name: string, kind: MethodByName['kind'], patterns: readonly RegExp[]): string | undefined {
  const matched = patterns.find((pattern) => pattern.test(name));
  if (kind === 'interface') return matched === undefined ? 'the name does not match' : undefined;
  const prefix = excludedBy(name);
  if (prefix !== undefined) return `names with ${prefix} are excluded`;
  return matched === undefined ? undefined : `the name matches ${matched.source}`;
}

/** The beginning of its name for which first-found and others leave an interface out. */
function excludedBy(name: string): string | undefined {
  return EXCLUDED.find((each) => name.startsWith(each));
}

/** Whether an interface is one of those that first-found leaves out: of containers, of tunnels, of Calico. */
export function isLeftOut(name: string): boolean {
  return excludedBy(name) !== undefined;
}

/** As Go's net.IP.IsGlobalUnicast: private addresses are global in this sense. */
function isGlobalUnicast(ip: Ip): boolean {
  return ip.version === 4 ? isGlobal4(ip) : isGlobal6(ip);
}

function isGlobal4({ value }: Ipv4): boolean {
  const first = value >>> 24;
  const isMulticast = first >= 224 && first < 240;
  const isLinkLocal = value >>> 16 === 0xa9fe;
  return value !== 0 && value !== 0xffff_ffff && first !== 127 && !isMulticast && !isLinkLocal;
}

function isGlobal6({ value }: Ipv6): boolean {
  return value > 1n && value >> 120n !== 0xffn && value >> 118n !== 0x3fan;
}

function cidrText({ ip, length }: HostAddress): string {
  return `${formatIp(ip)}/${length}`;
}
