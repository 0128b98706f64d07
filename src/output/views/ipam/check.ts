import { formatCidr, formatIp } from '../../../net/address.js';
import type { Attribute } from '../../../ipam/records/block-codec.js';
import { isPoolKnown } from '../../../ipam/check/addresses.js';
import { findingData } from './remedy-text.js';
import type { Finding, FindingCode } from '../../../ipam/check/finding.js';
import { wholeBlock } from '../../../ipam/records/stored-block.js';
import { allocationsOf, canBeJudged, ownersOf, unusedAllocations, type Allocation, type Survey } from '../../../ipam/snapshot/allocations.js';
import { isManaged, type Unallocated } from '../../../ipam/snapshot/unallocated.js';
import { givenUses, type UseTable } from '../../../ipam/snapshot/use-table.js';
import { ownerText, type Use } from '../../../ipam/cluster/uses.js';
import { safe } from '../../../text/safe.js';
import { compareBytes } from '../../../go/json.js';
import { findingsText } from './findings.js';

export interface CheckView {
  /** Every address and handle. */
  readonly all: boolean;
  /** Every address and handle with which something is wrong. */
  readonly problems: boolean;
  /** Every finding and block. */
  readonly every: boolean;
  /** Words that choose the cluster, for the commands that are advised. */
  readonly chosen: readonly string[];
}

/** How many nodes are listed by their number of addresses. */
const MOST_NODES = 20;
/** So many blocks or pools are listed; of more than that the first few. */
const MOST_LISTED = 20;
const FIRST_FEW = 10;
/** Lines of all, unless more is asked for. */
const MOST_LINES = 150;

/** What the check counted, in the lines of the official tool (reference/ipam 9), then what was found, in groups; in pieces. */
export function* checkText(survey: Survey, findings: readonly Finding[], view: CheckView): Generator<string> {
  let lines = 0;
  for (const piece of countText(survey, findings, view)) {
    lines += piece.split('\n').length - 1;
    yield piece;
  }
  yield* findingsText(findings, { every: view.every, chosen: view.chosen, lines: view.problems ? MOST_LINES : Math.max(0, MOST_LINES - lines) });
}

function* countText(survey: Survey, findings: readonly Finding[], view: CheckView): Generator<string> {
  yield 'Checking IPAM for inconsistencies...\n\n';
  yield* blockLines(survey, view);
  yield* useLines(survey, view);
  yield* nodeLines(survey);
  yield* findingCounts(survey, byCode(findings), view);
  yield `Check complete; found ${findings.length} problems.\n`;
}

/** The same as data, in pieces; addresses only where all are asked for. */
export function* checkJson(survey: Survey, findings: readonly Finding[], { all, chosen }: CheckView): Generator<string> {
  const { snapshot, allocations } = survey;
  const counts = {
    blocks: snapshot.blocks.length,
    allocations: snapshot.allocated,
    pools: snapshot.pools.length,
    nodes: snapshot.nodes.size,
    handles: snapshot.soundHandles + snapshot.handles.size,
    affinities: snapshot.affinities.length,
  };
  yield `{\n  "revision": ${snapshot.revision},\n  "counts": ${JSON.stringify(counts)},\n  "problems": ${findings.length},\n  "findings": [`;
  yield* elements(findings, (finding) => findingData(finding, chosen));
  yield ']';
  if (all) {
    yield ',\n  "addresses": [';
    yield* elements(allocations, (allocation) => allocationData(survey, allocation));
    yield ']';
  }
  yield '\n}\n';
}

function* elements<T>(list: Iterable<T>, data: (element: T) => object): Generator<string> {
  let start = '\n    ';
  for (const element of list) {
    yield `${start}${JSON.stringify(data(element))}`;
    start = ',\n    ';
  }
  if (start.startsWith(',')) yield '\n  ';
}

function allocationData(survey: Survey, allocation: Allocation): object {
  const { address, block, handle, attribute } = allocation;
  const owners = ownersOf(survey, allocation);
  return { ip: address, block: formatCidr(block.cidr), handle: handle ?? null, attributes: attribute?.secondary ?? null, inUse: owners.length > 0 || !canBeJudged(survey, allocation), owners };
}

