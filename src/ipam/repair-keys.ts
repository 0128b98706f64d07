import { UsageError } from '../errors.js';
import type { Store } from '../datastore/store.js';
import { containsCidr, containsIp, formatCidr, ordinalOf, type Cidr } from './address.js';
import { assign, newBlock, type Owner } from './block.js';
import { decodeBlock, isUnreadable } from './block-codec.js';
import { ENDPOINT_PREFIX } from './cluster.js';
import { transact, type Draft } from './draft.js';
import { inParallel } from './in-parallel.js';
import { BLOCK_PREFIX, CONFIG_KEY, HANDLE_PREFIX, HOST_PREFIX, VIRTUAL_PREFIX, affinityKey, affinityText, blockKey, parseAffinityKey, parseBlockKey } from './keys.js';
import { endpointIdentity, hasCalicoAddresses } from './owners.js';
import { CONFIRMED, decodeConfiguration } from './records.js';
import { mendedBlock, mendedHandle, planRepairHandle, repairBlock, repairHandles } from './repair.js';
import { HOST_MARKER, readIpamSnapshot, type IpamSnapshot } from './snapshot.js';
import { storeBlock } from './stored.js';
import { ownerOf } from './unallocated.js';
import { givenUses } from './use-table.js';

/** What a key of address management stands for, by its form. */
type Subject = { readonly handle: string } | { readonly affinityOf: Cidr } | { readonly block: Cidr } | 'configuration' | 'nothing';

const NOTHING = 'nothing to mend';

/**
 * Mends what cannot be read: a handle, an affinity and a block are made anew from what uses them, an unreadable
 * configuration goes, so that the default holds, and so does a key that is none of Calico's. What can be read stays.
 * Returns what was done to each, in order. Throws UsageError for a key of something else.
 */
export async function repairKeys(store: Store, keys: readonly string[], now: () => Date): Promise<string[]> {
  const subjects = keys.map(subjectOf);
  const withBlocks = subjects.some((subject) => typeof subject === 'object' && 'block' in subject);
  const snapshot = withBlocks ? await readIpamSnapshot(store) : undefined;
  const done: string[] = [];
  for (const [index, subject] of subjects.entries()) done.push(await repairKey(store, keys[index]!, subject, { snapshot, now }));
  return done;
}

async function repairKey(store: Store, key: string, subject: Subject, { snapshot, now }: { readonly snapshot: IpamSnapshot | undefined; readonly now: () => Date }): Promise<string> {
  if (subject === 'nothing' || subject === 'configuration') return transact(store, (draft) => planRemoval(draft, key, subject), () => [{ did: 'deleted', what: key }]);
  if ('handle' in subject) return { sound: NOTHING, counted: 'made anew', removed: 'removed, it has no address' }[(await repairHandles(store, [subject.handle])).get(subject.handle)!];
  if ('affinityOf' in subject) return (await repairBlock(store, subject.affinityOf)).join('; ') || NOTHING;
  return rebuildBlock(store, subject.block, snapshot!, now);
}

function subjectOf(key: string): Subject {
  if (key === CONFIG_KEY) return 'configuration';
  if (key.startsWith(BLOCK_PREFIX)) {
    const cidr = parseBlockKey(key);
    return cidr !== undefined && blockKey(cidr) === key ? { block: cidr } : 'nothing';
  }
  if (key.startsWith(HANDLE_PREFIX)) return key.includes('/', HANDLE_PREFIX.length) ? 'nothing' : { handle: key.slice(HANDLE_PREFIX.length) };
  if ((key.startsWith(HOST_PREFIX) || key.startsWith(VIRTUAL_PREFIX)) && !HOST_MARKER.test(key)) {
    const affinity = parseAffinityKey(key);
    return affinity !== undefined && affinityKey(affinity.claimant, affinity.cidr) === key ? { affinityOf: affinity.cidr } : 'nothing';
  }
  throw new UsageError(`invalid key specified: ${key}`, '`calicoctl ipam check` names the keys that cannot be read');
}

