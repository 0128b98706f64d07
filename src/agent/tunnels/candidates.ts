import { isMap } from '../../base/data.js';
import { decodePool, POOL_PREFIX, selects, type Pool } from '../../ipam/cluster/resources.js';
import type { Tunnel } from '../../ipam/cluster/owners.js';
import { isUnreadable } from '../../ipam/records/block-codec.js';
import type { Store } from '../../datastore/store.js';
import type { StoredObject } from '../../resources/kind.js';
import { bool } from '../../resources/felix/forms.js';
import { decodeStored, isCorrupt } from '../../resources/stored-value.js';
import { ipPool } from '../../resources/v3/ip-pool.js';
import type { NodeSpec } from '../../resources/v3/node.js';
import type { Version } from '../../host/addresses/autodetect.js';
import type { AgentContext } from '../part.js';

/** A pool, and in which modes it is. */
export interface TunnelPool extends Pool {
  readonly ipipMode: unknown;
  readonly vxlanMode: unknown;
}

/** The family of a tunnel, and by what a pool needs it; WireGuard is for every pool. */
const NEEDS: Readonly<Record<Tunnel, { readonly version: Version; readonly mode?: 'ipipMode' | 'vxlanMode' }>> = {
  wireguard: { version: 4 },
  wireguardV6: { version: 6 },
  ipip: { version: 4, mode: 'ipipMode' },
  vxlan: { version: 4, mode: 'vxlanMode' },
  vxlanV6: { version: 6, mode: 'vxlanMode' },
};

/** Reads the pools, in order of name; what is told of one that cannot be read. */
export async function readTunnelPools(store: Store, log: AgentContext['log']): Promise<TunnelPool[]> {
  const pools: TunnelPool[] = [];
  for await (const { entries } of store.list(POOL_PREFIX)) {
    for (const entry of entries) {
      const [pool, object] = [decodePool(entry), decodeStored(ipPool, entry)];
      if (isUnreadable(pool) || isCorrupt(object)) log.warning(`${entry.key} cannot be read, and does not count: ${isUnreadable(pool) ? pool.problem : ''}`);
      else if (object.metadata['deletionTimestamp'] === undefined) pools.push({ ...pool, ipipMode: object.spec.ipipMode, vxlanMode: object.spec.vxlanMode });
    }
  }
  return pools;
}

/** The pools of which the address of a tunnel of this node may be (reference/node-agent 8); without any the node needs no such address. */
export function candidatePools(tunnel: Tunnel, node: StoredObject<NodeSpec>, pools: readonly TunnelPool[], env: AgentContext['env']): TunnelPool[] {
  const { version, mode } = NEEDS[tunnel];
  if (mode === undefined && !runsWireguard(version, node, env)) return [];
  const labels = node.metadata.labels ?? {};
  return pools.filter((pool) => {
    if (pool.cidr.address.version !== version || pool.disabled || !pool.allowedUses.includes('Tunnel')) return false;
    return selects(pool.nodeSelector, labels) && (mode === undefined || pool[mode] === 'Always' || pool[mode] === 'CrossSubnet');
  });
}

/** Felix writes its public key to the node once WireGuard runs. With host encryption its device has the node's own address. */
function runsWireguard(version: Version, { status }: StoredObject<NodeSpec>, env: AgentContext['env']): boolean {
  const key = isMap(status) ? (status)[version === 4 ? 'wireguardPublicKey' : 'wireguardPublicKeyV6'] : undefined;
  const setting = Object.entries(env).find(([name]) => name.toUpperCase() === 'FELIX_WIREGUARDHOSTENCRYPTIONENABLED')?.[1];
  return typeof key === 'string' && key !== '' && bool(setting ?? '') !== true;
}
