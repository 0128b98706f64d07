import type { Store } from '../datastore/store.js';
import type { TunnelUse } from '../host/kernel/modules.js';
import { prefixOf } from '../resources/keys.js';
import { decodeStored, isCorrupt } from '../resources/stored-value.js';
import { ipPool } from '../resources/v3/ip-pool.js';

/** Which pools use a tunnel. Throws DatastoreError. */
export async function readTunnelUse(store: Store): Promise<TunnelUse> {
  const use = { ipip: [] as string[], vxlan: [] as string[] };
  for await (const { entries } of store.list(prefixOf(ipPool))) {
    for (const entry of entries) {
      const pool = decodeStored(ipPool, entry);
      if (isCorrupt(pool)) continue;
      if (usesTunnel(pool.spec.ipipMode)) use.ipip.push(pool.metadata.name);
      if (usesTunnel(pool.spec.vxlanMode)) use.vxlan.push(pool.metadata.name);
    }
  }
  return use;
}

function usesTunnel(mode: unknown): boolean {
  return mode === 'Always' || mode === 'CrossSubnet';
}
