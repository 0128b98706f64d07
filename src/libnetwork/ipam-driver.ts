import type { Data } from '../base/data.js';
import { CalicoError } from '../base/errors.js';
import { dockerHandle } from '../ipam/cluster/owners.js';
import { autoAssign } from '../ipam/operations/auto-assign.js';
import { assignAddress } from '../ipam/operations/assign-address.js';
import { readPools } from '../ipam/operations/locate.js';
import { readAllocation } from '../ipam/operations/lookup.js';
import { releaseAddresses } from '../ipam/operations/release.js';
import type { Store } from '../datastore/store.js';
import { formatCidr, formatIp, network, parseCidr, type Cidr, type Ip } from '../net/address.js';
import type { DriverContext } from './context.js';
import { ownerOn } from './owner.js';
import type { PluginInterface } from './plugin-server.js';
import { address, map, text } from './request.js';

/** The spaces of addresses that the engine is told of: every network takes its addresses from Calico's pools. */
const SPACES = { LocalDefaultAddressSpace: 'CalicoLocalAddressSpace', GlobalDefaultAddressSpace: 'CalicoGlobalAddressSpace' } as const;

/** What a network without subnets has for a pool, by family: any of Calico's. */
const ANY_POOL = {
  4: { id: 'CalicoPoolIPv4', cidr: '0.0.0.0/0' },
  6: { id: 'CalicoPoolIPv6', cidr: '::/0' },
} as const;

const GATEWAY = 'com.docker.network.gateway';

/** Docker's IPAM driver `calico-ipam` (reference/libnetwork 3). */
export function ipamDriver(context: DriverContext): PluginInterface {
  return {
    name: 'IpamDriver',
    methods: {
      GetCapabilities: () => ({ RequiresMACAddress: false, RequiresRequestReplay: false }),
      GetDefaultAddressSpaces: () => SPACES,
      RequestPool: (request) => requestPool(context, request),
      ReleasePool: () => ({}),
      RequestAddress: (request) => requestAddress(context, request),
      ReleaseAddress: (request) => releaseAddress(context, request),
      DiscoverNew: () => ({}),
      DiscoverDelete: () => ({}),
    },
  };
}

/** A network of the engine names a pool of Calico, or leaves it to Calico. */
async function requestPool({ withStore }: DriverContext, request: Data): Promise<object> {
  if (text(request, 'SubPool') !== '') {
    throw invalid('Calico IPAM does not support sub pool configuration on \'docker create network\'. Calico IP Pools should be configured first and IP assignment is from those pre-configured pools.');
  }
  if (Object.keys(map(request, 'Options')).length > 0) throw invalid('Arbitrary options are not supported');
  const asked = text(request, 'Pool');
  const any = ANY_POOL[request['V6'] === true ? 6 : 4];
  if (asked === '') return pool(any.id, any.cidr, any.cidr);
  const parsed = parseCidr(asked);
  if (parsed === undefined) throw invalid('Invalid CIDR');
  const cidr = network(parsed);
  const pools = await withStore(readPools);
  if (!pools.some((each) => formatCidr(each.cidr) === formatCidr(cidr))) throw new CalicoError('missing', 'The requested subnet must match the CIDR of a configured Calico IP Pool.', { subject: formatCidr(cidr) });
  return pool(formatCidr(cidr), formatCidr(cidr), ANY_POOL[cidr.address.version].cidr);
}

/** The gateway is there so that the engine does not ask for one: the gateway of every container is its host. */
function pool(id: string, cidr: string, gateway: string): object {
  return { PoolID: id, Pool: cidr, Data: { [GATEWAY]: gateway } };
}

async function requestAddress({ withStore, node, sources }: DriverContext, request: Data): Promise<object> {
  if (map(request, 'Options')['RequestAddressType'] === GATEWAY) throw invalid('Calico IPAM does not support specifying a gateway.');
  const wanted = address(text(request, 'Address'));
  const owner = ownerOn(node, sources.now());
  const ip = await withStore(async (store) => (wanted === undefined ? anyAddress(store, text(request, 'PoolID'), { host: node, owner }) : (await assignAddress(store, { ip: wanted, host: node, owner })).ip));
  return { Address: `${formatIp(ip)}/${ip.version === 4 ? 32 : 128}`, Data: {} };
}

async function anyAddress(store: Store, poolId: string, whose: Pick<Parameters<typeof autoAssign>[1], 'host' | 'owner'>): Promise<Ip> {
  const { version, pools } = await poolsOf(store, poolId);
  const { addresses: [assigned], shortage } = await autoAssign(store, { ...whose, version, count: 1, ...(pools !== undefined && { pools }) });
  if (assigned === undefined) throw new CalicoError('exhausted', `no IPv${version} address can be assigned: ${shortage ?? 'there is none'}`);
  return assigned.ip;
}

/** The pools that an id stands for; undefined where any will do. Throws CalicoError where the pool is gone. */
async function poolsOf(store: Store, poolId: string): Promise<{ readonly version: 4 | 6; readonly pools?: readonly Cidr[] }> {
  for (const version of [4, 6] as const) if (poolId === ANY_POOL[version].id) return { version };
  const cidr = parseCidr(poolId);
  if (cidr === undefined) throw invalid(`Invalid CIDR - ${JSON.stringify(poolId)}`);
  const isThere = (await readPools(store)).some((each) => formatCidr(each.cidr) === formatCidr(cidr));
  if (!isThere) throw new CalicoError('missing', 'The network references a Calico pool which has been deleted. Please re-instate the Calico pool before using the network.', { subject: poolId });
  return { version: cidr.address.version, pools: [cidr] };
}

/**
 * What the engine gives back is released if it is this host's: engines remember addresses, and one that came back from a backup may
 * name those that somebody else has by now. Addresses of Calico 2 have no handle.
 */
async function releaseAddress({ withStore, node, log }: DriverContext, request: Data): Promise<object> {
  const ip = address(text(request, 'Address'));
  // The gateway that no network has.
  if (ip === undefined || BigInt(ip.value) === 0n) return {};
  await withStore(async (store) => {
    const allocation = await readAllocation(store, ip);
    if (allocation === undefined) return;
    if (allocation.handle !== undefined && allocation.handle !== dockerHandle(node)) return log.warning(`${formatIp(ip)} is not released: it belongs to handle ${allocation.handle}`);
    const [answer] = await releaseAddresses(store, [{ ip, handle: allocation.handle, sequence: allocation.sequence }]);
    if (answer?.outcome === 'refused') throw new CalicoError('changed', `${formatIp(ip)} is not released: ${answer.reason ?? ''}`);
  });
  return {};
}

function invalid(message: string): CalicoError {
  return new CalicoError('invalid-request', message);
}
