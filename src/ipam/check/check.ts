import { survey, type Survey } from '../snapshot/allocations.js';
import type { IpamSnapshot } from '../snapshot/snapshot.js';
import { leakedAddresses, severalUsers, unallocatedUses } from './addresses.js';
import { brokenAffinities } from './affinities.js';
import { damagedBlocks, misplacedBlocks, overlappingBlocks, vanishedNodes } from './blocks.js';
import { exhaustedNodes, exhaustedPools } from './capacity.js';
import type { Finding, FindingCode, Search, Withheld } from './finding.js';
import { handleCounts, leakedHandles, missingHandles } from './handles.js';
import { unreadableKeys } from './keys.js';

const SEARCHES: readonly Search[] = [
  damagedBlocks, overlappingBlocks,
  leakedAddresses, unallocatedUses, severalUsers,
  leakedHandles, missingHandles, handleCounts,
  misplacedBlocks, vanishedNodes, brokenAffinities,
  exhaustedPools, exhaustedNodes,
];

/** Everything that is wrong with address management in the snapshot, the worst to read first: what cannot be read at all. */
export function check(snapshot: IpamSnapshot): { readonly survey: Survey; readonly findings: readonly Finding[]; readonly withheld: Withheld } {
  const surveyed = survey(snapshot);
  const found = search(surveyed);
  const withheld = withheldFrom(surveyed, found);
  return { survey: surveyed, findings: [...unreadableKeys(surveyed, withheld), ...found], withheld };
}

function search(surveyed: Survey): readonly Finding[] {
  return SEARCHES.flatMap((each) => each(surveyed));
}

/** What would be found, or could be repaired, of each kind if everything could be read. */
function withheldFrom(surveyed: Survey, found: readonly Finding[]): Withheld {
  const { unknownUsers, unknownPools } = surveyed;
  if (unknownUsers.length + unknownPools.length === 0) return new Map();
  const withheld = countRepairable(search({ ...surveyed, unknownUsers: [], unknownPools: [] }));
  for (const [code, count] of countRepairable(found)) withheld.set(code, (withheld.get(code) ?? 0) - count);
  return new Map([...withheld].filter(([, count]) => count > 0));
}

function countRepairable(findings: readonly Finding[]): Map<FindingCode, number> {
  const counts = new Map<FindingCode, number>();
  for (const { code, remedy } of findings) if (typeof remedy !== 'string') counts.set(code, (counts.get(code) ?? 0) + 1);
  return counts;
}
