import { isMap, type Data } from '../../base/data.js';
import { bits, containsCidr, overlaps, parseCidr, parseCidrOrIp, type Cidr } from '../../net/address.js';
import type { Entry } from '../../datastore/store.js';
import type { AsStored } from '../../resources/fields/field.js';
import { prefixOf } from '../../resources/keys.js';
import { parseStored, shapeProblem } from '../../resources/stored-shape.js';
import { USUAL_USES, usualBlockSize } from '../../resources/v3/ip-pool-defaults.js';
import { STORED_AS, type Specs } from '../../resources/v3/stored-as.js';
import { isUnreadable, type Unreadable } from '../records/block-codec.js';
import { StoredFields } from './stored-fields.js';
import { NOT_UTF8, type UnreadableKey } from './unreadable.js';
import { matches } from '../../selector/matches.js';
import { parseSelector } from '../../selector/parse.js';

export const POOL_PREFIX = prefixOf(STORED_AS.IPPool);
export const RESERVATION_PREFIX = prefixOf(STORED_AS.IPReservation);
export const NODE_PREFIX = prefixOf(STORED_AS.Node);
export const ENDPOINT_PREFIX = prefixOf(STORED_AS.WorkloadEndpoint);
export const HOST_ENDPOINT_PREFIX = prefixOf(STORED_AS.HostEndpoint);

/** What address management needs of an IPPool; defaults of older objects filled in. */
export interface Pool {
  readonly name: string;
  readonly cidr: Cidr;
  readonly blockSize: number;
  readonly disabled: boolean;
  readonly nodeSelector: string;
  readonly namespaceSelector: string | undefined;
  readonly allowedUses: readonly string[];
  readonly manual: boolean;
  /** False where a status condition says that nothing may be allocated. */
  readonly allocatable: boolean;
}

/** Reads an IPPool: those of an older release lack fields. */
export function decodePool({ key, value, invalid }: StoredText): Pool | Unreadable {
  const resource = invalid ? NOT_UTF8 : readResource('IPPool', value);
  if (isUnreadable(resource)) return resource;
  const { spec, status } = resource;
  const fields = new StoredFields();
  const cidrText = fields.text(spec.cidr, 'spec.cidr');
  const cidr = parseCidr(cidrText);
  if (cidr === undefined) fields.odd('spec.cidr', cidrText === '' ? 'is not there' : `is ${JSON.stringify(cidrText)}, which is not a network`);
  const uses = fields.texts(spec.allowedUses, 'spec.allowedUses');
  const pool = {
    name: key.slice(POOL_PREFIX.length),
    blockSize: blockSizeOf(fields, spec.blockSize, cidr),
    disabled: fields.isTrue(spec.disabled, 'spec.disabled'),
    nodeSelector: fields.text(spec.nodeSelector, 'spec.nodeSelector'),
    namespaceSelector: fields.text(spec.namespaceSelector, 'spec.namespaceSelector') || undefined,
    allowedUses: uses.length > 0 ? uses : USUAL_USES,
    manual: fields.text(spec.assignmentMode, 'spec.assignmentMode') === 'Manual',
    allocatable: !conditions(status).some((condition) => condition['type'] === 'Allocatable' && condition['status'] === 'False'),
  };
  return cidr === undefined || fields.problem !== undefined ? { problem: fields.problem! } : { ...pool, cidr };
}

/** The prefix length of a pool's blocks; absent or 0 is the default of its family. */
function blockSizeOf(fields: StoredFields, stored: unknown, cidr: Cidr | undefined): number {
  const longest = cidr === undefined ? 32 : bits(cidr.address);
  const size = stored ?? 0;
  if (typeof size === 'number' && Number.isInteger(size) && size >= 0 && size <= longest) return size === 0 && cidr !== undefined ? usualBlockSize(cidr) : size;
  fields.odd('spec.blockSize', `is ${JSON.stringify(String(size))}, which is not a prefix length`);
  return longest;
}

