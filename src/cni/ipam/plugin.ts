import { releaseByHandle } from '../../ipam/operations/release.js';
import type { AttachmentCall } from '../call.js';
import type { Plugin, PluginContext } from '../plugin.js';
import { add } from './add.js';
import { check } from './check.js';
import { gc } from './gc.js';
import { identityOf } from './identity.js';
import { whileLocked } from './lock.js';
import { status } from './status.js';

/** The plugin `calico-ipam`: addresses from Calico's pools (reference/network-plugin 6). */
export const ipam: Plugin = { add, del, check, gc, status };

/** Gives back what a container has, by the handle of today and by that of version 2. What there is not need not be given back. */
async function del(call: AttachmentCall, context: PluginContext): Promise<void> {
  const { handle, formerHandle } = identityOf(call, context.nodeName(), new Date());
  await whileLocked(call, context, async (store) => {
    for (const each of [handle, formerHandle]) {
      const released = await releaseByHandle(store, each);
      if (released !== undefined) context.log.info(`released ${released} ${released === 1 ? 'address' : 'addresses'} of ${each}`);
    }
  });
}