function* blockLines({ snapshot }: Survey, { all, every }: CheckView): Generator<string> {
  yield `Loading all IPAM blocks...\nFound ${snapshot.blocks.length} IPAM blocks.\n`;
  for (const block of listed(snapshot.blocks, all || every)) {
    yield safe(` IPAM block ${formatCidr(block.cidr)} affinity=${block.affinity ?? '<none>'}:`) + '\n';
    if (all) for (const allocation of allocationsOf(wholeBlock(block))) yield safe(`  ${allocation.address} allocated; ${attributesText(allocation)}`) + '\n';
  }
  yield moreText(snapshot.blocks, all || every, 'IPAM blocks');
  yield `IPAM blocks record ${snapshot.allocated} allocations.\n\nLoading all IPAM pools...\n`;
  const active = snapshot.pools.filter(({ disabled }) => !disabled);
  for (const { cidr } of listed(active, all || every)) yield `  ${formatCidr(cidr)}\n`;
  yield moreText(active, all || every, 'IP pools');
  yield `Found ${active.length} active IP pools.\n\n`;
}

/** All of a list, or the first few where it is long. */
function listed<Element>(list: readonly Element[], every: boolean): readonly Element[] {
  return every || list.length <= MOST_LISTED ? list : list.slice(0, FIRST_FEW);
}

function moreText(list: readonly unknown[], every: boolean, what: string): string {
  const left = list.length - listed(list, every).length;
  return left === 0 ? '' : `  and ${left} more ${what}: --all lists them\n`;
}

function* useLines({ snapshot: { uses } }: Survey, { all }: CheckView): Generator<string> {
  const counts = uses.counts();
  yield 'Loading all nodes.\n';
  if (all) yield* belongings(uses, 'tunnel');
  yield `Found ${counts.tunnel} node tunnel IPs.\n\nLoading all workload endpoints.\n`;
  if (all) yield* belongings(uses, 'workload');
  yield `Found ${counts.workload} workload IPs.\nWorkloads and nodes are using ${counts.given} IPs.\n\n`;
}

function* belongings(uses: UseTable, kind: Use['kind']): Generator<string> {
  for (const place of uses.places()) {
    for (const use of uses.usersAt(place)) if (use.kind === kind) yield belongsText(formatIp(uses.ipAt(place)), use);
  }
}

function* nodeLines({ snapshot }: Survey): Generator<string> {
  const sorted = [...snapshot.allocatedByNode].sort(([a, left], [b, right]) => right - left || compareBytes(a, b));
  yield `Looking for top (up to ${MOST_NODES}) nodes by allocations...\n`;
  for (const [node, count] of sorted.slice(0, MOST_NODES)) yield safe(`  ${node} has ${count} allocations`) + '\n';
  if (sorted.length > 0) yield `Node with most allocations has ${sorted[0]![1]}; median is ${sorted[Math.floor(sorted.length / 2)]![1]}\n`;
  yield '\n';
}

