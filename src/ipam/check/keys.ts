import { formatCidr } from '../address.js';
import { subjectOf, type Subject } from '../key-subject.js';
import { IPAM_PREFIX } from '../keys.js';
import type { IpamSnapshot } from '../snapshot.js';
import type { Survey } from '../survey.js';
import type { Finding } from './finding.js';
import { repairOf, type Remedy } from './remedy.js';

const DAMAGED = 'It was written by hand or by something else than Calico, or damaged.';

/** Keys that cannot be read at all, that are none of Calico's, or that mark a host which is no node. */
export function unreadableKeys({ snapshot }: Survey): Finding[] {
  const virtual = new Set(snapshot.affinities.filter(({ claimant }) => claimant.type === 'virtual').map(({ cidr }) => formatCidr(cidr)));
  return snapshot.unreadable.map(({ key, problem }) => {
    // Whatever the snapshot refuses lies below the prefix of address management.
    const subject = subjectOf(key) ?? 'nothing';
    const { cause, risk } = judged(subject, snapshot);
    return { code: 'unreadable', subject: key, cause, evidence: problem, risk, remedy: remedyOf(key, subject, virtual) };
  });
}

/** How such a key comes to be, and what happens if it stays. */
function judged(subject: Subject, { nodes }: IpamSnapshot): Pick<Finding, 'cause' | 'risk'> {
  if (subject === 'nothing') return { cause: 'It was written by hand or by something else than Calico.', risk: 'Calico passes over it, or takes it for what it is not.' };
  if (subject === 'configuration') return { cause: DAMAGED, risk: 'Calico cannot read how addresses are to be given out: network plugins may fail to assign any.' };
  if ('block' in subject) return { cause: DAMAGED, risk: 'Its addresses are neither given out nor released, and what handles count on it cannot be checked.' };
  if ('handle' in subject) return { cause: DAMAGED, risk: 'The network plugin releases by handle: its addresses may leak when their workload ends.' };
  if ('affinityOf' in subject) return { cause: DAMAGED, risk: 'Its owner may not find the block by it, and claim another.' };
  if (nodes.has(subject.markerOf)) return { cause: DAMAGED, risk: 'The official tool fails to delete the node, after it has released its blocks.' };
  return { cause: 'Old releases of Calico wrote such a key for each host, and the node is gone; or it was written by hand.', risk: 'Nothing depends on it.' };
}

function remedyOf(key: string, subject: Subject, virtual: ReadonlySet<string>): readonly Remedy[] | string {
  // Bytes that are not UTF-8 are shown as this character, and so the key cannot be named to us.
  if (key.includes('\ufffd')) return `The name of this key is not UTF-8: list it with \`etcdctl get --prefix --keys-only --hex ${IPAM_PREFIX}\` and delete it with etcdctl.`;
  const ofServices = typeof subject === 'object' && 'block' in subject && virtual.has(formatCidr(subject.block));
  return ofServices ? 'It has addresses of services, which only Kubernetes knows: restore this key from a backup of etcd.' : repairOf('key', key);
}
