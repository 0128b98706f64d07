import { addressesOfHandle } from '../../ipam/operations/handle-addresses.js';
import { formatIp, parseCidrOrIp } from '../../net/address.js';
import type { AttachmentCall } from '../call.js';
import { FAILURE, Failure } from '../failure.js';
import { previousResult } from '../network-config.js';
import type { PluginContext } from '../plugin.js';
import { identityOf } from './identity.js';

/** Whether a container still has the addresses that its ADD gave it (reference/network-plugin 6.5). Throws Failure where it has not. */
export async function check(call: AttachmentCall, context: PluginContext): Promise<void> {
  const { ips } = previousResult(call.config);
  const { handle } = identityOf(call, context.nodeName(), new Date());
  const held = new Set((await addressesOfHandle(await context.store(), handle) ?? []).map(({ ip }) => formatIp(ip)));
  const lost = ips.map(({ address }) => formatIp(parseCidrOrIp(address)!.address)).filter((ip) => !held.has(ip));
  if (lost.length > 0) throw new Failure(FAILURE.other, `${lost.join(', ')} ${lost.length === 1 ? 'is' : 'are'} not assigned to ${handle} any more`);
}
