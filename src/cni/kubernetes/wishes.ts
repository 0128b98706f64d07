import { CalicoError } from '../../base/errors.js';
import type { Ip } from '../../net/address.js';
import { annotation, listed, listedAddresses, wrongAnnotation, type Annotated, type AnnotationName } from './annotations.js';

/** Which addresses a pod is to have. */
export type AddressWish =
  /** What address management chooses: from these pools (by network or name), of these families, where they are named. */
  | { readonly from: 'pools'; readonly pools4?: readonly string[]; readonly pools6?: readonly string[]; readonly families?: Families }
  /** These, one of a family at most: assigned by address management, or, with `managed` false, past it. */
  | { readonly from: 'list'; readonly addresses: readonly Ip[]; readonly managed: boolean };

/** Of which families a pod is to have addresses. */
export interface Families {
  readonly ipv4: boolean;
  readonly ipv6: boolean;
}

/** What of the network's config decides about annotations. */
export interface AnnotationSettings {
  /** `ipam.type`. */
  readonly ipam: string;
  /** `feature_control.ip_addrs_no_ipam`. */
  readonly ipAddrsNoIpam: boolean;
  /** `feature_control.floating_ips`. */
  readonly floatingIps: boolean;
}

const OWN_IPAM = 'calico-ipam';

/**
 * The addresses that a pod is to have by its annotations and those of its namespace (reference/network-plugin 30.3). Throws CalicoError:
 * `invalid-request` for an annotation that cannot be followed, `forbidden` for one that the config does not allow.
 */
export function addressWish(pod: Annotated, namespace: Annotated, settings: AnnotationSettings): AddressWish {
  const [managed, unmanaged] = (['ipAddrs', 'ipAddrsNoIpam'] as const).map((name) => annotation(pod, name) !== undefined);
  if (managed === true && unmanaged === true) throw wrongAnnotation(pod, 'ipAddrs', 'stands beside ipAddrsNoIpam', 'leave one of them out');
  const name = managed === true ? 'ipAddrs' : unmanaged === true ? 'ipAddrsNoIpam' : undefined;
  // Another address management has no pools of ours: these annotations are not meant for it.
  if (name === undefined) return settings.ipam === OWN_IPAM ? pools(pod, namespace) : { from: 'pools' };
  if (settings.ipam !== OWN_IPAM) throw notAllowed(pod, name, `needs the address management ${OWN_IPAM}, and the network's config names "${settings.ipam}"`);
  if (name === 'ipAddrsNoIpam' && !settings.ipAddrsNoIpam) throw notAllowed(pod, name, 'is not allowed by the network', 'set feature_control.ip_addrs_no_ipam to true in its config');
  return { from: 'list', addresses: oneOfAFamily(pod, name), managed: name === 'ipAddrs' };
}

/** What the pod does not say is as its namespace says. */
function pools(pod: Annotated, namespace: Annotated): AddressWish {
  const either = (name: AnnotationName): readonly string[] | undefined => listed(annotation(pod, name) === undefined ? namespace : pod, name);
  const [pools4, pools6, families] = [either('ipv4pools'), either('ipv6pools'), either('ipFamilies')];
  return {
    from: 'pools',
    ...(pools4 !== undefined && { pools4 }),
    ...(pools6 !== undefined && { pools6 }),
    ...(families !== undefined && { families: familiesOf(annotation(pod, 'ipFamilies') === undefined ? namespace : pod, families) }),
  };
}

function familiesOf(object: Annotated, names: readonly string[]): Families {
  const wrong = names.find((name) => name !== 'IPv4' && name !== 'IPv6');
  if (wrong !== undefined) throw wrongAnnotation(object, 'ipFamilies', `names "${wrong}", which is neither IPv4 nor IPv6`);
  if (names.length === 0) throw wrongAnnotation(object, 'ipFamilies', 'names no family');
  return { ipv4: names.includes('IPv4'), ipv6: names.includes('IPv6') };
}

function oneOfAFamily(pod: Annotated, name: AnnotationName): readonly Ip[] {
  const addresses = listedAddresses(pod, name);
  if (addresses.length === 0) throw wrongAnnotation(pod, name, 'names no address');
  for (const version of [4, 6] as const) {
    if (addresses.filter((ip) => ip.version === version).length > 1) throw wrongAnnotation(pod, name, `names more than one IPv${version} address: an interface has one`);
  }
  return addresses;
}

/** The addresses that are translated to the pod's, in the annotation's own words. Throws CalicoError as `addressWish` does. */
export function floatingIps(pod: Annotated, settings: AnnotationSettings): readonly string[] {
  if (annotation(pod, 'floatingIPs') === undefined) return [];
  if (!settings.floatingIps) throw notAllowed(pod, 'floatingIPs', 'is not allowed by the network', 'set feature_control.floating_ips to true in its config');
  listedAddresses(pod, 'floatingIPs');
  return listed(pod, 'floatingIPs') ?? [];
}

function notAllowed(object: Annotated, name: AnnotationName, problem: string, hint?: string): CalicoError {
  return new CalicoError('forbidden', wrongAnnotation(object, name, problem).message, { hint, subject: object.name });
}
