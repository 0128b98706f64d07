import { CalicoError } from '../base/errors.js';
import type { Sources } from '../changes/initialize.js';
import { readTarget } from '../changes/read-document.js';
import { writeTargets } from '../changes/write.js';
import type { Operation, Store } from '../datastore/store.js';
import { TRANSACTION_LIMIT } from '../datastore/store.js';
import { FileStore } from '../datastore/file/file-store.js';
import type { EntryFile } from '../datastore/file/entry-file.js';
import { autoAssign } from '../ipam/operations/auto-assign.js';
import type { Data } from '../base/data.js';
import { enclosing, formatCidr, formatIp, overlaps } from '../net/address.js';
import { readNetwork } from '../policy/stored-network.js';
import { prefixOf } from '../resources/keys.js';
import { ipPool } from '../resources/v3/ip-pool.js';
import { workloadEndpoint } from '../resources/v3/workload-endpoint.js';
import type { Target } from '../objects/target.js';
import { Problems } from '../resources/problem.js';
import type { StoredObject } from '../resources/kind.js';
import { endpointOf, NAMESPACE, NETWORK, POOL, poolOf, PROFILE, TENANT, type TenantWorkload } from './tenant.js';
import type { Encapsulation, LabPlan } from './plan.js';
import { networksIn } from './workloads.js';

/** Writes what a lab without --from begins with: its pool and the profile of its network. Throws CalicoError. */
export async function writeBasics(store: Store, { encapsulation }: LabPlan, sources: Sources): Promise<void> {
  await applyTargets(store, [poolOf('lab-ipv4', POOL, encapsulation), PROFILE].map((document) => targetOf(document, sources)), sources);
}

/** Applies resources to the lab's own store. Throws CalicoError where one of them is refused. */
export async function applyTargets(store: Store, targets: readonly Target[], sources: Sources): Promise<readonly StoredObject[]> {
  const { plan } = await writeTargets(store, 'apply', targets, { sources });
  const [refused] = plan.refused;
  if (refused !== undefined) throw new CalicoError('failed', `${refused.target.identity}: ${refused.message}`);
  return plan.steps.map(({ target }) => target.object);
}

/** The network that a pool is made of for an address that is in none. */
const POOL_LENGTHS = { 4: 24, 6: 112 } as const;

/**
 * Makes pools for workloads whose addresses are in none, where manifests hold endpoints and policies alone: BGP brings routes of pools only.
 * What overlaps with a pool that is there stays as it is.
 */
export async function addMissingPools(store: Store, encapsulation: Encapsulation, sources: Sources): Promise<void> {
  const { ranges } = await store.snapshot([workloadEndpoint, ipPool].map((kind) => ({ prefix: prefixOf(kind) })));
  const [endpoints = [], pools = []] = ranges.map((entries) => networksIn(readNetwork(entries, [workloadEndpoint, ipPool]).resources));
  const missing = endpoints.map(({ address }) => enclosing(address, POOL_LENGTHS[address.version])).filter((cidr) => !pools.some((pool) => overlaps(pool, cidr)));
  const cidrs = [...new Set(missing.map(formatCidr))];
  await applyTargets(store, cidrs.map((cidr) => targetOf(poolOf(`lab-${cidr.replaceAll(/[.:/]+/g, '-')}`, cidr, encapsulation), sources)), sources);
}

/** Copies all that a file holds into an empty store. */
export async function copyFile(file: EntryFile, store: Store): Promise<void> {
  let batch: Operation[] = [];
  const flush = async (): Promise<void> => {
    if (batch.length > 0) await store.commit(batch);
    batch = [];
  };
  let bytes = 0;
  for await (const { entries } of new FileStore(file).list('')) {
    for (const { key, value, bytes: exact } of entries) {
      const size = Buffer.byteLength(key) + Buffer.byteLength(value);
      if (batch.length === TRANSACTION_LIMIT.operations || bytes + size > TRANSACTION_LIMIT.bytes) {
        await flush();
        bytes = 0;
      }
      bytes += size;
      batch.push({ action: 'put', key, value, expect: '0', ...(exact && { bytes: exact }) });
    }
  }
  await flush();
}

/** Gives a workload of the tenant an address of its host's blocks, one of each family that is asked for, and writes its endpoint, as the network plugin does. Throws CalicoError. */
export async function addWorkload(store: Store, workload: TenantWorkload, { host, number, sources, families = [4] }: { readonly host: string; readonly number: number; readonly sources: Sources; readonly families?: readonly (4 | 6)[] }): Promise<readonly StoredObject[]> {
  const handle = `${NETWORK}.${workload.name}`;
  const attributes = { namespace: NAMESPACE, node: host, pod: workload.name, timestamp: sources.now().toISOString() };
  const given: string[] = [];
  for (const version of families) {
    const { addresses: [address], shortage } = await autoAssign(store, { host, version, count: 1, owner: { handle, attributes } });
    if (address === undefined) throw new CalicoError('exhausted', `${workload.name} gets no IPv${version} address: ${shortage ?? 'there is none'}`);
    given.push(formatIp(address.ip));
  }
  const mac = `02:00:00:00:00:${(15 + number).toString(16).padStart(2, '0')}`;
  return applyTargets(store, [targetOf(endpointOf(workload, host, given, mac), sources)], sources);
}

/** Which host each workload of the tenant is on: one after the other, so that most flows leave their host. */
export function placed(hosts: readonly { readonly name: string }[]): readonly { readonly workload: TenantWorkload; readonly host: string }[] {
  return TENANT.map((workload, at) => ({ workload, host: hosts[at % hosts.length]!.name }));
}

function targetOf(document: object, { uuid }: Sources): Target {
  const problems = new Problems();
  const raw = document as Data;
  const target = readTarget({ apiVersion: String(raw['apiVersion']), kind: String(raw['kind']), raw }, problems, { verb: 'apply', uuid });
  if (target === undefined || problems.failed) throw new Error(`a document of the lab itself is wrong: ${problems.list.map(({ message }) => message).join('; ')}`);
  return target;
}
