import type { Store } from '../../datastore/store.js';
import { addressesOfHandle, type HandleAddress } from '../../ipam/operations/handle-addresses.js';
import { isKept, releaseUnused } from '../../ipam/operations/release-unused.js';
import { releaseByHandle } from '../../ipam/operations/release.js';
import { HANDLE_PREFIX } from '../../ipam/records/keys.js';
import { formatIp } from '../../net/address.js';
import type { NetworkCall } from '../call.js';
import { FAILURE, Failure } from '../failure.js';
import type { PluginContext } from '../plugin.js';
import { containerOf } from './identity.js';
import { whileLocked } from './lock.js';

/**
 * Gives back what containers have that are gone (reference/network-plugin 6.6): handles of this network, by which only addresses for this node were assigned, for
 * containers that the runtime does not name. An address that an endpoint has stays. The runtime sees to it that there is no ADD meanwhile.
 */
export async function gc(call: NetworkCall, context: PluginContext): Promise<void> {
  const valid = call.config.validAttachments;
  if (valid === undefined) throw new Failure(FAILURE.invalidConfig, 'cni.dev/valid-attachments is missing: it is not known which containers are there');
  const containers = new Set(valid.map(({ containerId }) => containerId));
  await whileLocked(call, context, async (store) => {
    for (const handle of await handlesOf(store, call.config.name)) {
      if (!containers.has(containerOf(handle, call.config.name) ?? '')) await collect(store, handle, context);
    }
  });
}

async function collect(store: Store, handle: string, { nodeName, log }: PluginContext): Promise<void> {
  const node = nodeName();
  const addresses = await addressesOfHandle(store, handle);
  // A handle without addresses says of no node that it is its own.
  if (addresses === undefined || addresses.length === 0 || !addresses.every((address) => isOf(address, node))) return;
  const answers = await releaseUnused(store, addresses, {});
  const kept = answers.filter(isKept);
  if (kept.length > 0) log.warning(`${handle} keeps ${kept.map(({ ip }) => formatIp(ip)).join(', ')}: in use, or nobody knows whether it is`);
  else await releaseByHandle(store, handle);
  const released = answers.filter(({ outcome }) => outcome === 'released');
  if (released.length > 0) log.info(`released ${released.map(({ ip }) => formatIp(ip)).join(', ')} of ${handle}: its container is gone`);
}

function isOf({ attribute }: HandleAddress, node: string): boolean {
  return attribute?.secondary?.['node'] === node;
}

/** The handles that containers of a network have their addresses by. */
async function handlesOf(store: Store, network: string): Promise<readonly string[]> {
  const handles: string[] = [];
  for await (const { entries } of store.list(`${HANDLE_PREFIX}${network}.`, { keysOnly: true })) {
    for (const { key } of entries) {
      const handle = key.slice(HANDLE_PREFIX.length);
      if (containerOf(handle, network) !== undefined) handles.push(handle);
    }
  }
  return handles;
}