/** Those of the stored pools that can be read, in their order, and the others with what is wrong with them. */
export function readablePools(entries: Iterable<StoredText>): { readonly pools: Pool[]; readonly unreadable: UnreadableKey[] } {
  const [pools, unreadable]: [Pool[], UnreadableKey[]] = [[], []];
  for (const entry of entries) {
    const pool = decodePool(entry);
    if (isUnreadable(pool)) unreadable.push({ key: entry.key, problem: pool.problem });
    else pools.push(pool);
  }
  return { pools, unreadable };
}

/** Whether some pool makes this very block, or may make it: one that cannot be read, where no other has addresses of it, since pools share none. */
export function mayMake(cidr: Cidr, pools: readonly Pool[], unknown: readonly UnreadableKey[]): boolean {
  if (pools.some((pool) => pool.blockSize === cidr.length && containsCidr(pool.cidr, cidr))) return true;
  return unknown.length > 0 && !pools.some((pool) => overlaps(pool.cidr, cidr));
}

/** The networks an IPReservation keeps from automatic assignment. */
export function decodeReservation({ value, invalid }: StoredText): Cidr[] | Unreadable {
  const resource = invalid ? NOT_UTF8 : readResource('IPReservation', value);
  if (isUnreadable(resource)) return resource;
  const fields = new StoredFields();
  const cidrs = fields.texts(resource.spec.reservedCIDRs, 'spec.reservedCIDRs').map((text, index) => {
    const cidr = parseCidrOrIp(text);
    if (cidr === undefined) fields.odd(`spec.reservedCIDRs[${index}]`, `is ${JSON.stringify(text)}, which is not a network`);
    return cidr;
  });
  return fields.problem === undefined ? cidrs.filter((cidr) => cidr !== undefined) : { problem: fields.problem };
}

/** The labels of a stored Node; undefined where it cannot be read. */
export function decodeLabels(value: string): Readonly<Record<string, string>> | undefined {
  const node = readResource('Node', value);
  return isUnreadable(node) ? undefined : ((node.metadata['labels'] ?? {}) as Record<string, string>);
}

/** Whether the pool is for nodes with these labels. A selector that cannot be read selects nothing. */
export function selectsNode(pool: Pool, labels: Readonly<Record<string, string>>): boolean {
  return selects(pool.nodeSelector, labels);
}

/** Whether a v3 selector is true for the labels; blank text is true for all, text that is not a selector for none. */
export function selects(selector: string, labels: Readonly<Record<string, string>>): boolean {
  const parsed = parseSelector(selector, 'v3');
  return parsed.ok && matches(parsed.selector, labels);
}

/** The parts of a stored v3 object. */
export interface StoredResource<Spec extends Data> {
  readonly metadata: Record<string, unknown>;
  readonly spec: AsStored<Spec>;
  readonly status: unknown;
}

/** A stored value and its key; `invalid` where one of them is not UTF-8. */
export type StoredText = Pick<Entry, 'key' | 'value' | 'invalid'>;

/** Reads a stored v3 object of a kind; it says why where the value is none, in the words of everything that reads such. */
export function readResource<Kind extends keyof Specs>(kind: Kind, value: string): StoredResource<Specs[Kind]> | Unreadable {
  const parsed = parseStored(value);
  if ('problem' in parsed) return parsed;
  const { raw } = parsed;
  const problem = shapeProblem(kind, raw);
  if (problem !== undefined) return { problem };
  const { metadata, spec, status } = raw as Record<string, unknown>;
  return { metadata: metadata as Record<string, unknown>, spec: spec ?? {}, status };
}

/** The parts of a stored v3 object for who can do without it, or undefined where the value is none. Its key says what it is. */
export function parseResource<Kind extends keyof Specs>(_kind: Kind, value: string): StoredResource<Specs[Kind]> | undefined {
  try {
    const resource: unknown = JSON.parse(value);
    if (!isMap(resource)) return undefined;
    const { metadata, spec, status } = resource;
    return { metadata: isMap(metadata) ? metadata : {}, spec: isMap(spec) ? spec : {}, status };
  } catch {
    return undefined;
  }
}

function conditions(status: unknown): Record<string, unknown>[] {
  const list = isMap(status) ? status['conditions'] : undefined;
  return Array.isArray(list) ? list.filter(isMap) : [];
}
