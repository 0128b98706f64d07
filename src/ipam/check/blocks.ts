import { addressAt, compareIp, containsCidr, formatCidr, formatIp, ordinalOf, overlaps } from '../../net/address.js';
import { mayMake } from '../cluster/resources.js';
import type { StoredBlock } from '../records/stored-block.js';
import type { Survey } from '../snapshot/allocations.js';
import type { Finding } from './finding.js';
import { releaseBy, repairOf, type Remedy } from './remedy.js';

/** The advice where nothing is taken away because something unreadable may need it. */
const READABLE_FIRST = 'Fix what is unreadable first and check again: the check then gives the command.';
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
      risk: 'Addresses may be assigned twice or never, and official tools may crash on the block.',
      remedy: repairBlock(block),
    };
  });
}

/** Blocks that share addresses: those of the larger ones are named. */
export function overlappingBlocks(survey: Survey): Finding[] {
  const { snapshot } = survey;
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
      cause: 'A pool was recreated with another block size while blocks of the old size still existed.',
      evidence: `it lies in block ${formatCidr(widest.cidr)}${sharedText(widest, block)}`,
      risk: 'The same address can be assigned from both.',
      remedy: removalOfOne([block, widest], survey),
    });
  }
  return findings;
}

/** The addresses that both blocks have allocated, where there are any; the second lies in the first. */
function sharedText(outer: StoredBlock, inner: StoredBlock): string {
  const given = new Set(outer.ordinals);
  const shared = inner.ordinals.map((ordinal) => addressAt(inner.cidr, ordinal)).filter((ip) => given.has(ordinalOf(outer.cidr, ip)!));
  return shared.length === 0 ? '' : `; both have allocated ${shared.map(formatIp).join(', ')}`;
}

/** Blocks outside every pool, and blocks of another size than their pool's. One in no readable pool is not judged while there is a pool that cannot be read. */
export function misplacedBlocks(survey: Survey): Finding[] {
  const { snapshot, unknownPools } = survey;
  return snapshot.blocks.flatMap((block): Finding[] => {
    const around = snapshot.pools.filter(({ cidr }) => overlaps(cidr, block.cidr));
    if (around.length === 0 && unknownPools.length > 0) return [];
    if (!around.some(({ cidr }) => containsCidr(cidr, block.cidr))) return [outsidePools(block, survey)];
    if (around.some(({ blockSize }) => blockSize === block.cidr.length)) return [];
    const pool = around[0]!;
    return [{
      code: 'block-size',
      subject: formatCidr(block.cidr),
      cause: 'The pool was deleted and recreated with another block size.',
      evidence: `pool ${pool.name} has blocks of /${pool.blockSize}`,
      risk: 'Official tools cannot find the addresses of this block: they show them as free and cannot release them.',
      remedy: removal(block, survey),
    }];
  });
}

/** Nodes that are gone but still have blocks or affinities: one finding each. */
export function vanishedNodes({ snapshot, unknownUsers }: Survey): Finding[] {
  const left = new Map<string, Set<string>>();
  const add = (host: string, cidr: string): void => void (left.get(host) ?? left.set(host, new Set()).get(host)!).add(cidr);
  for (const { affinity, cidr } of snapshot.blocks) if (affinity?.startsWith('host:')) add(affinity.slice('host:'.length), formatCidr(cidr));
  for (const { claimant, cidr } of snapshot.affinities) if (claimant.type === 'host') add(claimant.name, formatCidr(cidr));
  return [...left].filter(([host]) => !snapshot.nodes.has(host)).map(([host, cidrs]) => ({
    code: 'vanished-node',
    subject: host,
    cause: 'The node was deleted without releasing its blocks, for example directly in etcd.',
    evidence: `${firstFew([...cidrs])} ${cidrs.size === 1 ? 'belongs' : 'belong'} to it; the node does not exist${snapshot.uses.hasNode(host) ? ', but there are endpoints on it' : ''}`,
    risk: 'No other node can claim these blocks while they have allocations; with strict affinity, no node can assign their free addresses.',
    remedy: vanishedRemedy(host, snapshot.uses.hasNode(host), unknownUsers.length > 0),
  }));
}

function vanishedRemedy(host: string, inhabited: boolean, unknown: boolean): readonly Remedy[] | string {
  if (inhabited) return 'If the host still runs, `calicoctl node run` on it recreates the node. If it is gone for good, its orchestrator deletes its endpoints with its workloads: check again then.';
  return unknown ? `An endpoint that cannot be read may be on it. ${READABLE_FIRST}` : releaseBy('node', host);
}

function firstFew(texts: readonly string[]): string {
  return texts.length <= MOST_NAMED ? texts.join(', ') : `${texts.slice(0, MOST_NAMED).join(', ')} and ${texts.length - MOST_NAMED} more`;
}

function outsidePools(block: StoredBlock, survey: Survey): Finding {
  return {
    code: 'block-outside-pools',
    subject: formatCidr(block.cidr),
    cause: 'Its pool was deleted or split while addresses of the block were in use, or without releasing the block.',
    evidence: `no pool contains it; ${block.empty ? 'it is empty' : 'it has addresses'}`,
    risk: block.empty ? 'It stays and is never used again.' : 'Its addresses work without the settings of any pool.',
    remedy: removal(block, survey),
  };
}

/** What removes a block that no pool would make; one with addresses can go only after them, and nothing takes these from their users. */
function removal(block: StoredBlock, { unknownUsers }: Survey): readonly Remedy[] | string {
  if (block.empty) return unknownUsers.length === 0 ? repairBlock(block) : `It is empty, but something that cannot be read may use one of its addresses. ${READABLE_FIRST}`;
  return 'Leave it until its addresses are free: release those that leaked; the others are freed as their workloads are replaced. Once it is empty, the check gives the command that deletes it.';
}

/** What removes one of two blocks that share addresses: an empty one that no pool would make, else what can be said of the one that does not belong. */
function removalOfOne(blocks: readonly [StoredBlock, StoredBlock], survey: Survey): readonly Remedy[] | string {
  const { snapshot: { pools }, unknownPools } = survey;
  const astray = blocks.filter(({ cidr }) => !mayMake(cidr, pools, unknownPools));
  const first = astray.find(({ empty }) => empty) ?? astray[0];
  if (first !== undefined) return removal(first, survey);
  return unknownPools.length === 0 ? 'They come from two pools: disable one pool, and delete it once its addresses are free.' : `It is unknown which of them belongs to a pool, since a pool cannot be read. ${READABLE_FIRST}`;
}

function repairBlock(block: StoredBlock): readonly Remedy[] {
  return repairOf('block', formatCidr(block.cidr));
}
