import { readBlockCidrs } from '../ipam/operations/locate.js';
import { parseAffinityKey, AFFINITY_PREFIXES } from '../ipam/records/keys.js';
import { containsCidr, containsIp, formatCidr, formatIp, parseCidr, parseCidrOrIp, type Cidr, type Ip } from '../net/address.js';
import type { StoredObject } from '../resources/kind.js';
import { ipPool, type IpPoolSpec } from '../resources/v3/ip-pool.js';
import { workloadEndpoint, type WorkloadEndpointSpec } from '../resources/v3/workload-endpoint.js';
import { hostEndpoint, type HostEndpointSpec } from '../resources/v3/host-endpoint.js';
import { related, type Fact, type Related } from './relation.js';
import type { World } from './world.js';

/** The addresses of an endpoint, of either kind. */
export function addressesOf({ spec }: StoredObject<WorkloadEndpointSpec & HostEndpointSpec>): readonly Ip[] {
  const texts = [spec.ipNetworks, spec.expectedIPs].flatMap((list) => (Array.isArray(list) ? (list as readonly unknown[]) : []));
  return texts.flatMap((text) => (typeof text === 'string' ? (parseCidrOrIp(text)?.address ?? []) : []));
}

/** The pools that hold addresses, each with the addresses. */
export async function poolsOf(world: World, addresses: readonly Ip[]): Promise<readonly Related[]> {
  return (await world.objects(ipPool)).flatMap((pool) => {
    const cidr = networkOf(pool);
    const inside = cidr === undefined ? [] : addresses.filter((address) => containsIp(cidr, address));
    return inside.length === 0 ? [] : [related(ipPool, pool, inside.map(formatIp).join(', '))];
  });
}

/** The blocks that hold addresses, each with the node that has claimed it. */
export async function blocksOf(world: World, addresses: readonly Ip[]): Promise<readonly Fact[]> {
  if (addresses.length === 0) return [];
  const owners = await blockOwners(world);
  return [...(await readBlockCidrs(world.store)).values()].flatMap((block) => {
    const inside = addresses.filter((address) => containsIp(block, address));
    return inside.length === 0 ? [] : [{ text: `${blockText(block, owners)}: ${inside.map(formatIp).join(', ')}` }];
  });
}

/** The blocks of a pool, each with the node that has claimed it. */
export async function blocksIn(world: World, pool: StoredObject): Promise<readonly Fact[]> {
  const cidr = networkOf(pool);
  if (cidr === undefined) return [];
  const owners = await blockOwners(world);
  return [...(await readBlockCidrs(world.store)).values()].filter((block) => containsCidr(cidr, block)).map((block) => ({ text: blockText(block, owners) }));
}

/** The blocks that a node has claimed. */
export async function blocksClaimedBy(world: World, node: string): Promise<readonly Fact[]> {
  return [...(await blockOwners(world))].filter(([, owner]) => owner === `host ${node}`).map(([block]) => ({ text: block }));
}

/** The endpoints that have an address of a pool. */
export async function endpointsIn(world: World, pool: StoredObject): Promise<readonly Related[]> {
  const cidr = networkOf(pool);
  if (cidr === undefined) return [];
  const found = [workloadEndpoint, hostEndpoint].map(async (kind) =>
    (await world.objects(kind)).flatMap((endpoint) => {
      const inside = addressesOf(endpoint).filter((address) => containsIp(cidr, address));
      return inside.length === 0 ? [] : [related(kind, endpoint, inside.map(formatIp).join(', '))];
    }));
  return (await Promise.all(found)).flat();
}

function networkOf({ spec }: StoredObject<IpPoolSpec>): Cidr | undefined {
  return typeof spec.cidr === 'string' ? parseCidr(spec.cidr) : undefined;
}

function blockText(block: Cidr, owners: ReadonlyMap<string, string>): string {
  const text = formatCidr(block);
  const owner = owners.get(text);
  return owner === undefined ? `${text} (claimed by nobody)` : `${text} (claimed by ${owner})`;
}

/** Who has claimed each block, by its network: `host n1`. */
async function blockOwners(world: World): Promise<ReadonlyMap<string, string>> {
  const { ranges } = await world.store.snapshot(AFFINITY_PREFIXES.map((prefix) => ({ prefix, keysOnly: true })));
  const affinities = ranges.flat().flatMap(({ key }) => parseAffinityKey(key) ?? []);
  return new Map(affinities.map(({ claimant: { type, name }, cidr }) => [formatCidr(cidr), `${type} ${name}`]));
}
