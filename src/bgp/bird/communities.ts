import { isCommunityShaped } from '../../resources/v3/community.js';
import { mapsIn, textOf, textsIn } from '../stored.js';
import type { BirdFacts } from './facts.js';
import { addCommunity, block, inOrder, networkText } from './text.js';

/** The function that gives routes of some networks their communities (reference/bird 2.2). */
export function communitiesFunction({ family, own, shared }: BirdFacts): string[] {
  const { communities, prefixAdvertisements } = Array.isArray(own.prefixAdvertisements) ? own : shared;
  const named = new Map(mapsIn(communities).map(({ name, value }) => [name, textOf(value)]));
  const rules = mapsIn(prefixAdvertisements).flatMap((advertisement) => {
    const cidr = networkText(advertisement['cidr'], family);
    const values = textsIn(advertisement['communities']).map((text) => (isCommunityShaped(text) ? text : named.get(text))).filter((value) => value !== undefined && isCommunityShaped(value));
    return cidr === undefined || values.length === 0 ? [] : block(`if ( net ~ ${cidr} ) then`, inOrder(values as string[]).map(addCommunity));
  });
  return block('function apply_communities ()', rules);
}
