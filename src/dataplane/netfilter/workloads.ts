import { isMap } from '../../base/data.js';
import { formatIp, parseCidrOrIp } from '../../net/address.js';
import { texts } from '../../policy/known-objects.js';
import type { StoredObject } from '../../resources/kind.js';
import { dscpNumber } from '../../resources/v3/felix-types.js';
import type { Family } from '../desired.js';
import type { ServiceClass } from './mangle.js';
import type { FloatingAddress } from './nat.js';
import type { RawFacts } from './raw.js';
import type { LocalEndpoint } from './state/local.js';
import { nameOf } from './state/changed-objects.js';
import type { Terms } from './terms.js';

/** What the chains that are always there say of single workloads. */
export interface WorkloadRules {
  readonly spoofed: RawFacts['spoofed'];
  readonly floating: readonly FloatingAddress[];
  readonly classes: readonly ServiceClass[];
}

/** Reads it from the workloads of a host, for one family. */
export function workloadRules({ settings }: Terms, workloads: readonly LocalEndpoint[], family: Family): WorkloadRules {
  const isOwn = (net: string): boolean => parseCidrOrIp(net)?.address.version === family;
  const mayFloat = ({ object: { spec } }: LocalEndpoint): boolean => settings.floatingIPs === 'Enabled' || spec['orchestrator'] === 'openstack';
  return {
    spoofed: settings.workloadSourceSpoofing !== 'Any' ? [] : workloads.flatMap(({ endpoint: { interfaceName }, object: { spec } }) =>
      texts(spec['allowSpoofedSourcePrefixes']).filter(isOwn).map((net) => ({ interfaceName, net }))),
    floating: workloads.filter(mayFloat).flatMap(({ object: { spec } }) => floatingOf(spec['ipNATs'])).filter(({ external, internal }) => isOwn(external) && isOwn(internal)),
    classes: workloads.flatMap((local) => classesOf(local, family)).sort((left, right) => (left.address < right.address ? -1 : 1)),
  };
}

function floatingOf(stored: unknown): readonly FloatingAddress[] {
  return (Array.isArray(stored) ? stored : []).filter(isMap).flatMap(({ internalIP, externalIP }) =>
    (typeof internalIP === 'string' && typeof externalIP === 'string' ? [{ internal: internalIP, external: externalIP }] : []));
}

function classesOf({ endpoint, object: { spec: { qosControls } } }: LocalEndpoint, family: Family): readonly ServiceClass[] {
  const dscp = isMap(qosControls) ? dscpNumber(qosControls['dscp']) : undefined;
  if (dscp === undefined) return [];
  return endpoint.nets.filter(({ address }) => address.version === family).map(({ address }) => ({ address: formatIp(address), dscp }));
}

/** Felix takes an endpoint for absent, everywhere, that asks to send from other addresses where the settings do not allow it (reference/netfilter 7). */
export function mayBeEnforced({ workloadSourceSpoofing }: Terms['settings'], object: StoredObject, warn: (text: string) => void): boolean {
  if (object.kind !== 'WorkloadEndpoint' || workloadSourceSpoofing === 'Any' || texts(object.spec['allowSpoofedSourcePrefixes']).length === 0) return true;
  warn(`${nameOf(object)} is left out: it has allowSpoofedSourcePrefixes, and the setting workloadSourceSpoofing does not allow them`);
  return false;
}
