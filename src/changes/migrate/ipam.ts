import { isMap } from '../../base/data.js';
import type { Entry } from '../../datastore/store.js';
import { goJson } from '../../go/json.js';
import { parseJson } from '../../go/read-json.js';
import { decodeBlock, encodeBlock, isUnreadable, type Attribute, type Block } from '../../ipam/records/block-codec.js';
import { affinityKey, affinityText, BLOCK_PREFIX, CONFIG_KEY, HANDLE_PREFIX, handleKey, parseAffinityKey, parseAffinityText, parseBlockKey } from '../../ipam/records/keys.js';
import { decodeAffinity, decodeConfiguration, decodeHandle, encodeConfiguration, encodeHandle } from '../../ipam/records/records.js';

/** A key of address management as an export holds it. */
export interface IpamRecord {
  readonly Key: string;
  readonly Value: unknown;
  /** Nanoseconds that the key lives; 0 for ever. Nothing of IPAM has any. */
  readonly TTL: number;
}

/** The third part of an export, as the official tool prints it; what there is none of is absent. */
export interface IpamExport {
  readonly block_affinities?: readonly IpamRecord[];
  readonly blocks?: readonly IpamRecord[];
  readonly handles?: readonly IpamRecord[];
  readonly config?: IpamRecord;
}

/** How nodes will be called, by their names now. */
export type NodeNames = ReadonlyMap<string, string>;

/** Handles of a node's own addresses end with its name. */
const TUNNEL_HANDLE = /^((?:ipip|vxlan|wireguard)-tunnel-addr-)(.*)$/s;

/** Address management, with nodes called as they will be. What cannot be read goes to `problems`. */
export function exportedIpam(entries: readonly Entry[], nodes: NodeNames, problems: string[]): IpamExport {
  const [affinities, blocks, handles]: IpamRecord[][] = [[], [], []];
  let config: IpamRecord | undefined;
  for (const entry of entries) {
    const read = exportedRecord(entry, nodes);
    if (read === undefined) continue;
    if ('problem' in read) problems.push(`${entry.key} cannot be read: ${read.problem}`);
    else if (entry.key === CONFIG_KEY) config = read;
    else (entry.key.startsWith(BLOCK_PREFIX) ? blocks : entry.key.startsWith(HANDLE_PREFIX) ? handles : affinities)?.push(read);
  }
  const lists = { block_affinities: affinities, blocks, handles };
  return { ...Object.fromEntries(Object.entries(lists).filter(([, list]) => list !== undefined && list.length > 0)), ...(config === undefined ? {} : { config }) };
}

/** A record under the key it will have; undefined for a key that is none, such as the marker of a host. */
function exportedRecord({ key, value, invalid }: Entry, nodes: NodeNames): IpamRecord | { readonly problem: string } | undefined {
  const kind = kindOfKey(key);
  if (kind === undefined) return undefined;
  const text = invalid === true ? { problem: 'not UTF-8' } : canonicalRecord(kind, value, nodes);
  return typeof text === 'string' ? { Key: renamedKey(key, nodes), Value: parseJson(text), TTL: 0 } : text;
}

export type RecordKind = 'block' | 'affinity' | 'handle' | 'config';

/** What a key of address management holds; undefined for one that is none of these. */
export function kindOfKey(key: string): RecordKind | undefined {
  if (key === CONFIG_KEY) return 'config';
  if (key.startsWith(HANDLE_PREFIX) && key.length > HANDLE_PREFIX.length) return 'handle';
  return parseBlockKey(key) !== undefined ? 'block' : parseAffinityKey(key) !== undefined ? 'affinity' : undefined;
}

const SAME: NodeNames = new Map();

/** The text that Calico stores for a record, or what is wrong with it. */
export function canonicalRecord(kind: RecordKind, text: string, nodes: NodeNames = SAME): string | { readonly problem: string } {
  if (kind === 'block') {
    const block = decodeBlock(text);
    return isUnreadable(block) ? block : encodeBlock(renamedBlock(block, nodes));
  }
  if (kind === 'handle') {
    const handle = decodeHandle(text);
    return isUnreadable(handle) ? handle : encodeHandle(handle.counts);
  }
  if (kind === 'config') {
    const config = decodeConfiguration(text);
    return isUnreadable(config) ? config : encodeConfiguration(config);
  }
  const affinity = decodeAffinity(text);
  return isUnreadable(affinity) ? affinity : goJson({ state: affinity.state, deleted: isDeleted(text) });
}

function isDeleted(text: string): boolean {
  const value = text === '' ? undefined : parseJson(text);
  return isMap(value) && value['deleted'] === true;
}

function renamedBlock(block: Block, nodes: NodeNames): Block {
  const host = parseAffinityText(block.affinity)?.name ?? block.hostAffinity;
  const renamed = host === undefined || parseAffinityText(block.affinity)?.type === 'virtual' ? undefined : nodes.get(host);
  const attributes = block.attributes?.map((attribute) => renamedAttribute(attribute, nodes)) ?? null;
  return { ...block, attributes, ...(renamed === undefined ? {} : { affinity: affinityText({ type: 'host', name: renamed }) }) };
}

function renamedAttribute(attribute: Attribute, nodes: NodeNames): Attribute {
  const node = nodes.get(attribute.secondary?.['node'] ?? '');
  const { handle_id: handle } = attribute;
  return {
    ...attribute,
    ...(typeof handle === 'string' ? { handle_id: renamedHandle(handle, nodes) } : {}),
    ...(node === undefined ? {} : { secondary: { ...attribute.secondary, node } }),
  };
}

function renamedHandle(handle: string, nodes: NodeNames): string {
  const [, prefix = '', node = ''] = TUNNEL_HANDLE.exec(handle) ?? [];
  const renamed = nodes.get(node);
  return prefix === '' || renamed === undefined ? handle : prefix + renamed;
}

function renamedKey(key: string, nodes: NodeNames): string {
  if (key.startsWith(HANDLE_PREFIX)) return handleKey(renamedHandle(key.slice(HANDLE_PREFIX.length), nodes));
  const affinity = parseAffinityKey(key);
  const renamed = affinity?.claimant.type === 'host' ? nodes.get(affinity.claimant.name) : undefined;
  return affinity === undefined || renamed === undefined ? key : affinityKey({ type: 'host', name: renamed }, affinity.cidr);
}
