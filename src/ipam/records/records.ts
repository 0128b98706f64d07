import { isMap } from '../../base/data.js';
import { goJson, goJsonString } from '../../go/json.js';
import { goMap, parseJson } from '../../go/read-json.js';
import type { Unreadable } from './block-codec.js';

/** How many addresses a handle holds in each block, by the block's CIDR as text. */
export type HandleCounts = ReadonlyMap<string, number>;

/** An affinity is claimed in two steps and given up in two; blocks are used only in the second (older versions wrote no state). */
export type AffinityState = '' | 'pending' | 'confirmed' | 'pendingDeletion';

/** How addresses are handed out (reference/ipam 1). */
export interface Configuration {
  readonly strictAffinity: boolean;
  readonly autoAllocateBlocks: boolean;
  /** 0: the default of 20. */
  readonly maxBlocksPerHost: number;
  readonly addressPersistence: string | undefined;
  /** Fields of newer versions, kept as they are. */
  readonly others: Readonly<Record<string, unknown>>;
}

/** What holds where nothing is stored; the official tool writes this when it merely reads. */
export const DEFAULT_CONFIGURATION: Configuration = {
  strictAffinity: false,
  autoAllocateBlocks: true,
  maxBlocksPerHost: 0,
  addressPersistence: 'Enabled',
  others: {},
};

export const CONFIRMED = '{"state":"confirmed","deleted":false}';

const STATES: readonly string[] = ['', 'pending', 'confirmed', 'pendingDeletion'];

/** Reads a handle: the number of its addresses in each block. */
export function decodeHandle(text: string): { readonly counts: HandleCounts } | Unreadable {
  const value = decodeObject(text);
  if (!isMap(value)) return { problem: 'not a JSON object' };
  const stored = value['block'] ?? {};
  if (!isMap(stored)) return { problem: 'block is not an object' };
  const counts = new Map<string, number>();
  for (const cidr in stored) {
    const count = stored[cidr];
    if (!Number.isSafeInteger(count)) return { problem: `the count of block ${cidr} is not a whole number` };
    counts.set(cidr, count as number);
  }
  return { counts };
}

export function encodeHandle(counts: HandleCounts): string {
  return `{"block":${goMap(counts, String)},"deleted":false}`;
}

/** Reads an affinity. An empty value, as very old versions wrote, has no state. */
export function decodeAffinity(text: string): { readonly state: AffinityState } | Unreadable {
  const value = text === '' ? {} : decodeObject(text);
  if (!isMap(value)) return { problem: 'not a JSON object' };
  const state = value['state'] ?? '';
  if (typeof state !== 'string' || !STATES.includes(state)) return { problem: `unknown state ${JSON.stringify(state)}` };
  return { state: state as AffinityState };
}

/** Why the marker of a host says nothing: the official tool fails on one that is no JSON object (reference/ipam 1); undefined where it is one. */
export function markerProblem(text: string): string | undefined {
  return isMap(decodeObject(text)) ? undefined : 'not a JSON object';
}

/** Reads the stored configuration; undefined (no key) gives the default. Absent fields are false, 0 and unset. */
export function decodeConfiguration(text: string | undefined): Configuration | Unreadable {
  if (text === undefined) return DEFAULT_CONFIGURATION;
  const value = decodeObject(text);
  if (!isMap(value)) return { problem: 'not a JSON object' };
  const { strict_affinity: strict, auto_allocate_blocks: allocate, maxBlocksPerHost: most, kubeVirtVMAddressPersistence: persistence, ...others } = value;
  if (typeof (strict ?? false) !== 'boolean') return { problem: 'strict_affinity is neither true nor false' };
  if (typeof (allocate ?? false) !== 'boolean') return { problem: 'auto_allocate_blocks is neither true nor false' };
  if (!Number.isSafeInteger(most ?? 0)) return { problem: 'maxBlocksPerHost is not a whole number' };
  if (typeof (persistence ?? '') !== 'string') return { problem: 'kubeVirtVMAddressPersistence is not text' };
  return {
    strictAffinity: strict === true,
    autoAllocateBlocks: allocate === true,
    maxBlocksPerHost: (most ?? 0) as number,
    addressPersistence: (persistence ?? undefined) as string | undefined,
    others,
  };
}

/** The stored form: fields that are false, 0 or unset are left out; unknown fields follow. */
export function encodeConfiguration(configuration: Configuration): string {
  const { strictAffinity, autoAllocateBlocks, maxBlocksPerHost, addressPersistence, others } = configuration;
  const fields: string[] = [];
  if (strictAffinity) fields.push('"strict_affinity":true');
  if (autoAllocateBlocks) fields.push('"auto_allocate_blocks":true');
  if (maxBlocksPerHost !== 0) fields.push(`"maxBlocksPerHost":${maxBlocksPerHost}`);
  if (addressPersistence !== undefined) fields.push(`"kubeVirtVMAddressPersistence":${goJsonString(addressPersistence)}`);
  for (const [name, value] of Object.entries(others)) fields.push(`${goJsonString(name)}:${goJson(value)}`);
  return `{${fields.join(',')}}`;
}

function decodeObject(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
