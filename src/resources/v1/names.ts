import { createRequire } from 'node:module';
import { formatIp, parseIp } from '../../net/address.js';
import { NAMESPACE_LABEL } from '../field-labels.js';

const PLAIN = /^[a-z0-9]+(-+[a-z0-9]+)*$/;

/** Lower case, "/" as ".", and nothing but letters, digits and single separators (reference/storage 4.1, `normalize`). */
function normalized(name: string): string {
  if (PLAIN.test(name)) return name;
  return name
    .toLowerCase()
    .replaceAll('/', '.')
    .replace(/[^-.a-z0-9]+/g, '-')
    .replace(/[.-]*\.[.-]*/g, '.')
    .replace(/^[.-]+|[.-]+$/g, '');
}

/** Texts that can be the v3 name of an object, and are neither an address nor a network. */
export const NAME_NOT_ADDRESS = /^(?=.*[a-z-])[a-z0-9][a-z0-9.-]*$/;

let cryptography: typeof import('node:crypto') | undefined;

/** A name with what tells it from others that look alike, where it had to be changed (reference/storage 4.1, `qualify`). */
function qualified(original: string, changed: string): string {
  if (changed === original) return changed;
  // Loading the cryptography takes longer than reading a small manifest, and few names need it.
  cryptography ??= createRequire(import.meta.url)('node:crypto') as typeof import('node:crypto');
  return `${changed}-${cryptography.hash('sha1', original).slice(0, 8)}`;
}

/** The v3 name for a classic name. Names of punctuation only become `-` and a hash, which v3 refuses (reference/storage 4.1). */
export function storedName(name: string): string {
  return qualified(name, normalized(name));
}

/** The v3 name for the classic name of a policy: like storedName, without dots. */
export function storedNameWithoutDots(name: string): string {
  return qualified(name, normalized(name).replaceAll('.', '-'));
}

/** The v3 name of a node. It has no hash: two classic names may become one. */
export function storedNodeName(name: string): string {
  return normalized(name);
}

const CLASSIC_NAMESPACE_PROFILE = 'k8s_ns.';
export const NAMESPACE_PROFILE = 'kns.';

/** The v3 name of a profile. */
export function storedProfileName(name: string): string {
  if (!name.startsWith(CLASSIC_NAMESPACE_PROFILE)) return storedName(name);
  return storedName(NAMESPACE_PROFILE + name.slice(CLASSIC_NAMESPACE_PROFILE.length));
}

/** The classic name of a profile that is stored under a name. */
export function classicProfileName(name: string): string {
  return name.startsWith(NAMESPACE_PROFILE) ? CLASSIC_NAMESPACE_PROFILE + name.slice(NAMESPACE_PROFILE.length) : name;
}

/** An address as part of a name: `10-0-0-1`, or the eight groups of an IPv6 address in full (reference/storage 4.1). */
export function addressName(text: string): string {
  const ip = parseIp(text);
  if (ip === undefined) return text;
  if (ip.version === 4) return formatIp(ip).replaceAll('.', '-');
  return (ip.value.toString(16).padStart(32, '0').match(/.{4}/g) ?? []).join('-');
}

/** The name of a pool that is called after its network: `10-0-0-0-24` (reference/storage 1.7). */
export function poolName(cidr: string): string {
  return cidr.replace(/[.:/]/g, '-');
}

const CLASSIC_NAMESPACE_LABEL = 'calico/k8s_ns';

/** Whether two classic node names mean the same node: Calico 3 knows nodes by their converted names only. */
export function sameNode(left: string, right: string): boolean {
  return left === right || normalized(left) === normalized(right);
}

/** The key that a label has in v3. */
export function storedLabelKey(key: string): string {
  return key === CLASSIC_NAMESPACE_LABEL ? NAMESPACE_LABEL : key;
}

/** The key that a label has in v1. */
export function classicLabelKey(key: string): string {
  return key === NAMESPACE_LABEL ? CLASSIC_NAMESPACE_LABEL : key;
}

/** A selector in v3's words. The label is renamed wherever its text occurs, as Calico's converter does (reference/storage 4.1). */
export function storedSelector(selector: string): string {
  return selector.includes(CLASSIC_NAMESPACE_LABEL) ? selector.replaceAll(CLASSIC_NAMESPACE_LABEL, NAMESPACE_LABEL) : selector;
}

/** A selector in v1's words. */
export function classicSelector(selector: string): string {
  return selector.includes(NAMESPACE_LABEL) ? selector.replaceAll(NAMESPACE_LABEL, CLASSIC_NAMESPACE_LABEL) : selector;
}
