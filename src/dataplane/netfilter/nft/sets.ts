import type { IpSet, NftSet } from '../../desired.js';

const known = new WeakMap<IpSet, readonly [string, NftSet]>();

/** A set of ipset as one of nftables, with its name; the same object for the same set. */
export function nftSetOf(set: IpSet): readonly [string, NftSet] {
  let made = known.get(set);
  if (made === undefined) known.set(set, (made = [set.name.replaceAll(':', '-'), converted(set)]));
  return made;
}

function converted({ type, family, members }: IpSet): NftSet {
  const address = `ipv${family}_addr`;
  if (type === 'hash:net') return { type: address, flags: 'interval', elements: members };
  if (type === 'hash:ip') return { type: address, elements: members };
  return { type: `${address} . inet_proto . inet_service`, elements: new Set([...members].map((member) => member.replace(/,(\w+):(\d+)$/, ' . $1 . $2'))) };
}
