import { isMap } from '../../base/data.js';
import { compareBytes, goJsonString } from '../../go/json.js';
import { addressTextAt } from '../records/block.js';
import type { Block } from '../records/block-codec.js';
import { leakedHandles } from '../check/handles.js';
import { parseJson } from '../../go/read-json.js';
import { wholeBlock, type StoredBlock } from '../records/stored-block.js';
import { allocationAt, canBeJudged, ownersOf, sequenceOf, type Allocation, type Survey } from '../snapshot/allocations.js';

/** What a report says of an allocated address. */
export interface ReportedAddress {
  readonly ip: string;
  readonly handle: string;
  /** Absent in reports of old versions. */
  readonly sequenceNumber: bigint | undefined;
  readonly inUse: boolean;
}

export interface ReportedHandle {
  readonly id: string;
  readonly revision: string;
}

/** A report of `ipam check -o`, of ours or of the official tool (reference/ipam 9). */
export interface IpamReport {
  readonly version: string;
  readonly clusterGuid: string;
  readonly clusterRevision: string;
  readonly datastoreLocked: boolean;
  readonly allocations: readonly ReportedAddress[];
  readonly leakedHandles: readonly ReportedHandle[];
}

/**
 * The report as official 3.32 writes it, in pieces. `version` is that of the tool. An address whose use the store
 * cannot tell counts as in use, so that no report ever offers it for release.
 */
export function* reportText(survey: Survey, version: string): Generator<string> {
  const { cluster } = survey.snapshot;
  yield `{\n  "version": ${goJsonString(version)},\n  "clusterGUID": ${goJsonString(cluster?.guid ?? '')},\n  "datastoreLocked": ${cluster?.locked ?? false},\n`;
  yield `  "clusterInformationRevision": ${goJsonString(cluster?.revision ?? '')},\n  "clusterType": ${goJsonString(cluster?.type ?? '')},\n  "allocations": {`;
  const block = recentBlocks();
  let last: string | undefined;
  for (const { address, stored, ordinal } of allocatedPlaces(survey.snapshot.blocks)) {
    yield address === last ? ',\n' : `${last === undefined ? '' : '\n    ],'}\n    "${address}": [\n`;
    yield allocationText(survey, allocationAt(block(stored), ordinal));
    last = address;
  }
  yield last === undefined ? '}' : '\n    ]\n  }';
  const handles = leakedHandles(survey).map(({ subject }) => handleText(subject, survey.snapshot.handles.get(subject)!.modRevision));
  yield handles.length === 0 ? '\n}' : `,\n  "leakedHandles": [\n${handles.join(',\n')}\n  ]\n}`;
}

/** Reads a report; a text where it is none, saying why. */
export function parseReport(text: string): IpamReport | { readonly problem: string } {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    return { problem: `not JSON: ${(error as Error).message}` };
  }
  if (!isMap(value)) return { problem: 'not a JSON object' };
  const { allocations = {}, leakedHandles: handles = [] } = value;
  if (!isMap(allocations)) return { problem: 'allocations is not an object' };
  const addresses = Object.values(allocations).flatMap((list) => (Array.isArray(list) ? list.filter(isMap) : []));
  return {
    version: textOf(value['version']),
    clusterGuid: textOf(value['clusterGUID']),
    clusterRevision: textOf(value['clusterInformationRevision']),
    datastoreLocked: value['datastoreLocked'] === true,
    allocations: addresses.map(readAddress),
    leakedHandles: (Array.isArray(handles) ? handles.filter(isMap) : []).map((handle) => ({ id: textOf(handle['ID']), revision: textOf(handle['Revision']) })),
  };
}

/** The addresses and handles that every report calls unused, in the words of the first. */
export function agreedBy(reports: readonly IpamReport[]): { readonly addresses: readonly ReportedAddress[]; readonly handles: readonly ReportedHandle[] } {
  const [first, ...others] = reports;
  const unused = others.map((report) => new Set(report.allocations.filter(({ inUse }) => !inUse).map(addressIdentity)));
  const leaked = others.map((report) => new Set(report.leakedHandles.map(handleIdentity)));
  return {
    addresses: (first?.allocations ?? []).filter((address) => !address.inUse && unused.every((set) => set.has(addressIdentity(address)))),
    handles: (first?.leakedHandles ?? []).filter((handle) => leaked.every((set) => set.has(handleIdentity(handle)))),
  };
}

