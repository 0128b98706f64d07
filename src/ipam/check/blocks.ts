import { addressAt, compareIp, containsCidr, formatCidr, formatIp, ordinalOf, overlaps } from '../address.js';
import { HANDLE_PREFIX, affinityKey, parseAffinityKey } from '../keys.js';
import type { StoredBlock } from '../stored-block.js';
import type { Survey } from '../survey.js';
import { shellWord, type Finding } from './finding.js';

/** Keys that cannot be read at all. */
export function unreadableKeys({ snapshot }: Survey): Finding[] {
  return snapshot.unreadable.map(({ key, problem }) => ({
    code: 'unreadable',
    subject: key,
    cause: 'It was written by hand or by something else than Calico, or damaged.',
    evidence: problem,
    risk: 'Calico passes over it: what it stands for is neither given out nor released, and counts on it cannot be checked.',
    remedy: remedyFor(key),
  }));
}

/** Handles and affinities can be made anew from the blocks. A block cannot: without it, the next check names what its addresses need. */
function remedyFor(key: string): string {
  const handle = key.startsWith(HANDLE_PREFIX) ? key.slice(HANDLE_PREFIX.length) : '';
  if (handle !== '' && !handle.includes('/')) return `calicoctl ipam repair --handle=${shellWord(handle)}`;
  const affinity = parseAffinityKey(key);
  if (affinity !== undefined && affinityKey(affinity.claimant, affinity.cidr) === key) return `calicoctl ipam repair --block=${formatCidr(affinity.cidr)}`;
  return `etcdctl del ${shellWord(key)}  # then: calicoctl ipam check`;
}

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
      remedy: removal(block.empty ? block : widest),
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
    evidence: `${[...cidrs].join(', ')} ${cidrs.size === 1 ? 'is' : 'are'} set aside for it; there is no such node`,
    risk: 'Nobody else can claim these blocks; with strict affinity their free addresses are lost.',
    remedy: `calicoctl ipam release --node=${shellWord(host)}`,
  }));
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

/** What removes a block that no pool would make; one with addresses can go only after them. */
function removal(block: StoredBlock): string {
  return block.empty ? repairBlock(block) : `${repairBlock(block)}  # once its addresses are released`;
}

function repairBlock(block: StoredBlock): string {
  return `calicoctl ipam repair --block=${formatCidr(block.cidr)}`;
}
