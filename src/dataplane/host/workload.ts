import { isMap, type Data } from '../../base/data.js';
import { formatIp, parseIp, type Ip } from '../../net/address.js';
import { networks, workloadIdentity } from '../../policy/known-objects.js';
import { workloadId } from '../../policy/ids.js';
import type { StoredObject } from '../../resources/kind.js';
import type { Family } from '../desired.js';
import { macOf } from './nodes.js';
import type { HostSettings } from './settings.js';

/** What of a stored workload endpoint matters for routes and its interface. */
export interface Workload {
  /** `wep:NAMESPACE/NAME`. */
  readonly id: string;
  readonly object: StoredObject;
  readonly interfaceName: string;
  /** By which the first of several with one interface is chosen. */
  readonly identity: string;
  /** Its networks, without bits behind their lengths: where they are routed to. */
  readonly addresses: readonly { readonly family: Family; readonly destination: string; readonly address: string }[];
  /** Addresses that are translated to its own. */
  readonly floating: Workload['addresses'];
  readonly orchestrator: string;
  readonly mac: string | undefined;
  /** Whether it may send from addresses that are not its own. */
  readonly mayForge: boolean;
}

const known = new WeakMap<StoredObject, Workload | null>();

/**
 * The workload endpoints of a node for which the kernel is programmed, by interface: of several for one interface the first by
 * identity, as the policy engine has it. One without addresses does not exist (reference/policy 1), nor does one that wants to forge
 * source addresses where settings do not let it (reference/host-network 2.3).
 */
export function localWorkloads(endpoints: readonly StoredObject[], { node, workloadSourceSpoofing }: Pick<HostSettings, 'node' | 'workloadSourceSpoofing'>): ReadonlyMap<string, Workload> {
  const byInterface = new Map<string, Workload>();
  for (const object of endpoints) {
    if (object.spec['node'] !== node) continue;
    const workload = workloadOf(object);
    if (workload === undefined || workload.interfaceName === '' || (workload.mayForge && workloadSourceSpoofing !== 'Any')) continue;
    const other = byInterface.get(workload.interfaceName);
    if (other === undefined || workload.identity < other.identity) byInterface.set(workload.interfaceName, workload);
  }
  return byInterface;
}

function workloadOf(object: StoredObject): Workload | undefined {
  let workload = known.get(object);
  if (workload === undefined) known.set(object, (workload = readWorkload(object) ?? null));
  return workload ?? undefined;
}

function readWorkload(object: StoredObject): Workload | undefined {
  const { metadata: { name, namespace }, spec } = object;
  const addresses = networks(spec['ipNetworks']).map(({ address, length }) => destination(address, length));
  if (addresses.length === 0) return undefined;
  return {
    id: workloadId(name, namespace), object, addresses,
    interfaceName: text(spec, 'interfaceName'),
    identity: workloadIdentity(spec, namespace),
    floating: floatingAddresses(spec['ipNATs']),
    orchestrator: text(spec, 'orchestrator'),
    mac: macOf(spec['mac']),
    mayForge: Array.isArray(spec['allowSpoofedSourcePrefixes']) && spec['allowSpoofedSourcePrefixes'].length > 0,
  };
}

function floatingAddresses(stored: unknown): Workload['addresses'] {
  if (!Array.isArray(stored)) return [];
  return stored.filter(isMap).flatMap((nat) => {
    const external = parseIp(text(nat, 'externalIP'));
    return external === undefined ? [] : [destination(external)];
  });
}

function destination(ip: Ip, length: number = ip.version === 4 ? 32 : 128): Workload['addresses'][number] {
  const address = formatIp(ip);
  return { family: ip.version, destination: `${address}/${length}`, address };
}

function text(map: Data, name: string): string {
  const value = map[name];
  return typeof value === 'string' ? value : '';
}
