import { CalicoError } from '../../base/errors.js';
import { formatCidr, network, parseCidr, parseIp, type Ip } from '../../net/address.js';

/** Annotations of one object, and what messages call it: `the pod default/web`. */
export interface Annotated {
  readonly name: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/** The annotations that the plugin reads (reference/network-plugin 30.3), without their prefix. */
export type AnnotationName = 'ipv4pools' | 'ipv6pools' | 'ipFamilies' | 'ipAddrs' | 'ipAddrsNoIpam' | 'floatingIPs' | 'allowedSourcePrefixes' | 'hwAddr';

const PREFIX = 'cni.projectcalico.org/';

/** An annotation; undefined where it is not there, or empty. */
export function annotation({ annotations }: Annotated, name: AnnotationName): string | undefined {
  const key = PREFIX + name;
  return Object.hasOwn(annotations, key) && annotations[key] !== '' ? annotations[key] : undefined;
}

/** What an annotation lists, as JSON; undefined where it is not there. Throws CalicoError (`invalid-request`) where it is no list of texts. */
export function listed(object: Annotated, name: AnnotationName): readonly string[] | undefined {
  const text = annotation(object, name);
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  // JSON's null is an empty list to Go.
  if (value === null) return [];
  if (!Array.isArray(value) || !value.every((each): each is string => typeof each === 'string')) throw wrongAnnotation(object, name, 'is not a JSON list of texts', 'write it as ["FIRST", "SECOND"]');
  return value;
}

/** The addresses that an annotation lists. Throws CalicoError (`invalid-request`). */
export function listedAddresses(object: Annotated, name: AnnotationName): readonly Ip[] {
  return (listed(object, name) ?? []).map((text) => {
    const ip = parseIp(text);
    if (ip === undefined) throw wrongAnnotation(object, name, `names "${text}", which is not an IP address`);
    return ip;
  });
}

/** The networks that an annotation lists, in their canonical form. Throws CalicoError (`invalid-request`); an address without a length is none. */
export function listedNetworks(object: Annotated, name: AnnotationName): readonly string[] {
  return (listed(object, name) ?? []).map((text) => {
    const cidr = parseCidr(text);
    if (cidr === undefined) throw wrongAnnotation(object, name, `names "${text}", which is not a network such as 10.0.0.0/16`);
    return formatCidr(network(cidr));
  });
}

/** An annotation that cannot be followed. */
export function wrongAnnotation(object: Annotated, name: AnnotationName, problem: string, hint?: string): CalicoError {
  return new CalicoError('invalid-request', `${object.name}: the annotation ${PREFIX}${name} ${problem}`, { hint, subject: object.name });
}
