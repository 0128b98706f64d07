import { isMap } from '../../base/data.js';
import { CalicoError } from '../../base/errors.js';
import { goJsonString } from '../../go/json.js';
import { formatCidr, network, parseCidr, type Cidr } from '../../net/address.js';
import { goMap, parseJson } from '../../go/read-json.js';

/** Who has an address, in the words of the stored JSON; absent and empty are the same when stored. */
export interface Attribute {
  readonly handle_id?: string | null;
  /** The active owner: pod, namespace, node, type ... */
  readonly secondary?: Readonly<Record<string, string>> | null;
  readonly alternateOwnerAttrs?: Readonly<Record<string, string>> | null;
}

/** A block of addresses as Calico stores it (reference/ipam 1). */
export interface Block {
  readonly cidr: Cidr;
  /** `host:<node>`, `virtual:<name>`, or null for a block nobody has claimed. */
  readonly affinity: string | null;
  readonly claimTime?: string | undefined;
  /** For each address of the block the index of its attribute, or null where it is free. */
  readonly allocations: readonly (number | null)[];
  /** Free ordinals in the order in which they will be allocated. */
  readonly unallocated: readonly number[];
  readonly attributes: readonly Attribute[] | null;
  readonly sequenceNumber: bigint;
  /** The block's number before the write that allocated the ordinal. */
  readonly sequences: ReadonlyMap<string, bigint> | null;
  readonly deleted: boolean;
  readonly hostAffinity?: string | undefined;
}

/** A value that could not be read: what is wrong with it, for people. */
export interface Unreadable {
  readonly problem: string;
}

