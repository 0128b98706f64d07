import { isMap, type Data } from '../../base/data.js';
import { CalicoError } from '../../base/errors.js';
import type { Store } from '../../datastore/store.js';
import { tunnelFields, TUNNELS, type Tunnel } from '../../ipam/cluster/owners.js';
import { assignAddress } from '../../ipam/operations/assign-address.js';
import { autoAssign } from '../../ipam/operations/auto-assign.js';
import { changeConfiguration } from '../../ipam/operations/configuration.js';
import { readAllocation, type Allocated } from '../../ipam/operations/lookup.js';
import { releaseAddresses, releaseByHandle } from '../../ipam/operations/release.js';
import type { Owner } from '../../ipam/records/block.js';
import { containsIp, formatIp, parseIp, type Ip } from '../../net/address.js';
import type { AsStored } from '../../resources/fields/field.js';
import { node, type NodeSpec } from '../../resources/v3/node.js';
import { isPassing } from '../datastore.js';
import type { AgentContext } from '../part.js';
import { read, replace } from '../startup/objects.js';
import { candidatePools, readTunnelPools, type TunnelPool } from './candidates.js';

export interface TunnelContext extends Pick<AgentContext, 'env' | 'log'> {
  readonly store: Store;
  /** The name of this node. */
  readonly name: string;
}

const ORDER: readonly Tunnel[] = ['wireguard', 'wireguardV6', 'ipip', 'vxlan', 'vxlanV6'];

/**
 * Gives this node the addresses that its tunnels need, takes those that none needs, and writes them to its Node
 * (reference/node-agent 8). Throws CalicoError where that is not possible, and Overtaken where the Node was changed meanwhile: what
 * was assigned is given back then. Killed in between, the next time finds by the handle what this one left.
 */
export async function settleTunnels(context: TunnelContext): Promise<void> {
  const { store, name, env, log } = context;
  const found = await read(store, node, name);
  if (found === undefined) throw new CalicoError('missing', `Node(${name}) does not exist: the start of the node writes it`);
  const pools = await readTunnelPools(store, log);
  let { spec } = found.object;
  const assigned: Tunnel[] = [];
  try {
    for (const tunnel of ORDER) {
      const candidates = candidatePools(tunnel, found.object, pools, env);
      const before = addressIn(spec, tunnel);
      const after = candidates.length === 0 ? await giveUp(context, tunnel, before) : await ensure(context, tunnel, before, candidates);
      if (after === before) continue;
      if (after !== undefined) assigned.push(tunnel);
      spec = withAddress(spec, tunnel, after);
      log.info(`${TUNNELS[tunnel].type} of this node is ${after ?? 'none'} now, and was ${before ?? 'none'}`);
    }
    if (spec !== found.object.spec) await replace(store, node, found, spec);
  } catch (error) {
    // Where nobody knows whether the Node was written, the address is left to the next time.
    if (!isPassing(error)) for (const tunnel of assigned) await releaseByHandle(store, ownerOf(tunnel, name).handle);
    throw error;
  }
}

function ownerOf(tunnel: Tunnel, name: string): Owner & { readonly handle: string } {
  const { handle, type } = TUNNELS[tunnel];
  return { handle: `${handle}${name}`, attributes: { node: name, type } };
}

const asMap = (value: unknown): Data => (isMap(value) ? value : {});

