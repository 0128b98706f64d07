import { DatastoreError } from '../../base/errors.js';
import type { Member } from './member.js';

/**
 * Sees to it that all members that answer are of one cluster: endpoints of two in one list are a mistake, by which one half of a
 * change would go into a foreign store. Every answer of etcd names its cluster (etcdserverpb.ResponseHeader).
 */
export class OneCluster {
  #first: Member | undefined;

  /** `origin` is where the endpoints are configured, for the message. */
  constructor(private readonly origin: string) {}

  /** Takes note of what a member said of itself last. Throws DatastoreError, stage `configuration`, where another member's cluster is another. */
  note(member: Member): void {
    if (member.clusterId === undefined) return;
    this.#first ??= member;
    if (this.#first.clusterId === member.clusterId) return;
    const [one, other] = [this.#first, member].map((each) => `etcd at ${each.endpoint} belongs to cluster ${hexadecimal(each.clusterId)}`);
    throw new DatastoreError(
      'configuration',
      `the endpoints of ${this.origin} belong to different clusters: ${one}, ${other}`,
      `keep those of one cluster; list its members with: etcdctl --endpoints=${this.#first.endpoint} member list`,
    );
  }
}

/** As etcdctl shows it. */
function hexadecimal(id = '0'): string {
  return BigInt(id).toString(16);
}
