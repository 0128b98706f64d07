import { findNamed } from '../insight/find-named.js';
import type { WantedEnd } from '../insight/wanted-end.js';
import type { Namespaces } from '../host/namespaces/namespaces.js';
import type { Dialect, StoredObject } from '../resources/kind.js';
import type { Lab } from './lab.js';
import { bridgeAddresses, OUTSIDE } from './plan.js';
import { parseIp } from '../net/address.js';
import { workloadOf } from './workloads.js';

/** The host that a word names, alone or as host/NAME; undefined where it is something else. */
export function hostNamed(lab: Lab, word: string): string | undefined {
  const name = word.replace(/^(?:host|node)\//i, '');
  return lab.plan.hosts.some((host) => host.name === name) ? name : undefined;
}

/** What a word means as an end of a flow in a lab: its hosts and the outside have names of their own. */
export function endInLab(lab: Lab, word: string, read: (word: string) => WantedEnd): WantedEnd {
  if (word === OUTSIDE) return { word, by: 'address', ip: parseIp(bridgeAddresses(lab.plan).ipv4)! };
  const host = hostNamed(lab, word);
  return host === undefined ? read(word) : { word, by: 'host', name: host };
}

/** Where a command is to be run that is said to be on a host, in a workload, or outside. Throws CalicoError where there is no such place. */
export function placeNamed(lab: Lab, wanted: WantedEnd, resources: readonly StoredObject[], dialect: Dialect): Namespaces {
  if (wanted.by === 'address' && wanted.word === OUTSIDE) return lab.outside;
  if (wanted.by === 'host') return lab.host(wanted.name);
  if (wanted.by !== 'name' && wanted.by !== 'reference') return findPlace(lab, { word: wanted.word, by: 'name' }, resources, dialect);
  return findPlace(lab, wanted, resources, dialect);
}

function findPlace(lab: Lab, wanted: Extract<WantedEnd, { readonly by: 'name' | 'reference' }>, resources: readonly StoredObject[], dialect: Dialect): Namespaces {
  const object = findNamed(wanted, resources, dialect, WORKLOADS);
  const { host, interfaceName } = workloadOf(object);
  return lab.workload(host, interfaceName);
}

const WORKLOADS = { kinds: ['WorkloadEndpoint'], hint: 'write the name of a host or of a workload', none: 'no workload' };

/** The host that a word names. Throws CalicoError where there is no such host. */
export function hostName(lab: Lab, word: string): string {
  return hostNamed(lab, word) ?? lab.hostState(word).name;
}
