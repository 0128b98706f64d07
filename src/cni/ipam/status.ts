import { CalicoError } from '../../base/errors.js';
import { CLUSTER_KEY, clusterFacts } from '../../ipam/cluster/facts.js';
import { NODE_PREFIX, POOL_PREFIX, readablePools } from '../../ipam/cluster/resources.js';
import type { NetworkCall } from '../call.js';
import { FAILURE, Failure } from '../failure.js';
import type { PluginContext } from '../plugin.js';

/** Whether an ADD would find what it needs (reference/network-plugin 6.7). Throws Failure, code 50, where it would not. */
export async function status({ config }: NetworkCall, { store, nodeName }: PluginContext): Promise<void> {
  const node = nodeName();
  const { ranges } = await (await reached(store)).snapshot([{ key: CLUSTER_KEY }, { key: NODE_PREFIX + node }, { prefix: POOL_PREFIX }]).catch(unavailable);
  const [cluster, nodes, pools] = ranges.map((entries) => [...entries]);
  const information = cluster?.[0];
  if (information !== undefined && clusterFacts(information).locked) throw new Failure(FAILURE.unavailable, 'the datastore is locked');
  if (nodes?.length === 0) throw new Failure(FAILURE.unavailable, `there is no node ${node}: calico-node has not started here yet`);
  const enabled = readablePools(pools ?? []).pools.filter((pool) => !pool.disabled && pool.allocatable);
  const wanted = ([4, 6] as const).filter((version) => (version === 4 ? config.ipam.assignIpv4 : config.ipam.assignIpv6));
  const lacking = wanted.find((version) => !enabled.some(({ cidr }) => cidr.address.version === version));
  if (lacking !== undefined) throw new Failure(FAILURE.unavailable, `there is no enabled IPv${lacking} pool`);
}

async function reached(store: PluginContext['store']): ReturnType<PluginContext['store']> {
  return store().catch(unavailable);
}

/** A datastore that does not answer is for STATUS what it is there to tell. */
function unavailable(error: unknown): never {
  if (error instanceof CalicoError && error.meaning !== 'misconfigured') throw new Failure(FAILURE.unavailable, error.message);
  throw error;
}