const BIGGEST = (1n << 64n) - 1n;
const TAIL_START = ',"sequenceNumber":';
const TAIL = /,"sequenceNumber":(0|[1-9]\d*),"sequenceNumberForAllocation":(?:null|\{([^{}]*)\}),"deleted":(true|false)\}$/y;
const SEQUENCES = /^(?:"\d+":(?:0|[1-9]\d*)(?:,(?=")|$))*$/;
const SEQUENCE = /"(\d+)":(\d+)/g;

/** Reads a stored block. Sequence numbers stay exact; blocks of older versions lack them and count from 0. */
export function decodeBlock(text: string): Block | Unreadable {
  if (text === '') return { problem: 'the value is empty' };
  try {
    return decodeFast(text) ?? decodeFields(parseJson(text));
  } catch (error) {
    if (error instanceof SyntaxError) return { problem: `not JSON: ${error.message}` };
    throw error;
  }
}

/** Whether a decoder gave up on the value. */
export function isUnreadable(value: object): value is Unreadable {
  return 'problem' in value;
}

/** The exact bytes Calico writes: compact, its order of fields, `null` and omitted fields where it has them. Throws CalicoError past the last sequence number. */
export function encodeBlock(block: Block): string {
  const { attributes, sequences } = block;
  if (block.sequenceNumber > BIGGEST) throw new CalicoError('exhausted', `the block ${formatCidr(block.cidr)} can no longer be changed: its sequence number is the highest that a block can have`);
  return (
    `{"cidr":"${formatCidr(block.cidr)}","affinity":${block.affinity === null ? 'null' : goJsonString(block.affinity)}` +
    (block.claimTime === undefined ? '' : `,"affinity_claim_time":${goJsonString(block.claimTime)}`) +
    `,"allocations":[${block.allocations.map((index) => index ?? 'null').join(',')}]` +
    `,"unallocated":[${block.unallocated.join(',')}]` +
    `,"attributes":${attributes === null ? 'null' : `[${attributes.map(encodeAttribute).join(',')}]`}` +
    `,"sequenceNumber":${block.sequenceNumber}` +
    `,"sequenceNumberForAllocation":${sequences === null ? 'null' : goMap(sequences, String)}` +
    `,"deleted":${block.deleted}` +
    (block.hostAffinity === undefined ? '' : `,"hostAffinity":${goJsonString(block.hostAffinity)}`) +
    '}'
  );
}

/**
 * The usual layout ends in the sequence numbers. They are cut off and read exactly; what is before them, closed with
 * a brace, must be a whole object, which proves that the cut was not inside a string or a nested value.
 */
function decodeFast(text: string): Block | Unreadable | undefined {
  const cut = text.lastIndexOf(TAIL_START);
  if (cut < 0) return undefined;
  TAIL.lastIndex = cut;
  const tail = TAIL.exec(text);
  if (!tail) return undefined;
  const sequences = tail[2];
  if (sequences !== undefined && !SEQUENCES.test(sequences)) return undefined;
  let head: unknown;
  try {
    head = JSON.parse(`${text.slice(0, cut)}}`);
  } catch {
    return undefined;
  }
  if (!isMap(head)) return undefined;
  return assemble(head, BigInt(tail[1]!), () => (sequences === undefined ? null : readSequences(sequences)), tail[3] === 'true');
}

function readSequences(text: string): Map<string, bigint> {
  return new Map([...text.matchAll(SEQUENCE)].map((match) => [match[1]!, BigInt(match[2]!)]));
}

function decodeFields(value: unknown): Block | Unreadable {
  if (!isMap(value)) return { problem: 'not a JSON object' };
  const number = sequenceOf(value['sequenceNumber'] ?? 0);
  if (number === undefined) return { problem: 'sequenceNumber is not a whole number from 0' };
  const stored = value['sequenceNumberForAllocation'] ?? null;
  if (stored !== null && !isMap(stored)) return { problem: 'sequenceNumberForAllocation is not an object' };
  const sequences = stored === null ? null : new Map<string, bigint>();
  for (const [ordinal, raw] of Object.entries(stored ?? {})) {
    const sequence = sequenceOf(raw);
    if (sequence === undefined) return { problem: `the sequence number of ordinal ${ordinal} is not a whole number from 0` };
    sequences!.set(ordinal, sequence);
  }
  const deleted = value['deleted'] ?? false;
  if (typeof deleted !== 'boolean') return { problem: 'deleted is neither true nor false' };
  return assemble(value, number, () => sequences, deleted);
}

/** Sequence numbers are read when they are asked for: they matter only where an address is allocated or released. */
function assemble(value: Record<string, unknown>, sequenceNumber: bigint, readSequences: () => ReadonlyMap<string, bigint> | null, deleted: boolean): Block | Unreadable {
  const { cidr, affinity = null, affinity_claim_time: claimTime, hostAffinity } = value;
  const { allocations, attributes = null } = value;
  const unallocated = value['unallocated'] ?? [];
  if (cidr === undefined || cidr === null) return { problem: 'cidr is missing' };
  const parsed = typeof cidr === 'string' ? parseCidr(cidr) : undefined;
  if (parsed === undefined) return { problem: 'cidr is not a network' };
  if (affinity !== null && typeof affinity !== 'string') return { problem: 'affinity is not text' };
  if (!isOptionalText(claimTime)) return { problem: 'affinity_claim_time is not text' };
  if (!isOptionalText(hostAffinity)) return { problem: 'hostAffinity is not text' };
  if (!isListOf(allocations, (entry) => entry === null || Number.isInteger(entry))) return { problem: 'allocations is not a list of whole numbers' };
  if (!isListOf(unallocated, Number.isInteger)) return { problem: 'unallocated is not a list of whole numbers' };
  if (attributes !== null && !isListOf(attributes, isAttribute)) return { problem: 'attributes is not a list of handles and texts' };
  if (sequenceNumber > BIGGEST) return { problem: 'sequenceNumber is too large' };
  let sequences: ReadonlyMap<string, bigint> | null | undefined;
  return {
    cidr: network(parsed),
    affinity,
    ...(typeof claimTime === 'string' ? { claimTime } : {}),
    allocations: allocations as (number | null)[],
    unallocated: unallocated as number[],
    attributes: attributes as Attribute[] | null,
    sequenceNumber,
    get sequences() {
      return sequences === undefined ? (sequences = readSequences()) : sequences;
    },
    deleted,
    ...(typeof hostAffinity === 'string' ? { hostAffinity } : {}),
  };
}

function sequenceOf(value: unknown): bigint | undefined {
  const number = typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value;
  return typeof number === 'bigint' && number >= 0n && number <= BIGGEST ? number : undefined;
}

function isOptionalText(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'string';
}

function isListOf(value: unknown, accepts: (entry: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(accepts);
}

function isAttribute(value: unknown): boolean {
  return isMap(value) && isOptionalText(value['handle_id']) && isTextMap(value['secondary']) && isTextMap(value['alternateOwnerAttrs']);
}

function isTextMap(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (!isMap(value)) return false;
  for (const key in value) if (typeof value[key] !== 'string') return false;
  return true;
}

function encodeAttribute(attribute: Attribute): string {
  const fields: string[] = [];
  if (typeof attribute.handle_id === 'string') fields.push(`"handle_id":${goJsonString(attribute.handle_id)}`);
  for (const field of ['secondary', 'alternateOwnerAttrs'] as const) {
    const entries = Object.entries(attribute[field] ?? {});
    if (entries.length > 0) fields.push(`"${field}":${goMap(entries, goJsonString)}`);
  }
  return `{${fields.join(',')}}`;
}
