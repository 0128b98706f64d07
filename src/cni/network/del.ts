import { CalicoError } from '../../base/errors.js';
import type { Found } from '../../changes/stored-object.js';
import { HERE, isInterface } from '../../host/workload/side.js';
import type { AttachmentCall } from '../call.js';
import type { PluginContext } from '../plugin.js';
import { releaseAddresses } from './addresses.js';
import { attachmentOf, type Attachment } from './attachment.js';
import type { Workload } from './identity.js';
import { deleteEndpoint, holderOf, readEndpoint } from './objects.js';
import { findSandbox, type Sandbox } from './sandbox.js';

/**
 * Takes a container out of a network: the interface first, so that nothing is sent from an address that somebody else may have, then the endpoint,
 * then the addresses (reference/network-plugin 13.1). What is not there need not be taken away. Throws Failure and CalicoError; then the
 * runtime calls again.
 */
export async function del(call: AttachmentCall, context: PluginContext): Promise<void> {
  const attachment = attachmentOf(call, context);
  const { workload } = attachment;
  // Reading takes nothing away, so that it need not wait for the kernel.
  const [removed, read] = await Promise.allSettled([removeInterface(call, context, attachment), readStored(call, context, workload)]);
  if (removed.status === 'rejected') throw removed.reason as Error;
  if (read.status === 'rejected') throw read.reason as Error;
  const deleted = await deleteEndpoint(await context.store(), workload, call.ifname, read.value);
  if (deleted === undefined) context.log.info(`container ${call.containerId} has no endpoint in ${workload.namespace}`);
  await releaseAddresses(call, context);
}

async function readStored({ ifname }: AttachmentCall, context: PluginContext, workload: Workload): Promise<{ readonly found: Found | undefined }> {
  return { found: await readEndpoint(await context.store(), workload, ifname) };
}

async function removeInterface(call: AttachmentCall, context: PluginContext, { workload, hostName }: Attachment): Promise<void> {
  const sandbox = findSandbox(call.netns);
  // A process may have the number by now that the one in the namespace had: then `ours` is as good as gone.
  if (typeof sandbox !== 'string') return removeInside(sandbox, call.ifname);
  // Something else may still keep the namespace. The other end of a pod's may be another container's by now, which an ADD is about to start.
  if (workload.pod !== undefined || !isInterface(hostName)) return;
  if ((await holderOf(await context.store(), workload, hostName)) === undefined) await HERE.remove(hostName);
}

/** By the name inside: a pod's name leads to the interface of the container that was started since, a container's to that of its first network. */
async function removeInside(sandbox: Sandbox, ifname: string): Promise<void> {
  try {
    await sandbox.side.run(['ip', 'link', 'del', ifname]);
  } catch (error) {
    if (!(error instanceof CalicoError) || !error.message.includes('Cannot find device')) throw error;
  } finally {
    sandbox.close();
  }
}
