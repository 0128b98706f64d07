import { ListedError, InvalidRequest } from '../../base/errors.js';
import type { Store } from '../../datastore/store.js';
import { containsIp, formatCidr, ordinalOf, type Cidr } from '../../net/address.js';
import { assign, newBlock, type Owner } from '../records/block.js';
import { decodeBlock, isUnreadable } from '../records/block-codec.js';
import { ENDPOINT_PREFIX, NODE_PREFIX, mayMake } from '../cluster/resources.js';
import { transact, type Draft } from '../../datastore/draft.js';
import { inParallel } from '../../base/in-parallel.js';
import { subjectOf, type KeySubject } from '../records/key-subject.js';
import { IPAM_PREFIX, affinityKey, affinityText, blockKey } from '../records/keys.js';
import { endpointIdentity, hasCalicoAddresses } from '../cluster/owners.js';
import { CONFIRMED, decodeConfiguration, markerProblem } from '../records/records.js';
import { repairedBlock, repairedHandle, planRepairHandle, repairBlock, repairHandles } from './repair.js';
import { readIpamSnapshot, type IpamSnapshot } from '../snapshot/snapshot.js';
import { storeBlock } from '../records/records-in-draft.js';
import { pluginOwnerOf } from '../snapshot/unallocated.js';
import { unreadablePools, unreadableText, unreadableUsers } from '../cluster/unreadable.js';
import { givenUses } from '../snapshot/use-table.js';

const NOTHING = 'nothing to repair';
const NO_SUCH_KEY = 'there is no such key';

/**
 * Repairs what cannot be read: a handle, an affinity and a block are rebuilt from what uses them, an unreadable
 * configuration goes, so that the default holds, and so do the marker of a host that is not a node and a key that is none of
 * Calico's. What can be read stays. No block is rebuilt while an endpoint or a node cannot be read: its addresses would be
 * lost; throws ListedError then, before anything is written.
 * Returns what was done to each, in order. Throws InvalidRequest for a key of something else.
 */
export async function repairKeys(store: Store, keys: readonly string[], now: () => Date): Promise<string[]> {
  const subjects = keys.map(requireSubject);
  const withBlocks = subjects.some((subject) => typeof subject === 'object' && 'block' in subject);
  const snapshot = withBlocks ? await readIpamSnapshot(store) : undefined;
  const unknown = unreadableUsers(snapshot?.unreadable ?? []);
  if (unknown.length > 0) throw new ListedError('unreadable', [...unknown.map(unreadableText), 'a block cannot be rebuilt while the users of its addresses are unknown: nothing was repaired'], { hint: '`calicoctl ipam check` says what to do about each' });
  const done: string[] = [];
  for (const [index, subject] of subjects.entries()) done.push(await repairKey(store, keys[index]!, subject, { snapshot, now }));
  return done;
}

async function repairKey(store: Store, key: string, subject: KeySubject, { snapshot, now }: { readonly snapshot: IpamSnapshot | undefined; readonly now: () => Date }): Promise<string> {
  if (subject === 'nothing' || subject === 'configuration') return transact(store, (draft) => planRemoval(draft, key, subject), () => [{ did: 'deleted', what: key }]);
  if ('markerOf' in subject) return transact(store, (draft) => planMarkerRemoval(draft, key, subject.markerOf), () => [{ did: 'deleted', what: key }]);
  if ('handle' in subject) return { sound: NOTHING, counted: 'rebuilt', removed: 'removed, it has no address' }[(await repairHandles(store, [subject.handle])).get(subject.handle)!];
  if ('affinityOf' in subject) {
    const { done, kept } = await repairBlock(store, subject.affinityOf);
    return [...done, ...(kept === undefined ? [] : [kept])].join('; ') || NOTHING;
  }
  return rebuildBlock(store, subject.block, snapshot!, now);
}

/** Throws InvalidRequest for a key that is none of address management. */
function requireSubject(key: string): KeySubject {
  const subject = subjectOf(key);
  if (subject !== undefined) return subject;
  throw new InvalidRequest(`invalid key specified: ${key}`, `only keys below ${IPAM_PREFIX} are repaired; \`calicoctl ipam check\` names those that cannot be read`);
}

/** Removes a marker that says nothing, or whose host is not a node: what is not there need not be marked. */
async function planMarkerRemoval(draft: Draft, key: string, host: string): Promise<string> {
  if (!(await draft.has(key))) return NO_SUCH_KEY;
  const value = await draft.readableValue(key);
  const isNode = await draft.has(NODE_PREFIX + host);
  if (isNode && value !== undefined && markerProblem(value) === undefined) return NOTHING;
  draft.remove(key);
  return isNode ? 'removed: Calico does not need it' : `removed: there is no node ${host}`;
}

async function planRemoval(draft: Draft, key: string, subject: 'nothing' | 'configuration'): Promise<string> {
  if (!(await draft.has(key))) return NO_SUCH_KEY;
  const value = await draft.readableValue(key);
  if (subject === 'configuration' && value !== undefined && !isUnreadable(decodeConfiguration(value))) return NOTHING;
  draft.remove(key);
  return subject === 'configuration' ? 'removed: the default holds until `ipam configure` says otherwise' : 'removed, it is not a key of Calico';
}

/**
 * Rebuilds a block that cannot be read, with the addresses of it that are in use, each for its user; its owner is
 * who has an affinity for it. One that no pool would make and nobody uses goes. Then the handles that counted on it are
 * recounted. What was allocated and is not yet in use is lost: nothing in the store tells it.
 */
async function rebuildBlock(store: Store, cidr: Cidr, snapshot: IpamSnapshot, now: () => Date): Promise<string> {
  const users = await usersIn(store, cidr, snapshot, now());
  const name = formatCidr(cidr);
  const affinities = snapshot.affinities.filter((affinity) => formatCidr(affinity.cidr) === name);
  const owner = affinities.find(({ claimant }) => claimant.type === 'virtual' || snapshot.nodes.has(claimant.name))?.claimant;
  const belongs = mayMake(cidr, snapshot.pools, unreadablePools(snapshot.unreadable));
  const kept = users.length > 0 || (belongs && owner !== undefined);
  const repaired = await transact(store, async (draft) => {
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
  }, () => [repairedBlock(cidr)]);
  if (!repaired) return NOTHING;
  const counting = [...snapshot.handles].filter(([, { value }]) => value.includes(`"${name}"`)).map(([handle]) => handle);
  const handles = new Set([...counting, ...users.flatMap((user) => user.owner.handle ?? [])]);
  await inParallel([...handles], (handle) => transact(store, (draft) => planRepairHandle(draft, handle, [cidr]), () => [repairedHandle(handle)]));
  return kept ? `rebuilt with the addresses in use: ${users.length}` : 'removed, none of its addresses is in use';
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
    users.push({ ordinal: ordinalOf(cidr, ip)!, owner: pluginOwnerOf(endpoint === undefined ? { use } : { use, endpoint }, networks, now) });
  }
  return users.sort((a, b) => a.ordinal - b.ordinal);
}
