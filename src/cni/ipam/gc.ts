import type { Store } from '../../datastore/store.js';
import { addressesOfHandle, type HandleAddress } from '../../ipam/operations/handle-addresses.js';
import { isKept, releaseUnused } from '../../ipam/operations/release-unused.js';
import { releaseByHandle } from '../../ipam/operations/release.js';
import { handleOf } from '../../ipam/records/block.js';
import { decodeBlock, isUnreadable } from '../../ipam/records/block-codec.js';
import { BLOCK_PREFIX } from '../../ipam/records/keys.js';
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
  const node = context.nodeName();
  const gone = await handlesOfGone(await context.store(), { network: call.config.name, node, containers });
  if (gone.size > 0) await whileLocked(call, context, (store) => collect(store, gone, { node, log: context.log }));
}

/** Who uses addresses is read once for all of them: it takes all endpoints. */
async function collect(store: Store, gone: ReadonlySet<string>, { node, log }: Pick<PluginContext, 'log'> & { readonly node: string }): Promise<void> {
  const held = new Map<string, readonly HandleAddress[]>();
  for (const handle of gone) {
    const addresses = (await addressesOfHandle(store, handle)) ?? [];
    if (addresses.length > 0 && addresses.every(({ attribute }) => attribute?.secondary?.['node'] === node)) held.set(handle, addresses);
  }
  const answers = new Map((await releaseUnused(store, [...held.values()].flat(), {})).map((answer) => [formatIp(answer.ip), answer]));
  for (const [handle, addresses] of held) {
    const outcomes = addresses.map(({ ip }) => answers.get(formatIp(ip))!);
    const kept = outcomes.filter(isKept).map(({ ip }) => formatIp(ip));
    const released = outcomes.filter(({ outcome }) => outcome === 'released').map(({ ip }) => formatIp(ip));
    // The official plugin counts too many addresses for some handles, which then outlive them.
    if (released.length === addresses.length) await releaseByHandle(store, handle);
    if (kept.length > 0) log.warning(`${handle} keeps ${kept.join(', ')}: in use, or nobody knows whether it is`);
    if (released.length > 0) log.info(`released ${released.join(', ')} of ${handle}: its container is gone`);
  }
}

interface Whose {
  readonly network: string;
  readonly node: string;
  /** Those that are there. */
  readonly containers: ReadonlySet<string>;
}

/**
 * The handles of containers that are gone, as far as addresses were assigned by them for the node. Every block is looked at, since some
 * may be borrowed; most know nothing of the node, and are not taken apart.
 */
async function handlesOfGone(store: Store, { network, node, containers }: Whose): Promise<ReadonlySet<string>> {
  const handles = new Set<string>();
  const written = JSON.stringify(node);
  for await (const { entries } of store.list(BLOCK_PREFIX)) {
    for (const { value } of entries) {
      const block = value.includes(written) ? decodeBlock(value) : undefined;
      for (const attribute of block === undefined || isUnreadable(block) ? [] : block.attributes ?? []) {
        const handle = attribute.secondary?.['node'] === node ? handleOf(attribute) : undefined;
        const container = handle === undefined ? undefined : containerOf(handle, network);
        if (handle !== undefined && container !== undefined && !containers.has(container)) handles.add(handle);
      }
    }
  }
  return handles;
}