/** The stored address of a tunnel; empty is none. */
function addressIn(spec: AsStored<NodeSpec>, tunnel: Tunnel): string | undefined {
  const [, value] = tunnelFields(spec, asMap(spec.bgp), asMap(spec.wireguard))[tunnel];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The spec with another address of a tunnel; what would be empty without it is left out. */
function withAddress(spec: AsStored<NodeSpec>, tunnel: Tunnel, address: string | undefined): AsStored<NodeSpec> {
  const [path] = tunnelFields(spec, {}, {})[tunnel];
  const [, outer = '', inner] = path.split('.');
  if (inner === undefined) return without({ ...spec, [outer]: address });
  const part = without({ ...asMap((spec as Data)[outer]), [inner]: address });
  return without({ ...spec, [outer]: Object.keys(part).length > 0 ? part : undefined });
}

function without(data: Data): Data {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
}

/** Keeps the address where it is this node's and of one of the pools; else assigns another. */
async function ensure(context: TunnelContext, tunnel: Tunnel, before: string | undefined, pools: readonly TunnelPool[]): Promise<string> {
  const { store, name } = context;
  const owner = ownerOf(tunnel, name);
  const ip = before === undefined ? undefined : parseIp(before);
  const allocation = ip === undefined ? undefined : await readAllocation(store, ip);
  if (ip !== undefined && allocation !== undefined) {
    const isInPools = pools.some(({ cidr }) => containsIp(cidr, ip));
    if (isInPools && isOwn(allocation, owner)) return formatIp(ip);
    if (isInPools && isNobodys(allocation) && (await takeOver(context, ip, allocation, owner))) return formatIp(ip);
  }
  // What the node had without knowing it any more goes too.
  await giveUp(context, tunnel, before);
  return assign(context, tunnel, owner, pools);
}

const isOwn = ({ attribute }: Allocated, { attributes = {} }: Owner): boolean => Object.entries(attributes).every(([name, value]) => attribute?.secondary?.[name] === value);

/** Whether an address was given out without saying to whom, as to tunnels once. */
const isNobodys = ({ handle, attribute }: Allocated): boolean => handle === undefined && Object.keys(attribute?.secondary ?? {}).length === 0;

/** Assigns an address that says nothing of its owner anew, under the handle; false where somebody else was faster. */
async function takeOver({ store, name, log }: TunnelContext, ip: Ip, { sequence }: Allocated, owner: Owner): Promise<boolean> {
  await releaseAddresses(store, [{ ip, sequence }]);
  try {
    await assignAddress(store, { ip, host: name, owner, whileLocked: true });
    return true;
  } catch (error) {
    if (!(error instanceof CalicoError) || (error.meaning !== 'taken' && error.meaning !== 'missing')) throw error;
    log.warning(`${formatIp(ip)} cannot be kept: ${error.message}`);
    return false;
  }
}

async function assign({ store, name }: TunnelContext, tunnel: Tunnel, owner: Owner, pools: readonly TunnelPool[]): Promise<string> {
  const version = pools[0]!.cidr.address.version;
  const usable = pools.filter(({ allocatable }) => allocatable).map(({ cidr }) => cidr);
  if (usable.length === 0) throw new CalicoError('exhausted', `no pool for ${TUNNELS[tunnel].type} of this node gives out addresses now`);
  // Every program that assigns an address writes down by what rules, where nobody did.
  await changeConfiguration(store, {});
  const { addresses, shortage } = await autoAssign(store, { host: name, owner, version, count: 1, pools: usable, use: 'Tunnel', whileLocked: true });
  const [first] = addresses;
  if (first === undefined) throw new CalicoError('exhausted', `no address is left for ${TUNNELS[tunnel].type} of this node: ${shortage ?? ''}`);
  return formatIp(first.ip);
}

/** Gives back what the handle of a tunnel has, and the address that the Node says if it is this node's alone. */
async function giveUp({ store, name, log }: TunnelContext, tunnel: Tunnel, before: string | undefined): Promise<undefined> {
  const owner = ownerOf(tunnel, name);
  const released = await releaseByHandle(store, owner.handle);
  const ip = before === undefined ? undefined : parseIp(before);
  if (released !== undefined || ip === undefined) return undefined;
  const allocation = await readAllocation(store, ip);
  if (allocation === undefined) {
    log.warning(`${formatIp(ip)} is stored as the ${owner.attributes?.['type']} of this node, and is given out to nobody`);
    return undefined;
  }
  const { handle, sequence } = allocation;
  if (isNobodys(allocation) || handle === owner.handle) await releaseAddresses(store, [{ ip, sequence, ...(handle !== undefined && { handle }) }]);
  else log.warning(`${formatIp(ip)} was stored as the ${owner.attributes?.['type']} of this node, and was given to somebody else: it stays theirs`);
  return undefined;
}
