import { survey, type Survey } from '../survey.js';
import type { IpamSnapshot } from '../snapshot.js';
import { leakedAddresses, severalUsers, unallocatedUses } from './addresses.js';
import { brokenAffinities } from './affinities.js';
import { damagedBlocks, misplacedBlocks, overlappingBlocks, vanishedNodes } from './blocks.js';
import { exhaustedNodes, exhaustedPools } from './capacity.js';
import type { Finding, Search } from './finding.js';
import { handleCounts, leakedHandles, missingHandles } from './handles.js';
import { unreadableKeys } from './keys.js';

const SEARCHES: readonly Search[] = [
  unreadableKeys, damagedBlocks, overlappingBlocks,
  leakedAddresses, unallocatedUses, severalUsers,
  leakedHandles, missingHandles, handleCounts,
  misplacedBlocks, vanishedNodes, brokenAffinities,
  exhaustedPools, exhaustedNodes,
];

/** Everything that is wrong with address management in the snapshot, the worst to read first: what cannot be read at all. */
export function check(snapshot: IpamSnapshot): { readonly survey: Survey; readonly findings: readonly Finding[] } {
  const surveyed = survey(snapshot);
  return { survey: surveyed, findings: SEARCHES.flatMap((search) => search(surveyed)) };
}
