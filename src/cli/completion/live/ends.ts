import { Pace } from '../../../base/pace.js';
import { endName } from '../../../insight/find-named.js';
import type { Entry, Store } from '../../../datastore/store.js';
import { prefixOf } from '../../../resources/keys.js';
import type { Dialect, StoredObject } from '../../../resources/kind.js';
import { STORED_KINDS } from '../../../resources/registry.js';
import { decodeStored, isCorrupt } from '../../../resources/stored-value.js';
import { nodeNames } from './names.js';

/** Endpoints by a name that `policy trace` takes: pods as NAMESPACE/POD, others as `-o name` prints them. */
export function endpoints(store: Store, dialect: Dialect): Promise<readonly string[]> {
  return named(['WorkloadEndpoint', 'HostEndpoint'], store, dialect);
}

/** What can be an end of a flow: endpoints, network sets, hosts, the internet. */
export async function ends(store: Store, dialect: Dialect): Promise<readonly string[]> {
  const [found, hosts] = await Promise.all([named(['WorkloadEndpoint', 'HostEndpoint', 'GlobalNetworkSet', 'NetworkSet'], store, dialect), nodeNames(store, '')]);
  return [...found, ...hosts.map((host) => `host/${host}`), 'internet'];
}

async function named(kinds: readonly string[], store: Store, dialect: Dialect): Promise<readonly string[]> {
  const wanted = STORED_KINDS.filter(({ kind }) => kinds.includes(kind));
  const names: string[] = [];
  const pace = new Pace();
  const onPage = (entries: Iterable<Entry>, at: number): Promise<void> => pace.each(entries, (entry) => {
    const object = entry.invalid === true ? undefined : decodeStored(wanted[at]!, entry);
    if (object !== undefined && !isCorrupt(object)) names.push(nameOf(object, dialect));
  });
  await store.snapshot(wanted.map((kind) => ({ prefix: prefixOf(kind) })), { onPage, onRestart: () => (names.length = 0) });
  return names;
}

function nameOf(object: StoredObject, dialect: Dialect): string {
  const { pod } = object.spec;
  return typeof pod === 'string' && pod !== '' && object.metadata.namespace !== undefined ? `${object.metadata.namespace}/${pod}` : endName(object, dialect);
}