async function planRemoval(draft: Draft, key: string, subject: 'nothing' | 'configuration'): Promise<string> {
  if (!(await draft.has(key))) return 'there is no such key';
  const value = await draft.readableValue(key);
  if (subject === 'configuration' && value !== undefined && !isUnreadable(decodeConfiguration(value))) return NOTHING;
  draft.remove(key);
  return subject === 'configuration' ? 'removed: the default holds until `ipam configure` says otherwise' : 'removed, it is no key of Calico';
}

/**
 * Writes a block that cannot be read anew, with the addresses of it that are in use, each for its user; its owner is
 * who has an affinity for it. One that no pool would make and nobody uses goes. Then the handles that counted on it are
 * counted anew. What was given out and is not yet in use is lost: nothing in the store tells it.
 */
async function rebuildBlock(store: Store, cidr: Cidr, snapshot: IpamSnapshot, now: () => Date): Promise<string> {
  const users = await usersIn(store, cidr, snapshot, now());
  const name = formatCidr(cidr);
  const affinities = snapshot.affinities.filter((affinity) => formatCidr(affinity.cidr) === name);
  const owner = affinities.find(({ claimant }) => claimant.type === 'virtual' || snapshot.nodes.has(claimant.name))?.claimant;
  const belongs = snapshot.pools.some((pool) => pool.blockSize === cidr.length && containsCidr(pool.cidr, cidr));
  const kept = users.length > 0 || (belongs && owner !== undefined);
  const mended = await transact(store, async (draft) => {
    const value = await draft.readableValue(blockKey(cidr));
    const block = value === undefined ? undefined : decodeBlock(value);
    if (!(await draft.has(blockKey(cidr))) || (block !== undefined && !isUnreadable(block) && formatCidr(block.cidr) === name)) return false;
    await draft.load(affinities.map(({ claimant }) => affinityKey(claimant, cidr)));
    for (const { claimant } of affinities) draft.remove(affinityKey(claimant, cidr));
    if (kept && owner !== undefined) draft.put(affinityKey(owner, cidr), CONFIRMED);
    const fresh = newBlock(cidr, owner === undefined ? '' : affinityText(owner), BigInt(now().getTime()) * 1_000_000n);
    const owned = owner === undefined ? { ...fresh, affinity: null, claimTime: undefined } : fresh;
    if (kept) storeBlock(draft, users.reduce((each, user) => assign(each, [user.ordinal], user.owner), owned));
    else draft.remove(blockKey(cidr));
    return true;
  }, () => [mendedBlock(cidr)]);
  if (!mended) return NOTHING;
  const counting = [...snapshot.handles].filter(([, { value }]) => value.includes(`"${name}"`)).map(([handle]) => handle);
  const handles = new Set([...counting, ...users.flatMap((user) => user.owner.handle ?? [])]);
  await inParallel([...handles], (handle) => transact(store, (draft) => planRepairHandle(draft, handle, [cidr]), () => [mendedHandle(handle)]));
  return kept ? `made anew with the addresses in use: ${users.length}` : 'removed, nobody uses an address of it';
}

/** Who uses addresses of the network that come from Calico. */
async function usersIn(store: Store, cidr: Cidr, { uses, networks }: IpamSnapshot, now: Date): Promise<{ readonly ordinal: number; readonly owner: Owner }[]> {
  const users: { ordinal: number; owner: Owner }[] = [];
  for (const place of uses.places()) {
    const ip = uses.ipAt(place);
    const use = containsIp(cidr, ip) ? givenUses(uses.usersAt(place))[0] : undefined;
    if (use === undefined) continue;
    const entry = use.kind === 'workload' ? await store.get(ENDPOINT_PREFIX + use.name) : undefined;
    const endpoint = entry === undefined ? undefined : endpointIdentity(entry.key, entry.value);
    if (endpoint !== undefined && !hasCalicoAddresses(endpoint)) continue;
    users.push({ ordinal: ordinalOf(cidr, ip)!, owner: ownerOf(endpoint === undefined ? { use } : { use, endpoint }, networks, now) });
  }
  return users.sort((a, b) => a.ordinal - b.ordinal);
}
