import { isMap, type Data } from '../../base/data.js';
import { CalicoError } from '../../base/errors.js';
import type { PodCidrs } from './node-facts.js';

/** What stands for the networks of the node in place of a subnet, in lower case (reference/network-plugin 30.5). */
const STANDS_FOR: Readonly<Record<string, keyof PodCidrs>> = { usepodcidr: 'ipv4', usepodcidripv6: 'ipv6' };

/** What DEL gives host-local in place of the networks: it releases by the container, and wants some network nevertheless. */
export const ANY_CIDRS: PodCidrs = { ipv4: '0.0.0.0/0', ipv6: '::/0' };

/** Whether host-local is to use the networks of the node, so that Kubernetes has to be asked for them. */
export function usesPodCidrs(ipam: Data): boolean {
  return JSON.stringify(ipam['ranges'] ?? []) !== JSON.stringify(withPodCidrs(ipam, ANY_CIDRS)['ranges'] ?? []) || meant(ipam) !== undefined;
}

/** The `ipam` of a config with the networks of the node where it says so, at its top and in its ranges. Throws CalicoError: `missing` where the node has none of a family. */
export function withPodCidrs(ipam: Data, cidrs: PodCidrs): Data {
  const { ranges } = ipam;
  if (!Array.isArray(ranges)) return replaced(ipam, cidrs);
  // Ranges of another shape are for host-local to refuse.
  return { ...replaced(ipam, cidrs), ranges: ranges.map((set: unknown) => (Array.isArray(set) ? set.map((range: unknown) => (isMap(range) ? replaced(range, cidrs) : range)) : set)) };
}

function meant({ subnet }: Data): keyof PodCidrs | undefined {
  const word = typeof subnet === 'string' ? subnet.toLowerCase() : '';
  return Object.hasOwn(STANDS_FOR, word) ? STANDS_FOR[word] : undefined;
}

function replaced(range: Data, cidrs: PodCidrs): Data {
  const family = meant(range);
  if (family === undefined) return range;
  const subnet = cidrs[family];
  if (subnet === undefined) throw new CalicoError('missing', `ipam says ${String(range['subnet'])}, and the node has no IPv${family === 'ipv4' ? 4 : 6} podCIDR in Kubernetes`);
  return { ...range, subnet };
}
