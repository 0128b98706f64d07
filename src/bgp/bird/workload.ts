import { isMap } from '../../base/data.js';
import { formatIp, parseCidrOrIp } from '../../net/address.js';
import type { LocalWorkload } from '../network.js';
import { textOf, textsIn } from '../stored.js';

/**
 * What the status file of an endpoint says of BGP: which BGPPeer it is a peer of, and its first address of each family (reference/bird
 * 3.3). Undefined where it is none; throws SyntaxError where the text is no JSON, as that of a file that is being written.
 */
export function localWorkload(text: string): LocalWorkload | undefined {
  const status: unknown = JSON.parse(text);
  const bgpPeer = isMap(status) ? textOf(status['bgpPeerName']) : undefined;
  if (!isMap(status) || bgpPeer === undefined) return undefined;
  const [four, six] = ([4, 6] as const).map((family) => {
    const cidr = parseCidrOrIp(textsIn(status[`ipv${family}Nets`])[0] ?? '');
    return cidr?.address.version === family ? formatIp(cidr.address) : undefined;
  });
  return { bgpPeer, addresses: { ...(four === undefined ? {} : { 4: four }), ...(six === undefined ? {} : { 6: six }) } };
}
