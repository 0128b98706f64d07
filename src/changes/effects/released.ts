import type { Store } from '../../datastore/store.js';
import { formatIp, type Ip } from '../../net/address.js';
import { rehearse } from '../../datastore/draft.js';
import { releaseAddresses } from '../../ipam/operations/release.js';
import { ownerText, readUses, type UseOf } from '../../ipam/cluster/uses.js';
import { PinnedStore } from '../../datastore/pinned-store.js';
import { isLeaving, type Deleted, type DeletedTogether } from './draft.js';

/**
 * Notes which of the addresses that nodes and their endpoints have are released with the nodes: those that are allocated, whoever
 * uses them too, since the deletion of a node releases by address. Who does and stays is named with them.
 */
export async function findReleased(store: Store, used: ReadonlyMap<Deleted, readonly UseOf[]>, gone: DeletedTogether, revision: string): Promise<void> {
  const ips = new Map<string, Ip>([...used.values()].flat().map(({ ip }) => [formatIp(ip), ip]));
  if (ips.size === 0) return;
  const then = new PinnedStore(store, revision);
  const answers = await releaseAddresses(then, [...ips.values()].map((ip) => ({ ip })), rehearse);
  const released = new Set(answers.filter(({ outcome }) => outcome === 'released').map(({ ip }) => formatIp(ip)));
  const users = await readUses(then, released);
  for (const [draft, uses] of used) {
    for (const { ip, use } of uses) {
      const text = formatIp(ip);
      const others = (users.get(text) ?? []).filter((each) => !isLeaving(each, gone)).map(ownerText);
      if (released.has(text)) draft.released.push({ ip: text, user: ownerText(use), ...(others.length === 0 ? {} : { others }) });
    }
  }
}
