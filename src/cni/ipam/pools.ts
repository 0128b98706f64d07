import type { Store } from '../../datastore/store.js';
import { readPools } from '../../ipam/operations/locate.js';
import { formatIp, network, parseCidr, type Cidr } from '../../net/address.js';
import { FAILURE, Failure } from '../failure.js';

/**
 * The networks of the pools that a configuration names, by network or by name (reference/network-plugin 6.2); undefined where it names none. Throws
 * Failure where there is no such pool, or it is of the other family.
 */
export async function namedPools(store: Store, names: readonly string[], version: 4 | 6): Promise<readonly Cidr[] | undefined> {
  if (names.length === 0) return undefined;
  const pools = names.every((name) => parseCidr(name) !== undefined) ? [] : await readPools(store);
  return names.map((name) => {
    const written = parseCidr(name);
    const cidr = written === undefined ? pools.find((pool) => pool.name === name)?.cidr : network(written);
    if (cidr === undefined) throw new Failure(FAILURE.other, `error parsing pool ${JSON.stringify(name)}: invalid CIDR address: ${name}`);
    if (cidr.address.version !== version) throw new Failure(FAILURE.other, `${JSON.stringify(formatIp(cidr.address))} isn't a IPv${version} address`);
    return cidr;
  });
}
