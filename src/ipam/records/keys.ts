import { formatCidr, network, parseCidr, type Cidr } from '../../net/address.js';

/** Where IPAM lives in etcd (reference/ipam 1). */
export const IPAM_PREFIX = '/calico/ipam/v2/';
export const BLOCK_PREFIX = `${IPAM_PREFIX}assignment/`;
export const HANDLE_PREFIX = `${IPAM_PREFIX}handle/`;
export const HOST_PREFIX = `${IPAM_PREFIX}host/`;
export const VIRTUAL_PREFIX = `${IPAM_PREFIX}virtual/`;
export const CONFIG_KEY = `${IPAM_PREFIX}config`;
export const AFFINITY_PREFIXES: readonly string[] = [HOST_PREFIX, VIRTUAL_PREFIX];

/** Blocks in a page of a list: with many addresses they are some 10 KB each. */
export const BLOCKS_IN_PAGE = 500;

const BLOCK_KEY = /^\/calico\/ipam\/v2\/assignment\/ipv[46]\/block\/([^/]+)$/;
const AFFINITY_KEY = /^\/calico\/ipam\/v2\/(host|virtual)\/([^/]+)\/ipv[46]\/block\/([^/]+)$/;

/** Who a block is set aside for: a host, or a virtual owner such as the load balancer. */
export interface Claimant {
  readonly type: 'host' | 'virtual';
  readonly name: string;
}

/** What an affinity key says. */
export interface AffinityKey {
  readonly claimant: Claimant;
  readonly cidr: Cidr;
}

export function blockKey(cidr: Cidr): string {
  return `${BLOCK_PREFIX}${family(cidr)}/block/${keyText(cidr)}`;
}

/** Every affinity of the claimant, all families; the prefix ends with a slash, so `node-1` does not match `node-10`. */
export function affinityPrefix(claimant: Claimant): string {
  return `${IPAM_PREFIX}${claimant.type}/${claimant.name}/`;
}

export function affinityKey(claimant: Claimant, cidr: Cidr): string {
  return `${affinityPrefix(claimant)}${family(cidr)}/block/${keyText(cidr)}`;
}

export function handleKey(handle: string): string {
  return HANDLE_PREFIX + handle;
}

/** The key older versions wrote for each host. */
export function hostMarkerKey(host: string): string {
  return HOST_PREFIX + host;
}

/** The host whose marker a key is; undefined for any other key. */
export function markedHost(key: string): string | undefined {
  const host = key.startsWith(HOST_PREFIX) ? key.slice(HOST_PREFIX.length) : '';
  return host === '' || host.includes('/') ? undefined : host;
}

/**
 * The keys below IPAM_PREFIX that are in none of its folders, as ranges of keys from one on, up to another: those before
 * the first folder, between one and the next, and after the last. Of these only CONFIG_KEY is Calico's.
 */
export function keysBesideFolders(): readonly { readonly from: string; readonly to: string }[] {
  const folders = [BLOCK_PREFIX, HANDLE_PREFIX, HOST_PREFIX, VIRTUAL_PREFIX];
  const starts = [IPAM_PREFIX, ...folders.map(afterFolder)];
  return starts.map((from, index) => ({ from, to: folders[index] ?? afterFolder(IPAM_PREFIX) }));
}

/** The first text behind every key of a folder, whose name ends with a slash. */
function afterFolder(prefix: string): string {
  return `${prefix.slice(0, -1)}0`;
}

/** The network a block key names, or undefined for any other key. */
export function parseBlockKey(key: string): Cidr | undefined {
  const match = BLOCK_KEY.exec(key);
  return match ? parseKeyText(match[1]!) : undefined;
}

/** The claimant and network an affinity key names, or undefined for any other key. */
export function parseAffinityKey(key: string): AffinityKey | undefined {
  const match = AFFINITY_KEY.exec(key);
  const cidr = match ? parseKeyText(match[3]!) : undefined;
  if (!match || cidr === undefined) return undefined;
  return { claimant: { type: match[1] as Claimant['type'], name: match[2]! }, cidr };
}

/** `host:node1`, as a block stores it. */
export function affinityText(claimant: Claimant): string {
  return `${claimant.type}:${claimant.name}`;
}

/** The claimant a block's affinity names; undefined when there is none or the text is not of this form. */
export function parseAffinityText(text: string | null): Claimant | undefined {
  const match = text === null ? null : /^(host|virtual):(.+)$/.exec(text);
  return match ? { type: match[1] as Claimant['type'], name: match[2]! } : undefined;
}

function family(cidr: Cidr): string {
  return cidr.address.version === 4 ? 'ipv4' : 'ipv6';
}

function keyText(cidr: Cidr): string {
  return formatCidr(network(cidr)).replace('/', '-');
}

function parseKeyText(text: string): Cidr | undefined {
  return parseCidr(text.replace('-', '/'));
}
