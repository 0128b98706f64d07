import { formatCidr } from '../../net/address.js';
import { affinityKey, affinityText, parseAffinityText } from '../records/keys.js';
import type { StoredAffinity } from '../snapshot/snapshot.js';
import type { Survey } from '../snapshot/allocations.js';
import { unreadableBlocks } from '../cluster/unreadable.js';
import type { Finding } from './finding.js';
import { repairOf, type Remedy } from './remedy.js';

/** Affinities without a block, for another's block, or left half made; and blocks whose owner has no affinity. Those of vanished nodes belong to that finding. */
export function brokenAffinities({ snapshot }: Survey): Finding[] {
  const blocks = new Map(snapshot.blocks.map((block) => [formatCidr(block.cidr), block]));
  const unreadable = unreadableBlocks(snapshot.unreadable);
  const present = (claimant: StoredAffinity['claimant']): boolean => claimant.type === 'virtual' || snapshot.nodes.has(claimant.name);
  const findings: Finding[] = [];
  const known = new Set<string>();
  for (const affinity of snapshot.affinities) {
    const cidr = formatCidr(affinity.cidr);
    known.add(affinityKey(affinity.claimant, affinity.cidr));
    if (!present(affinity.claimant) || unreadable.has(cidr)) continue;
    const block = blocks.get(cidr);
    if (block === undefined) findings.push(orphaned(affinity));
    else if (block.affinity !== affinityText(affinity.claimant)) findings.push(foreign(affinity, block.affinity));
    else if (affinity.state !== 'confirmed' && affinity.state !== '') findings.push(halfMade(affinity));
  }
  for (const block of snapshot.blocks) {
    const claimant = parseAffinityText(block.affinity);
    if (claimant === undefined ? block.affinity === null : !present(claimant) || known.has(affinityKey(claimant, block.cidr))) continue;
    findings.push(missing(formatCidr(block.cidr), block.affinity!));
  }
  return findings;
}

function orphaned(affinity: StoredAffinity): Finding {
  return {
    code: 'orphaned-affinity',
    subject: formatCidr(affinity.cidr),
    cause: 'Claiming the block was interrupted before the block was created, or releasing it after the block was deleted.',
    evidence: `${affinityText(affinity.claimant)} has an affinity (${affinity.state || 'no state'}) for it; the block does not exist`,
    risk: "It counts toward its owner's block limit.",
    remedy: repair(affinity),
  };
}

function foreign(affinity: StoredAffinity, owner: string | null): Finding {
  return {
    code: 'foreign-affinity',
    subject: formatCidr(affinity.cidr),
    cause: 'The owner was replaced while the affinity was being claimed or released.',
    evidence: `${affinityText(affinity.claimant)} has an affinity for it; the block ${owner === null ? 'has no owner' : `belongs to "${owner}"`}`,
    risk: 'It counts toward the block limit of its owner, who cannot use the block.',
    remedy: repair(affinity),
  };
}

function halfMade(affinity: StoredAffinity): Finding {
  return {
    code: 'half-made-affinity',
    subject: formatCidr(affinity.cidr),
    cause: affinity.state === 'pending' ? 'Claiming the block was interrupted, or is in progress.' : 'Releasing the block was interrupted, or is in progress.',
    evidence: `the affinity of ${affinityText(affinity.claimant)} is ${affinity.state}`,
    risk: 'Assigning from the block takes an extra step; routes to it may be missing.',
    remedy: repair(affinity),
  };
}

function missing(cidr: string, owner: string): Finding {
  return {
    code: 'missing-affinity',
    subject: cidr,
    cause: 'The affinity was deleted without the block, or the block names its owner in an unknown form.',
    evidence: `the block belongs to "${owner}", who has no affinity for it`,
    risk: 'Its owner cannot find the block and claims another; its free addresses are not used.',
    remedy: repairOf('block', cidr),
  };
}

function repair({ cidr }: StoredAffinity): readonly Remedy[] {
  return repairOf('block', formatCidr(cidr));
}
