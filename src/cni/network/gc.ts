import type { Found } from '../../changes/stored-object.js';
import { foundIn } from '../../changes/stored-object.js';
import { CLUSTER_KEY, clusterFacts, LockedError } from '../../ipam/cluster/facts.js';
import { handleKey } from '../../ipam/records/keys.js';
import type { Store } from '../../datastore/store.js';
import { HERE, isInterface } from '../../host/workload/side.js';
import { prefixOf } from '../../resources/keys.js';
import { workloadEndpoint } from '../../resources/v3/workload-endpoint.js';
import type { NetworkCall } from '../call.js';
import { FAILURE, Failure } from '../failure.js';
import type { PluginContext } from '../plugin.js';
import { withAnyNetworks } from './addresses.js';
import { requireNode } from './attachment.js';
import { addressManagement } from './delegate.js';
import { hostInterfaceName } from './identity.js';
import { removeFound } from './objects.js';

/**
 * Takes away what belongs to attachments that are not there any more (reference/network-plugin 13.3): endpoints of this network on this node, with their
 * interfaces, then addresses. The runtime sees to it that there is no ADD meanwhile.
 */
export async function gc(call: NetworkCall, context: PluginContext): Promise<void> {
  const { validAttachments: valid } = call.config;
  if (valid === undefined) throw new Failure(FAILURE.invalidConfig, 'cni.dev/valid-attachments is missing: it is not known which containers are there');
  requireNode(call.config, FAILURE.tryAgain);
  const store = await context.store();
  await refuseLocked(store);
  // A container has one endpoint, whatever its interfaces are called in its networks.
  const attached = new Set(valid.map(({ containerId }) => containerId));
  const all = await endpointsOf(store, context);
  const gone = await ofNetwork(store, call.config.name, all.filter(({ object: { spec } }) => !attached.has(String(spec['containerID']))));
  // Of two containers whose ids begin alike, the interface is the one's that is there (reference/network-plugin 1.1).
  const inUse = new Set(all.filter((each) => !gone.includes(each)).map(({ object: { spec } }) => spec['interfaceName']));
  for (const found of gone) await collect(store, found, inUse, context);
  const own = withAnyNetworks(call);
  await addressManagement(own).gc(own, context);
}

async function refuseLocked(store: Store): Promise<void> {
  const cluster = await store.get(CLUSTER_KEY);
  if (cluster !== undefined && clusterFacts(cluster).locked) throw new LockedError('nothing was taken away');
}

/** The endpoints that this plugin, or the official one, made on this node. One that cannot be read is left alone. */
async function endpointsOf(store: Store, { nodeName, log }: PluginContext): Promise<readonly Found[]> {
  const node = nodeName();
  const found: Found[] = [];
  for await (const { entries } of store.list(prefixOf(workloadEndpoint))) {
    for (const entry of entries) {
      try {
        const each = foundIn(workloadEndpoint, entry);
        const { spec } = each.object;
        if (spec['node'] === node && ['k8s', 'cni'].includes(String(spec['orchestrator'])) && typeof spec['containerID'] === 'string' && spec['containerID'] !== '') found.push(each);
      } catch (error) {
        log.warning((error as Error).message);
      }
    }
  }
  return found;
}

/** Those that are in a network: by its profile, or, where Kubernetes says what profiles there are, by the handle of their addresses. */
async function ofNetwork(store: Store, network: string, endpoints: readonly Found[]): Promise<readonly Found[]> {
  const own: Found[] = [];
  for (const found of endpoints) {
    const { profiles, containerID, interfaceName } = found.object.spec;
    const named: readonly unknown[] = Array.isArray(profiles) ? profiles : [];
    // Of several networks that a container was added to, this one alone knows it no more.
    if (named.includes(network) && named.length > 1 && isInterface(String(interfaceName))) continue;
    if (named.includes(network) || (await store.get(handleKey(`${network}.${String(containerID)}`))) !== undefined) own.push(found);
  }
  return own;
}

async function collect(store: Store, found: Found, inUse: ReadonlySet<unknown>, { log, env }: PluginContext): Promise<void> {
  const { metadata: { name, namespace = 'default' }, spec } = found.object;
  const { interfaceName, containerID, node, pod } = spec;
  const workload = { node: String(node), namespace, containerId: String(containerID), pod: typeof pod === 'string' && pod !== '' ? pod : undefined };
  // Whatever an endpoint says, nothing is removed but what has the name that follows from it.
  if (interfaceName === hostInterfaceName(workload, env['FELIX_INTERFACEPREFIX']) && !inUse.has(interfaceName)) await HERE.remove(interfaceName);
  // What somebody changes meanwhile is in use after all.
  if (await removeFound(store, found)) log.info(`deleted the endpoint ${name} in ${namespace}: its container is gone`);
}
