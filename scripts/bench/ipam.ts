import { connect } from '../../src/datastore/etcd/connect.js';
import { loadIpamStore } from './ipam-store.js';
import { measure } from './measure.js';
import type { Place, Row } from './rows.js';

const MEMORY_MB = 500;

/** The rows of issue 4, on a store of 2,000 nodes, 10,000 blocks and 300,000 addresses; the first that runs loads it. */
export const IPAM_ROWS: readonly Row[] = [row('ipam show', 45, '50', ['show']), row('ipam show --show-blocks', 55, '65', ['show', '--show-blocks']), row('ipam check', 180, '600', ['check'])];

let loadedIn: Place | undefined;

function row(work: string, limit: number, official: string, args: readonly string[]): Row {
  return {
    work, limit, official, memoryLimit: MEMORY_MB,
    measure: async (place) => {
      if (loadedIn !== place) await load(place);
      loadedIn = place;
      return measure(place.rounds, () => place.calicoctl('ipam', ...args, '--timeout=60s'));
    },
  };
}

async function load(place: Place): Promise<void> {
  const { endpoint } = await place.freshEtcd();
  const store = await connect({ endpoints: [endpoint], endpointsOrigin: 'the bench' }, { timeoutMs: 600_000 });
  await loadIpamStore(store).finally(() => store.close());
}
