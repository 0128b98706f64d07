import type { LargeEffects } from '../../../insight/large-effects.js';
import { safe } from '../../../text/safe.js';

/** So many groups are named. */
const NAMED = 5;

/** What a write does to many, for somebody who is watching. */
export function effectsLines({ cutOff, changedShare }: LargeEffects): readonly string[] {
  const named = cutOff.slice(0, NAMED).map(({ name, endpoints, direction }) => safe(`${name} (${endpoints.length} workload${endpoints.length === 1 ? '' : 's'}): nothing gets ${direction === 'ingress' ? 'in' : 'out'} any more`));
  const more = cutOff.length - NAMED;
  const share = changedShare === undefined || changedShare <= 0.5 ? [] : [`between ${Math.round(changedShare * 100)} % of all pairs of a sender and a receiver something is allowed or denied that was not`];
  return ['This is a large change:', ...[...named, ...(more > 0 ? [`the same goes for ${more} more group${more === 1 ? '' : 's'}`] : []), ...share].map((line) => `  ${line}`), '  policy diff -f shows such a change beforehand, undo takes it back'];
}

/** The same for `-o json`. */
export function effectsData({ cutOff, changedShare, isComplete }: LargeEffects): object {
  return { cutOff: cutOff.map(({ name, endpoints, direction }) => ({ group: name, endpoints: endpoints.length, direction })), ...(changedShare !== undefined && { changedShare: Math.round(changedShare * 1000) / 1000 }), complete: isComplete };
}
