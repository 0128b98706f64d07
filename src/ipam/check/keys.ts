import { formatCidr } from '../../net/address.js';
import { subjectOf, type KeySubject } from '../records/key-subject.js';
import { POOL_PREFIX, RESERVATION_PREFIX } from '../cluster/resources.js';
import { CLUSTER_KEY } from '../cluster/facts.js';
import { IPAM_PREFIX } from '../records/keys.js';
import type { IpamSnapshot } from '../snapshot/snapshot.js';
import type { Survey } from '../snapshot/allocations.js';
import type { Finding, FindingCode, Withheld } from './finding.js';
import { repairOf, type Remedy } from './remedy.js';

const DAMAGED = 'It was damaged, or written by hand or by something other than Calico.';
const RESTORE = 'Restore this key from a backup of etcd, or rewrite the resource with `calicoctl apply`, and check again.';

/** Keys that cannot be read, that are not Calico's, or that mark a host which is not a node. */
export function unreadableKeys(survey: Survey, withheld: Withheld): Finding[] {
  const { snapshot, unknownUsers } = survey;
  const virtual = new Set(snapshot.affinities.filter(({ claimant }) => claimant.type === 'virtual').map(({ cidr }) => formatCidr(cidr)));
  return snapshot.unreadable.map(({ key, problem }): Finding => {
    // Whatever else the snapshot refuses lies below the prefix of address management.
    const subject = subjectOf(key);
    if (subject === undefined) return { code: 'unreadable', subject: key, cause: DAMAGED, evidence: problem, risk: riskOfResource(key, withheld), remedy: RESTORE };
    const { cause, risk } = judged(subject, snapshot);
    return { code: 'unreadable', subject: key, cause, evidence: problem, risk, remedy: remedyOf(key, subject, { virtual, unknownUsers }) };
  });
}

/** What happens if the key of a resource stays unreadable, and what is not judged meanwhile. */
function riskOfResource(key: string, withheld: Withheld): string {
  if (key === CLUSTER_KEY) return 'It is unknown which cluster this is, which release it runs, and whether its datastore is locked.';
  if (key.startsWith(RESERVATION_PREFIX)) return 'Addresses that it excludes from automatic assignment may be assigned.';
  if (key.startsWith(POOL_PREFIX)) return `Its network and settings are unknown: until it can be read, nothing outside the other pools is judged by its pool.${withheldText(withheld, OF_POOLS)}`;
  return `It is unknown which addresses it has: until it can be read, no address, handle or block counts as unused, and none is released unless that is forced.${withheldText(withheld, OF_USERS)}`;
}

/** What is not judged, by the unreadable keys that are the reason. */
const OF_USERS: readonly (readonly [code: FindingCode, what: string])[] = [['leaked-address', 'allocated addresses that nothing else uses'], ['leaked-handle', 'handles without addresses'], ['vanished-node', 'nodes that are gone']];
const OF_POOLS: readonly (readonly [code: FindingCode, what: string])[] = [['outside-pools', 'addresses in use'], ['block-outside-pools', 'blocks']];

function withheldText(withheld: Withheld, kinds: typeof OF_USERS): string {
  const parts = kinds.flatMap(([code, what]) => (withheld.has(code) ? `${what}: ${withheld.get(code)}` : []));
  return parts.length === 0 ? '' : ` Not judged: ${parts.join('; ')}.`;
}

/** How such a key comes to be, and what happens if it stays. */
function judged(subject: KeySubject, { nodes }: IpamSnapshot): Pick<Finding, 'cause' | 'risk'> {
  if (subject === 'nothing') return { cause: 'It was written by hand or by something other than Calico.', risk: 'Calico ignores it, or mistakes it for something else.' };
  if (subject === 'configuration') return { cause: DAMAGED, risk: 'Calico cannot read how to assign addresses: network plugins may fail to assign any.' };
  if ('block' in subject) return { cause: DAMAGED, risk: 'Its addresses are neither assigned nor released, and what handles count in it cannot be checked.' };
  if ('handle' in subject) return { cause: DAMAGED, risk: 'The network plugin releases by handle: its addresses may leak when their workload ends.' };
  if ('affinityOf' in subject) return { cause: DAMAGED, risk: 'Its owner may not find the block, and claim another.' };
  if (nodes.has(subject.markerOf)) return { cause: DAMAGED, risk: "The official tool releases the node's blocks and then fails to delete the node." };
  return { cause: 'Old releases of Calico wrote such a key for each host, and the node is gone; or it was written by hand.', risk: 'Nothing depends on it.' };
}

function remedyOf(key: string, subject: KeySubject, { virtual, unknownUsers }: { readonly virtual: ReadonlySet<string>; readonly unknownUsers: Survey['unknownUsers'] }): readonly Remedy[] | string {
  // Bytes that are not UTF-8 are shown as this character, and so the key cannot be named to us.
  if (key.includes('\ufffd')) return `The name of this key is not UTF-8: list it with \`etcdctl get --prefix --keys-only --hex ${IPAM_PREFIX}\` and delete it with etcdctl.`;
  if (typeof subject !== 'object' || !('block' in subject)) return repairOf('key', key);
  if (virtual.has(formatCidr(subject.block))) return 'It has addresses of services, which only Kubernetes knows: restore this key from a backup of etcd.';
  return unknownUsers.length === 0 ? repairOf('key', key) : 'It can be rebuilt from the users of its addresses once all endpoints and nodes can be read: fix those first, and check again.';
}
