import { CalicoError } from '../../base/errors.js';
import { HERE, isInterface } from '../../host/workload/side.js';
import type { AttachmentCall } from '../call.js';
import type { PluginContext } from '../plugin.js';
import { releaseAddresses } from './addresses.js';
import { attachmentOf, type Attachment } from './attachment.js';
import type { Workload } from './identity.js';
import { deleteEndpoint, holderOf, readEndpoints, type WorkloadEndpoints } from './objects.js';
import { findSandbox } from './sandbox.js';

/**
 * Takes a container out of a network: the interface first, so that nothing is sent from an address that somebody else may have, then the endpoint,
 * then the addresses (reference/network-plugin 13.1). What is not there need not be taken away. Throws Failure and CalicoError; then the
 * runtime calls again.
 */
export async function del(call: AttachmentCall, context: PluginContext): Promise<void> {
  const attachment = attachmentOf(call, context);
  const { workload } = attachment;
  // Reading takes nothing away, so that it need not wait for the kernel.
  const [removed, read] = await Promise.allSettled([removeInside(call), readStored(call, context, workload)]);
  if (removed.status === 'rejected') throw removed.reason as Error;
  if (read.status === 'rejected') throw read.reason as Error;
  const { own, other } = read.value;
  if (own === undefined && other !== undefined && isInterface(String(other.object.spec['interfaceName']))) {
    context.log.info(`container ${call.containerId} keeps the endpoint ${other.object.metadata.name}: it is that of another interface`);
    return releaseAddresses(call, context, other);
  }
  await removeOutside(attachment, context);
  const found = own ?? other;
  const deleted = await deleteEndpoint(await context.store(), workload, String(found?.object.spec['endpoint'] ?? call.ifname), { found });
  if (deleted === undefined) context.log.info(`container ${call.containerId} has no endpoint in ${workload.namespace}`);
  await releaseAddresses(call, context);
}

async function readStored({ ifname }: AttachmentCall, context: PluginContext, workload: Workload): Promise<WorkloadEndpoints> {
  return readEndpoints(await context.store(), workload, ifname);
}

/** Of the container that is called for: a pod's name leads to the interface of the one that was started since. */
async function removeInside({ netns, ifname }: AttachmentCall): Promise<void> {
  const sandbox = findSandbox(netns);
  // A process may have the number by now that the one in the namespace had.
  if (typeof sandbox === 'string') return;
  try {
    await sandbox.side.run(['ip', 'link', 'del', 'dev', ifname]);
  } catch (error) {
    if (!(error instanceof CalicoError) || !error.message.includes('Cannot find device')) throw error;
  } finally {
    sandbox.close();
  }
}

/** The other end, where the namespace is gone and something still keeps it. That of a pod may be another container's by now, which an ADD is about to start. */
async function removeOutside({ workload, hostName }: Attachment, context: PluginContext): Promise<void> {
  if (workload.pod !== undefined || !isInterface(hostName)) return;
  if ((await holderOf(await context.store(), workload, hostName)) === undefined) await HERE.remove(hostName);
}
