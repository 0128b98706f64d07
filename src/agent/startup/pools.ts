import { randomBytes } from 'node:crypto';
import { CalicoError } from '../../base/errors.js';
import type { Sources } from '../../changes/initialize.js';
import type { Store } from '../../datastore/store.js';
import { readBlockCidrs } from '../../ipam/operations/locate.js';
import { containsIp, formatCidr, network, overlaps, parseCidr, type Cidr } from '../../net/address.js';
import { prefixOf } from '../../resources/keys.js';
import { decodeStored, isCorrupt } from '../../resources/stored-value.js';
import { ipPool, poolCidr } from '../../resources/v3/ip-pool.js';
import { usualBlockSize } from '../../resources/v3/ip-pool-defaults.js';
import { parseSelector } from '../../selector/parse.js';
import type { Version } from '../../host/addresses/autodetect.js';
import type { Host } from './host.js';
import { create } from './objects.js';
import { truth, type Variables } from './variables.js';

export interface PoolContext extends Variables {
  readonly store: Store;
  readonly sources: Sources;
  readonly host: Pick<Host, 'interfaces' | 'hasIpv6'>;
}

/** A pool that the variables ask for, as far as they must be right whether it is made or not. */
interface Wanted {
  readonly version: Version;
  readonly cidr: Cidr;
  readonly blockSize: number;
  readonly nodeSelector: string;
}

const NONE = 'none';
const USUAL = '192.168.0.0/16';
const BLOCK_SIZES = { 4: [20, 32], 6: [116, 128] } as const;

const MODES: Readonly<Record<string, string>> = { '': 'Never', off: 'Never', never: 'Never', crosssubnet: 'CrossSubnet', 'cross-subnet': 'CrossSubnet', always: 'Always' };

/** Makes the pools of a datastore that has none (reference/node-agent 6). Throws CalicoError for variables that cannot be meant. */
export async function makePools(context: PoolContext): Promise<void> {
  const { env, log, host } = context;
  const given = ([4, 6] as const).map((version) => [version, env[`CALICO_IPV${version}POOL_CIDR`] ?? ''] as const);
  if ((env['NO_DEFAULT_POOLS'] ?? '').toLowerCase() === 'true') {
    const contrary = given.find(([, text]) => text !== '');
    if (contrary !== undefined) throw new CalicoError('invalid-request', `NO_DEFAULT_POOLS wants no pool, and CALICO_IPV${contrary[0]}POOL_CIDR wants one`);
    log.info('no pools are made: NO_DEFAULT_POOLS');
    return;
  }
  const wanted: Wanted[] = [];
  for (const [version, text] of given) if (text !== NONE) wanted.push(await readWanted(context, version, text));
  const present = await presentVersions(context);
  for (const each of wanted) {
    if (present.has(each.version)) continue;
    if (each.version === 6 && !(truth(context, 'FELIX_IPV6SUPPORT', true) && (await host.hasIpv6()))) continue;
    await makePool(context, each);
  }
}

async function readWanted({ env, host }: PoolContext, version: Version, text: string): Promise<Wanted> {
  const variable = (name: string): string => `CALICO_IPV${version}POOL_${name}`;
  const cidr = parseCidr(text === '' ? await usualNetwork(version, host) : text);
  const sizeText = env[variable('BLOCK_SIZE')] ?? '';
  const usual = usualBlockSize(parseCidr(version === 4 ? '0.0.0.0/0' : '::/0')!);
  const blockSize = sizeText === '' ? usual : Number(/^[+-]?\d+$/.test(sizeText) ? sizeText : NaN);
  const [smallest, largest] = BLOCK_SIZES[version];
  if (!(blockSize >= smallest && blockSize <= largest)) throw new CalicoError('invalid-request', `${variable('BLOCK_SIZE')}=${sizeText}: the block size of an IPv${version} pool is between ${smallest} and ${largest}`);
  const nodeSelector = env[variable('NODE_SELECTOR')] ?? '';
  const parsed = parseSelector(nodeSelector, 'v3');
  if (!parsed.ok) throw new CalicoError('invalid-request', `${variable('NODE_SELECTOR')}=${nodeSelector} is not a selector: ${parsed.message}`);
  if (cidr?.address.version !== version) throw new CalicoError('invalid-request', `${variable('CIDR')}=${text} is not an IPv${version} network`);
  return { version, cidr: network(cidr), blockSize, nodeSelector };
}

/** The network of a pool that nobody names: one that has no address of this host, or a random one (reference/node-agent 6). */
async function usualNetwork(version: Version, host: PoolContext['host']): Promise<string> {
  if (version === 6) return `${randomNetwork()}/48`;
  const own = (await host.interfaces()).flatMap(({ addresses }) => addresses.map(({ ip }) => ip));
  const candidates = [USUAL, ...Array.from({ length: 16 }, (_, index) => `172.${16 + index}.0.0/16`)];
  return candidates.find((text) => !own.some((ip) => containsIp(parseCidr(text)!, ip))) ?? USUAL;
}

/** A network of 48 bits that is nobody else's (RFC 4193). */
function randomNetwork(): string {
  const digits = `fd${randomBytes(5).toString('hex')}`;
  return `${digits.slice(0, 4)}:${digits.slice(4, 8)}:${digits.slice(8)}::`;
}

async function presentVersions({ store, log }: PoolContext): Promise<ReadonlySet<Version>> {
  const present = new Set<Version>();
  for await (const { entries } of store.list(prefixOf(ipPool))) {
    for (const entry of entries) {
      const pool = decodeStored(ipPool, entry);
      const cidr = isCorrupt(pool) ? undefined : poolCidr(pool);
      if (cidr === undefined) log.warning(`${entry.key} has no network that can be read, and does not count`);
      else present.add(cidr.address.version);
    }
  }
  return present;
}

async function makePool(context: PoolContext, { version, cidr, blockSize, nodeSelector }: Wanted): Promise<void> {
  const { store, sources, log } = context;
  const natOutgoing = truth(context, `CALICO_IPV${version}POOL_NAT_OUTGOING`, version === 4);
  const disableBGPExport = truth(context, `CALICO_IPV${version}POOL_DISABLE_BGP_EXPORT`, false);
  const ipipMode = version === 4 ? mode(context, 'CALICO_IPV4POOL_IPIP') : 'Never';
  const vxlanMode = mode(context, `CALICO_IPV${version}POOL_VXLAN`);
  const name = `default-ipv${version}-ippool`;
  const foreign = [...(await readBlockCidrs(store)).values()].find((block) => block.length !== blockSize && overlaps(block, cidr));
  if (foreign !== undefined) throw new CalicoError('taken', `the pool ${name} cannot be ${formatCidr(cidr)} with blocks of /${blockSize}: there are addresses of the block ${formatCidr(foreign)}`);
  const spec = { cidr: formatCidr(cidr), vxlanMode, ipipMode, natOutgoing, disableBGPExport, blockSize, ...(nodeSelector !== '' && { nodeSelector }) };
  const done = await create(store, ipPool, name, spec, sources);
  log.info(done ? `made the pool ${name}: ${formatCidr(cidr)}, IPIP ${ipipMode}, VXLAN ${vxlanMode}, NAT ${natOutgoing}` : `the pool ${name} was made by another node meanwhile`);
}

function mode({ env }: PoolContext, variable: string): string {
  const text = env[variable] ?? '';
  const known = MODES[text.toLowerCase()];
  if (known === undefined) throw new CalicoError('invalid-request', `${variable}=${text} is none of Always, CrossSubnet, Never`);
  return known;
}
