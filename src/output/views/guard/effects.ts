import type { LargeEffects } from '../../../insight/large-effects.js';
import { safe } from '../../../text/safe.js';

/** So many groups are named. */
const NAMED = 5;

/** What a write does to many, for somebody who is watching. */
export function effectsLines({ cutOff, changedShare }: LargeEffects): readonly string[] {
  const named = cutOff.slice(0, NAMED).map(({ name, endpoints, direction }) => safe(`${name} (${endpoints.length} of them): ${direction === 'ingress' ? 'nothing gets to them any more' : 'nothing gets out of them any more'}`));
  const more = cutOff.length - NAMED;
  const share = changedShare === undefined || changedShare <= 0.5 ? [] : [`between ${Math.round(changedShare * 100)} % of all pairs of a sender and a receiver something is allowed or denied that was not`];
  return ['This changes much:', ...[...named, ...(more > 0 ? [`and so it is for ${more} more groups`] : []), ...share].map((line) => `  ${line}`), '  policy diff shows such a change before it is made, undo takes it back'];
}

/** The same for `-o json`. */
export function effectsData({ cutOff, changedShare, isComplete }: LargeEffects): object {
  return { cutOff: cutOff.map(({ name, endpoints, direction }) => ({ group: name, endpoints: endpoints.length, direction })), ...(changedShare !== undefined && { changedShare: Math.round(changedShare * 1000) / 1000 }), complete: isComplete };
}
