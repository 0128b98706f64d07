import { CalicoError } from '../../base/errors.js';
import { CLUSTER_KEY, clusterFacts, LockedError, noCluster } from '../../ipam/cluster/facts.js';
import type { NetworkCall } from '../call.js';
import { FAILURE, Failure } from '../failure.js';
import type { PluginContext } from '../plugin.js';
import { withAnyNetworks } from './addresses.js';
import { requireNode } from './attachment.js';
import { addressManagement } from './delegate.js';
import { checkGates } from './gates.js';

/** Whether an ADD would go well (reference/network-plugin 13.4). Throws Failure, code 50 or 51, where it would not. */
export async function status(call: NetworkCall, context: PluginContext): Promise<void> {
  requireNode(call.config, FAILURE.unavailable);
  await requireDatastore(context);
  await checkGates(call.config.readinessGates, context);
  const own = withAnyNetworks(call);
  await addressManagement(own).status(own, context);
}

async function requireDatastore(context: PluginContext): Promise<void> {
  try {
    const cluster = await (await context.store()).get(CLUSTER_KEY);
    if (cluster === undefined) throw noCluster();
    if (clusterFacts(cluster).locked) throw new LockedError('no container gets an interface');
  } catch (error) {
    // A configuration that leads nowhere is the administrator's to change: waiting does not help.
    if (!(error instanceof CalicoError) || error.meaning === 'misconfigured') throw error;
    throw new Failure(FAILURE.unavailable, error.message);
  }
}