/** An address that is allocated, and where that is recorded. */
interface Place {
  readonly address: string;
  readonly stored: StoredBlock;
  readonly ordinal: number;
}

/** Every allocation in order of address, where blocks overlap in order of block. What is sorted are numbers: there are very many. */
function* allocatedPlaces(blocks: readonly StoredBlock[]): Generator<Place> {
  const count = blocks.reduce((sum, { ordinals }) => sum + ordinals.length, 0);
  const addresses = new Array<string>(count);
  const [holders, places] = [new Uint32Array(count), new Uint32Array(count)];
  let next = 0;
  for (const [holder, stored] of blocks.entries()) {
    for (const ordinal of stored.ordinals) {
      addresses[next] = addressTextAt(stored, ordinal);
      holders[next] = holder;
      places[next++] = ordinal;
    }
  }
  const order = Uint32Array.from(addresses.keys()).sort((a, b) => compareBytes(addresses[a]!, addresses[b]!) || a - b);
  for (const index of order) yield { address: addresses[index]!, stored: blocks[holders[index]!]!, ordinal: places[index]! };
}

/**
 * Reads whole blocks, and keeps the last few: addresses in order of text go to and fro between neighbouring blocks. They are kept in
 * a list, because a Map that is always changed leaves tables behind that lead from one to the next and hold each other in memory.
 */
function recentBlocks(): (stored: StoredBlock) => Block {
  const most = 8;
  const recent: { readonly stored: StoredBlock; readonly block: Block }[] = [];
  return (stored) => {
    const known = recent.find((each) => each.stored === stored);
    if (known !== undefined) return known.block;
    const block = wholeBlock(stored);
    recent.unshift({ stored, block });
    if (recent.length > most) recent.pop();
    return block;
  };
}

function allocationText(survey: Survey, allocation: Allocation): string {
  const host = affinityHost(allocation.block);
  const { pod = '', namespace = '', node = host, type = '', timestamp = '' } = allocation.attribute?.secondary ?? {};
  const owners = ownersOf(survey, allocation);
  const fields: [string, string][] = [['ip', goJsonString(allocation.address)]];
  const add = (name: string, text: string): void => {
    if (text !== '') fields.push([name, goJsonString(text)]);
  };
  add('handle', allocation.handle ?? '');
  fields.push(['sequenceNumber', String(sequenceOf(allocation))]);
  for (const [name, text] of Object.entries({ pod, namespace, node, type, creationTimestamp: timestamp })) add(name, text);
  fields.push(['inUse', String(owners.length > 0 || !canBeJudged(survey, allocation))]);
  if (node !== host) fields.push(['borrowed', 'true']);
  fields.push(['owners', owners.length === 0 ? 'null' : `[\n${owners.map((owner) => `          ${goJsonString(owner)}`).join(',\n')}\n        ]`]);
  return `      {\n${fields.map(([name, text]) => `        "${name}": ${text}`).join(',\n')}\n      }`;
}

/** The host a block is set aside for, empty for any other owner: reports take it for an address that does not say its node. */
function affinityHost({ affinity }: Block): string {
  return affinity?.startsWith('host:') ? affinity.slice('host:'.length) : '';
}

function handleText(id: string, revision: string): string {
  return `    {\n      "ID": ${goJsonString(id)},\n      "UID": null,\n      "Revision": ${goJsonString(revision)}\n    }`;
}

function readAddress(value: Record<string, unknown>): ReportedAddress {
  const number = value['sequenceNumber'];
  const sequenceNumber = typeof number === 'bigint' ? number : Number.isInteger(number) ? BigInt(number as number) : undefined;
  return { ip: textOf(value['ip']), handle: textOf(value['handle']), sequenceNumber, inUse: value['inUse'] !== false };
}

function addressIdentity({ ip, handle, sequenceNumber }: ReportedAddress): string {
  return `${ip} ${handle} ${sequenceNumber ?? ''}`;
}

function handleIdentity({ id, revision }: ReportedHandle): string {
  return `${revision} ${id}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
