import { CalicoError } from '../../base/errors.js';
import type { Found } from '../../changes/stored-object.js';
import { HOST_MAC } from '../../host/workload/interface-plan.js';
import { HERE } from '../../host/workload/side.js';
import { parseCidrOrIp } from '../../net/address.js';
import type { AttachmentCall } from '../call.js';
import { FAILURE, Failure, failureOf } from '../failure.js';
import { previousResult } from '../network-config.js';
import type { PluginContext } from '../plugin.js';
import type { Result } from '../result.js';
import { withAnyNetworks } from './addresses.js';
import { argumentsFor, attachmentOf, type Attachment } from './attachment.js';
import { addressManagement } from './delegate.js';
import { destinationsOf } from './ipam-config.js';
import { endpointDifferences, hostDifferences, insideDifferences, type Expected } from './differences.js';
import { factsOf } from './facts.js';
import { lookAt } from './look.js';
import { readWorkload } from './objects.js';
import { findSandbox } from './sandbox.js';

/** Whether all is as ADD left it (reference/network-plugin 13.2). Throws Failure that names each difference. */
export async function check(call: AttachmentCall, context: PluginContext): Promise<void> {
  const attachment = attachmentOf(call, context);
  const expected = expectedOf(call, attachment, previousResult(call.config));
  const { endpoint } = await readWorkload(await context.store(), attachment.workload, call.config.name);
  const differences = [
    ...(await differencesInside(call, expected)),
    ...hostDifferences(await lookAt(HERE.run, expected.hostName), expected, HOST_MAC),
    ...endpointDifferences(endpoint, expected, call.containerId),
    ...(isGuest(attachment, endpoint, call.config.name) || (await isUnmanaged(call, context, attachment)) ? [] : await differencesOfAddresses(call, context)),
  ];
  if (differences.length > 0) throw new Failure(FAILURE.other, differences.join('; '));
}

/**
 * What another plugin of the chain may have added to the result is not ours to judge: the addresses are those of the interface inside. Of a container
 * that came into the network by its profile alone, that is the one of its first network.
 */
function expectedOf(call: AttachmentCall, { workload, hostName }: Attachment, { interfaces = [], ips }: Result): Expected {
  const named = interfaces.findIndex(({ name, sandbox }) => name === call.ifname && sandbox !== undefined);
  const at = named >= 0 ? named : interfaces.findIndex(({ sandbox }) => sandbox === call.netns);
  const own = at < 0 ? ips : ips.filter((each) => each.interface === undefined || each.interface === at);
  return {
    hostName,
    ifname: interfaces[at]?.name ?? call.ifname,
    mac: interfaces[at]?.mac,
    mtu: interfaces[at]?.mtu,
    addresses: own.flatMap(({ address }) => parseCidrOrIp(address)?.address ?? []),
    destinations: destinationsOf(call, workload.pod !== undefined),
  };
}

async function differencesInside(call: AttachmentCall, expected: Expected): Promise<readonly string[]> {
  const sandbox = findSandbox(call.netns);
  if (typeof sandbox === 'string') return [`the network namespace ${call.netns} is not that of a container any more`];
  try {
    return insideDifferences(await lookAt(sandbox.side.run, expected.ifname), expected);
  } finally {
    sandbox.close();
  }
}

/** Whether a container has its addresses from another network, and is in this one by its profile alone. */
function isGuest({ workload }: Attachment, endpoint: Found | undefined, network: string): boolean {
  const profiles: unknown = endpoint?.object.spec['profiles'];
  return workload.pod === undefined && Array.isArray(profiles) && profiles.length > 0 && profiles[0] !== network;
}

/** Whether the pod names addresses that nobody assigns. */
async function isUnmanaged(call: AttachmentCall, context: PluginContext, { workload }: Attachment): Promise<boolean> {
  if (!call.config.featureControl.ipAddrsNoIpam) return false;
  const addresses = (await factsOf(call, context, workload))?.addresses;
  return addresses?.from === 'list' && !addresses.managed;
}

/** What the address management says is a difference like the others, unless it could not look. */
async function differencesOfAddresses(call: AttachmentCall, context: PluginContext): Promise<readonly string[]> {
  const own = withAnyNetworks({ ...call, args: argumentsFor(call.args) });
  try {
    await addressManagement(own).check(own, context);
    return [];
  } catch (error) {
    const failure = error instanceof Failure || error instanceof CalicoError ? failureOf(error) : undefined;
    if (failure?.code !== FAILURE.other) throw error;
    return [failure.message];
  }
}

