import { CalicoError } from '../../base/errors.js';
import { parseCidr } from '../../net/address.js';
import { listAt, textAt, type ApiObject } from './read-json.js';

/** The networks that Kubernetes gave a node for its pods; one of a family, or both. */
export interface PodCidrs {
  readonly ipv4: string | undefined;
  readonly ipv6: string | undefined;
}

/**
 * The networks for the pods of a node (reference/network-plugin 30.5), for address management that asks for them. Throws CalicoError: `missing`
 * where the node has none, `unreadable` where they are no networks or two of one family.
 * @param node the JSON of GET /api/v1/nodes/NODE
 */
export function podCidrsOf(name: string, node: unknown): PodCidrs {
  const object: ApiObject = { name: `the node ${name}`, json: node };
  const single = textAt(object, 'spec', 'podCIDR');
  const several = listAt(object, 'spec', 'podCIDRs');
  const texts = several.length > 0 ? several : single === undefined ? [] : [single];
  if (texts.length === 0) throw new CalicoError('missing', `${object.name} has no podCIDR in Kubernetes`, { hint: 'kube-controller-manager gives it with --allocate-node-cidrs', subject: object.name });
  const cidrs = texts.map((text) => {
    const cidr = typeof text === 'string' ? parseCidr(text) : undefined;
    if (cidr === undefined) throw new CalicoError('unreadable', `${object.name}: the podCIDR ${JSON.stringify(text)} is not a network`, { subject: object.name });
    return { text: text as string, version: cidr.address.version };
  });
  if (cidrs.length > 1 && new Set(cidrs.map(({ version }) => version)).size < 2) throw new CalicoError('unreadable', `${object.name} has several podCIDRs of one family`, { subject: object.name });
  return { ipv4: cidrs.find(({ version }) => version === 4)?.text, ipv6: cidrs.find(({ version }) => version === 6)?.text };
}
