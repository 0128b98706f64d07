import { addressAt, compareIp, containsCidr, formatCidr, formatIp, ordinalOf, overlaps } from '../address.js';
import type { Pool } from '../cluster.js';
import type { StoredBlock } from '../stored-block.js';
import type { Survey } from '../survey.js';
import type { Finding } from './finding.js';
import { releaseBy, repairOf, type Remedy } from './remedy.js';

/** Networks that one finding names. */
const MOST_NAMED = 8;

/** Blocks that contradict themselves. */
export function damagedBlocks({ snapshot }: Survey): Finding[] {
  return snapshot.blocks.flatMap((block) => {
    if (block.faults.length === 0) return [];
    return {
      code: 'damaged-block',
      subject: formatCidr(block.cidr),
      cause: 'The block was edited by hand, or written by a faulty version.',
      evidence: block.faults.join('; '),
      risk: 'Addresses are given out twice or never, and official tools may crash on it.',
      remedy: repairBlock(block),
    };
  });
}

/** Blocks that share addresses: those of the larger ones are named. */
export function overlappingBlocks({ snapshot }: Survey): Finding[] {
  const sorted = [...snapshot.blocks].sort((a, b) => compareIp(a.cidr.address, b.cidr.address) || a.cidr.length - b.cidr.length);
  const findings: Finding[] = [];
  let widest: StoredBlock | undefined;
  for (const block of sorted) {
    if (widest === undefined || !containsCidr(widest.cidr, block.cidr)) {
      widest = block;
      continue;
    }
    findings.push({
      code: 'overlapping-blocks',
      subject: formatCidr(block.cidr),
      cause: 'A pool was made anew with another block size while blocks of the old size were still there.',
      evidence: `it lies in block ${formatCidr(widest.cidr)}${sharedText(widest, block)}`,
      risk: 'One address can be given out by both.',
      remedy: removalOfOne([block, widest], snapshot.pools),
    });
  }
  return findings;
}

/** The addresses that both blocks have given out, where there are any; the second lies in the first. */
function sharedText(outer: StoredBlock, inner: StoredBlock): string {
  const given = new Set(outer.ordinals);
  const shared = inner.ordinals.map((ordinal) => addressAt(inner.cidr, ordinal)).filter((ip) => given.has(ordinalOf(outer.cidr, ip)!));
  return shared.length === 0 ? '' : `; both have given out ${shared.map(formatIp).join(', ')}`;
}

/** Blocks outside every pool, and blocks of another size than their pool's. */
export function misplacedBlocks({ snapshot }: Survey): Finding[] {
  return snapshot.blocks.flatMap((block): Finding[] => {
    const around = snapshot.pools.filter(({ cidr }) => overlaps(cidr, block.cidr));
    if (!around.some(({ cidr }) => containsCidr(cidr, block.cidr))) return [outsidePools(block)];
    if (around.some(({ blockSize }) => blockSize === block.cidr.length)) return [];
    const pool = around[0]!;
    return [{
      code: 'block-size',
      subject: formatCidr(block.cidr),
      cause: 'The pool was deleted and made anew with another block size.',
      evidence: `pool ${pool.name} has blocks of /${pool.blockSize}`,
      risk: 'Official tools do not find the addresses of this block: they show them as free and cannot release them.',
      remedy: removal(block),
    }];
  });
}

/** Nodes that are gone but still have blocks or affinities: one finding each. */
export function vanishedNodes({ snapshot }: Survey): Finding[] {
  const left = new Map<string, Set<string>>();
  const add = (host: string, cidr: string): void => void (left.get(host) ?? left.set(host, new Set()).get(host)!).add(cidr);
  for (const { affinity, cidr } of snapshot.blocks) if (affinity?.startsWith('host:')) add(affinity.slice('host:'.length), formatCidr(cidr));
  for (const { claimant, cidr } of snapshot.affinities) if (claimant.type === 'host') add(claimant.name, formatCidr(cidr));
  return [...left].filter(([host]) => !snapshot.nodes.has(host)).map(([host, cidrs]) => ({
    code: 'vanished-node',
    subject: host,
    cause: 'The node was removed without releasing its blocks, for instance by deleting it in etcd.',
    evidence: `${firstFew([...cidrs])} ${cidrs.size === 1 ? 'is' : 'are'} set aside for it; there is no such node${snapshot.uses.hasNode(host) ? ', but there are endpoints on it' : ''}`,
    risk: 'As long as they have addresses no other node can claim these blocks; with strict affinity nobody gets their free addresses.',
    remedy: snapshot.uses.hasNode(host) ? 'If the host still runs, `calicoctl node run` on it makes its node anew. If it is gone for good, its orchestrator takes its endpoints away with its workloads: check again then.' : releaseBy('node', host),
  }));
}

function firstFew(texts: readonly string[]): string {
  return texts.length <= MOST_NAMED ? texts.join(', ') : `${texts.slice(0, MOST_NAMED).join(', ')} and ${texts.length - MOST_NAMED} more`;
}

function outsidePools(block: StoredBlock): Finding {
  return {
    code: 'block-outside-pools',
    subject: formatCidr(block.cidr),
    cause: 'Its pool was deleted or split while addresses of the block were in use, or without releasing it.',
    evidence: `no pool has it; ${block.empty ? 'it is empty' : 'it has addresses'}`,
    risk: block.empty ? 'It is never used again and stays.' : 'Its addresses work without the settings of a pool.',
    remedy: removal(block),
  };
}

/** What removes a block that no pool would make; one with addresses can go only after them, and nothing takes these from their users. */
function removal(block: StoredBlock): readonly Remedy[] | string {
  if (block.empty) return repairBlock(block);
  return 'Leave it until its addresses are free: release those that leaked; the others become free as their workloads are replaced. Once it is empty, the check has the command that removes it.';
}

/** What removes one of two blocks that share addresses: an empty one that no pool would make, else what can be said of the one that does not belong. */
function removalOfOne(blocks: readonly [StoredBlock, StoredBlock], pools: readonly Pool[]): readonly Remedy[] | string {
  const astray = blocks.filter(({ cidr }) => !pools.some((pool) => pool.blockSize === cidr.length && containsCidr(pool.cidr, cidr)));
  const first = astray.find(({ empty }) => empty) ?? astray[0];
  return first === undefined ? 'Two pools make them: disable one of the pools, and delete it once its addresses are free.' : removal(first);
}

function repairBlock(block: StoredBlock): readonly Remedy[] {
  return repairOf('block', formatCidr(block.cidr));
}
