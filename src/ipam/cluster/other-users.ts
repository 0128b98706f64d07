import type { Store } from '../../datastore/store.js';
import { formatIp, parseCidrOrIp } from '../../net/address.js';
import type { AsStored } from '../../resources/fields/field.js';
import type { HostEndpointSpec } from '../../resources/v3/host-endpoint.js';
import type { WorkloadEndpointSpec } from '../../resources/v3/workload-endpoint.js';
import { isUnreadable } from '../records/block-codec.js';
import { ENDPOINT_PREFIX, HOST_ENDPOINT_PREFIX, readResource, type StoredText } from './resources.js';
import { StoredFields } from './stored-fields.js';
import { NOT_UTF8, type UnreadableKey } from './unreadable.js';

/** Who has addresses otherwise than as their own, by the texts of these; and what may have one but cannot be read. */
export interface OtherUsers {
  readonly users: ReadonlyMap<string, readonly string[]>;
  readonly unreadable: readonly UnreadableKey[];
}

/** Where a kind keeps such addresses. */
interface Keeper {
  readonly kind: 'HostEndpoint' | 'WorkloadEndpoint';
  readonly prefix: string;
  /** How its objects are named among users. */
  readonly word: string;
  /** Whether a value may have any, without parsing it. */
  mayHave(value: string): boolean;
  /** The texts of the addresses in a spec, each with its path. */
  texts(spec: AsStored<Pick<HostEndpointSpec, 'expectedIPs'> & Pick<WorkloadEndpointSpec, 'ipNATs'>>, fields: StoredFields): readonly (readonly [path: string, text: string])[];
}

const KEEPERS: readonly Keeper[] = [
  {
    kind: 'HostEndpoint', prefix: HOST_ENDPOINT_PREFIX, word: 'HostEndpoint', mayHave: () => true,
    texts: ({ expectedIPs }, fields) => fields.texts(expectedIPs, 'spec.expectedIPs').map((text, index) => [`spec.expectedIPs[${index}]`, text]),
  },
  {
    kind: 'WorkloadEndpoint', prefix: ENDPOINT_PREFIX, word: 'Workload', mayHave: (value) => value.includes('"ipNATs"'),
    texts: ({ ipNATs }, fields) => fields.objects(ipNATs, 'spec.ipNATs').map(({ externalIP }, index) => {
      const path = `spec.ipNATs[${index}].externalIP`;
      return [path, fields.text(externalIP, path)];
    }),
  },
];

/** Finds the host endpoints that expect one of the addresses, and the workloads that are reached by one. */
export async function readOtherUsers(store: Store, addresses: ReadonlySet<string>): Promise<OtherUsers> {
  const users = new Map<string, string[]>();
  const unreadable: UnreadableKey[] = [];
  for (const keeper of KEEPERS) {
    for await (const { entries } of store.list(keeper.prefix)) {
      for (const entry of entries) {
        const found = keeper.mayHave(entry.value) ? addressesOf(keeper, entry) : { addresses: [] };
        if ('problem' in found) unreadable.push({ key: entry.key, problem: found.problem });
        const user = `${keeper.word}(${entry.key.slice(keeper.prefix.length)})`;
        for (const address of found.addresses) if (addresses.has(address)) users.set(address, [...(users.get(address) ?? []), user]);
      }
    }
  }
  return { users, unreadable };
}

/** The addresses that can be read, and what is wrong with the others. */
function addressesOf({ kind, texts }: Keeper, { value, invalid }: StoredText): { readonly addresses: readonly string[]; readonly problem?: string } {
  const resource = invalid ? NOT_UTF8 : readResource(kind, value);
  if (isUnreadable(resource)) return { addresses: [], problem: resource.problem };
  const fields = new StoredFields();
  const addresses = texts(resource.spec, fields).flatMap(([path, text]) => {
    const ip = parseCidrOrIp(text)?.address;
    if (ip === undefined && text !== '') fields.odd(path, `is ${JSON.stringify(text)}, which is not an address`);
    return ip === undefined ? [] : [formatIp(ip)];
  });
  return { addresses, ...(fields.problem === undefined ? {} : { problem: fields.problem }) };
}