/** What each search of the official tool found, and the searches that are ours alone. */
function* findingCounts(survey: Survey, found: ReadonlyMap<FindingCode, readonly Finding[]>, { all, problems }: CheckView): Generator<string> {
  const { snapshot } = survey;
  const of = (...codes: FindingCode[]): readonly Finding[] => codes.flatMap((code) => found.get(code) ?? []);
  const list = (findings: readonly Finding[], text: (finding: Finding) => string): string => (all || problems ? findings.map((finding) => `${safe(`  ${text(finding)}`)}\n`).join('') : '');
  const leaked = of('leaked-address');
  const attributes = new Map<string, Allocation>();
  const subjects = new Set(all || problems ? leaked.map(({ subject }) => subject) : []);
  if (subjects.size > 0) for (const allocation of unusedAllocations(survey)) if (subjects.has(allocation.address)) attributes.set(allocation.address, allocation);
  yield `Scanning for IPs that are allocated but not actually in use...\n${list(leaked, ({ subject }) => `${subject} leaked; ${attributesText(attributes.get(subject)!)}`)}Found ${leaked.length} IPs that are allocated in IPAM but not actually in use.\n`;
  yield 'Scanning for IPs that are in use by a workload or node but not allocated in IPAM...\n';
  yield* unallocatedCounts(survey, all || problems);
  const empty = of('leaked-handle');
  const matches = snapshot.soundHandles + [...snapshot.handles.keys()].filter((handle) => snapshot.held.has(handle)).length;
  yield `Scanning for IPAM handles with no matching IPs...\n${list(empty, ({ subject }) => `${subject} doesn't have any active IPs.`)}Found ${empty.length} handles with no matching IPs (and ${matches} handles with matches).\n`;
  yield `Scanning for IPs with missing handle...\n${list(of('missing-handle'), ({ subject }) => `${subject} is in use in a block but doesn't exist.`)}Found ${of('missing-handle').length} handles mentioned in blocks with no matching handle resource.\n`;
  yield `Found ${of('handle-count').length} handles whose counts differ from the blocks.\n\nScanning blocks, affinities, pools and nodes...\n`;
  yield `Found ${of('unreadable', 'damaged-block', 'overlapping-blocks', 'block-outside-pools', 'block-size').length} blocks and keys that are damaged or out of place.\n`;
  yield `Found ${of('vanished-node').length} nodes that are gone and still have blocks.\n`;
  yield `Found ${of('orphaned-affinity', 'foreign-affinity', 'half-made-affinity', 'missing-affinity').length} affinities that do not agree with their block.\n`;
  yield `Found ${of('exhausted-pool', 'nearly-exhausted-pool', 'exhausted-node', 'nearly-exhausted-node').length} pools and nodes that are exhausted or nearly exhausted.\n`;
}

/** What the official tool says of addresses in use: it does not ask whether they are of Calico's at all. */
function* unallocatedCounts(survey: Survey, problems: boolean): Generator<string> {
  const { snapshot } = survey;
  const shared = [...snapshot.uses.shared()].filter(([, users]) => givenUses(users).length > 1);
  const outside = snapshot.unallocated.filter((each) => each.pool === undefined && isPoolKnown(survey, each));
  const inside = snapshot.unallocated.filter(({ pool, allocated }) => pool !== undefined && !allocated);
  const foreign = [...outside, ...inside].filter((each) => !each.allocated && !isManaged(each)).length;
  const list = (all: readonly Unallocated[], text: string): string => (problems ? all.map(({ ip, use }) => `${safe(`  ${formatIp(ip)} in use by ${ownerText(use)} ${text}`)}\n`).join('') : '');
  if (problems) for (const [ip] of shared) yield `  ${formatIp(ip)} has multiple owners.\n`;
  yield list(outside, 'is not in any active IP pool.');
  yield list(inside, 'and in active IPAM pool but has no IPAM allocation.');
  yield `Found ${outside.length} in-use IPs that are not in active IP pools.\nFound ${inside.length} in-use IPs that are in active IP pools but have no corresponding IPAM allocation.\n`;
  if (foreign > 0) yield `  ${foreign} of these in-use IPs ${foreign === 1 ? 'was' : 'were'} not assigned by Calico IPAM, which is not a problem.\n`;
  yield `Found ${shared.length} IPs with multiple owners.\n\n`;
}

function byCode(findings: readonly Finding[]): Map<FindingCode, Finding[]> {
  const groups = new Map<FindingCode, Finding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.code);
    if (group === undefined) groups.set(finding.code, [finding]);
    else group.push(finding);
  }
  return groups;
}

/** Handle and attributes in the words of the official tool. */
function attributesText({ attribute, handle }: { readonly attribute: Attribute | undefined; readonly handle: string | undefined }): string {
  if (attribute === undefined) return 'attrs <missing>';
  const pairs = (attributes: Readonly<Record<string, string>>): string => Object.entries(attributes).sort(([a], [b]) => compareBytes(a, b)).map(([name, value]) => `${name}=${value}`).join(',');
  const alternate = attribute.alternateOwnerAttrs ?? {};
  return `attrs Main:${handle ?? '<none>'} Extra:${pairs(attribute.secondary ?? {})}${Object.keys(alternate).length === 0 ? '' : ` Alternate:${pairs(alternate)}`}`;
}

function belongsText(address: string, use: Use): string {
  return `${safe(`  ${address} belongs to ${ownerText(use)}`)}\n`;
}
